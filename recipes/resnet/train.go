package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
	"github.com/cascade-hpc/cascade/recipes/internal/runlog"
	"github.com/cascade-hpc/cascade/recipes/resnet/arch"
	"github.com/cascade-hpc/cascade/recipes/resnet/classifier"
)

// training is what the flags of train say.
type training struct {
	dataFlags
	planFlags
	ruleFlags
	crew      ranks.Flags
	out       string
	arch      string
	weights   string
	seed      uint64
	smoothing float64
	resume    bool
	explain   bool
	profile   bool
	every     time.Duration
}

// The files of a training, in its folder.
const (
	ensembleDir    = "ensemble"
	checkpointFile = "checkpoint.safetensors"
	logFile        = "log.csv"
	courseFile     = "course.png"
	planFile       = "plan.png"
)

func (t *training) file(name string) string { return filepath.Join(t.out, name) }

func runTrain(ctx context.Context, out io.Writer, args []string) error {
	var t training
	fs := cli.Flags("resnet train", courseHelp()+"\n\nNetworks: "+strings.Join(arch.Names(), ", ")+".")
	t.dataFlags.flags(fs)
	t.augmentFlags(fs)
	t.planFlags.flags(fs)
	t.ruleFlags.flags(fs)
	fs.StringVar(&t.arch, "arch", "", "`NAME` of the network; the usual is resnet20 for small images, resnet50 for others")
	fs.StringVar(&t.weights, "weights", "", "`FILE` of weights to begin with, a member of another ensemble")
	fs.Float64Var(&t.smoothing, "smoothing", 0, "`SHARE` of a label that goes to all classes evenly")
	fs.Uint64Var(&t.seed, "seed", 1, "`SEED`: the same one gives the same bits, whatever the number of threads")
	fs.StringVar(&t.out, "out", "out/resnet", "`DIR` for the ensemble, checkpoints, the log and pictures")
	fs.BoolVar(&t.resume, "resume", false, "go on from the checkpoint in --out; begin, if there is none yet")
	fs.DurationVar(&t.every, "checkpoint-every", 5*time.Minute, "`TIME` between checkpoints within an epoch")
	fs.BoolVar(&t.explain, "explain", false, "print the network and the compiled step, and train nothing")
	fs.BoolVar(&t.profile, "profile", false, "print at the end where the time of the steps went, and the share of what the machine can do")
	ranks.Flag(fs, &t.crew)
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	return t.run(ctx, out)
}

// check finds what is wrong with the flags. Errors: cli.ErrUsage.
func (t *training) check() error {
	err := errors.Join(t.dataFlags.check(), t.planFlags.check(), t.ruleFlags.check())
	if err != nil {
		return err
	}
	switch {
	case t.arch != "" && !slices.Contains(arch.Names(), t.arch):
		err = fmt.Errorf("--arch %s: the networks are %s", t.arch, strings.Join(arch.Names(), ", "))
	case t.course.finetunes && t.weights == "":
		err = fmt.Errorf("--plan %s starts from a trained network: --weights is missing", t.name)
	case !(t.smoothing >= 0 && t.smoothing < 1):
		err = fmt.Errorf("--smoothing %g: a share from 0 to less than 1 is expected", t.smoothing)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", cli.ErrUsage, err)
	}
	return nil
}

func (t *training) run(ctx context.Context, out io.Writer) error {
	if err := t.check(); err != nil {
		return err
	}
	return t.crew.Run(func(r *ranks.Rank) error {
		mine := out
		if !r.Leads() {
			mine = io.Discard
		}
		return ranks.Resumable(t.train(ctx, mine, r))
	})
}

// train is the training of one rank.
func (t *training) train(ctx context.Context, out io.Writer, r *ranks.Rank) (err error) {
	s, err := t.begin(ctx, r)
	if err == nil {
		defer func() { err = errors.Join(err, s.close()) }()
	}
	if err := ranks.Agree(r.Comm, err); err != nil {
		return err
	}
	if t.explain {
		return s.show(out)
	}
	if err := ranks.Agree(r.Comm, s.prepare(out)); err != nil {
		return err
	}
	if err := s.join(); err != nil {
		return err
	}
	err = s.loop(ctx, out).Run(ctx)
	if !r.Leads() {
		return err
	}
	if err := errors.Join(err, s.account(out)); err != nil {
		return err
	}
	return t.finish(out)
}

// finish draws the course of the training and says what there is now.
func (t *training) finish(out io.Writer) error {
	log, err := runlog.Read(t.file(logFile))
	if err != nil {
		return err
	}
	if err := log.Plot(t.file(courseFile), "training", "error, %", classifier.Metrics[1], validations[1]); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s: the members; 'resnet evaluate --ensemble %[1]s --data ...' tests them together\n%s: to go on from\n%s, %s, %s: the course of the training\n",
		t.file(ensembleDir), t.file(checkpointFile), t.file(logFile), t.file(courseFile), t.file(planFile))
	return nil
}

// account says where the time went, as far as that is asked for.
func (s *session) account(out io.Writer) error {
	if s.rank.Comm.Size() > 1 {
		fmt.Fprintf(out, "gradients: %v\n", s.reduction.Stats())
	}
	if s.meter == nil {
		return nil
	}
	return s.meter.Print(out)
}

// folder makes the folder of the training.
func (t *training) folder() error { return os.MkdirAll(t.out, 0o777) }
