package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
)

// training is what the flags of train say.
type training struct {
	data, out  string
	arch       string
	weights    string
	epochs     int
	batch      int
	lr         float64
	patience   int
	crop       float64
	validation float64
	seed       uint64
	resume     bool
	every      time.Duration
	crew       ranks.Flags
	stdout     io.Writer
}

// The files of a training, in its folder.
const (
	modelFile      = "model.safetensors"
	checkpointFile = "checkpoint.safetensors"
	logFile        = "log.csv"
)

func (t *training) file(name string) string { return filepath.Join(t.out, name) }

func runTrain(ctx context.Context, out io.Writer, args []string) error {
	t := training{stdout: out}
	fs := cli.Flags("chexnet train", `The model of the highest mean AUROC on the images for validation is kept.`)
	fs.StringVar(&t.data, "data", "", "`FILE` of images to train on, such as chestxray14/"+trainValFile+"; a quoted pattern means several")
	fs.StringVar(&t.out, "out", "out/chexnet", "`DIR` for the model, checkpoints and the log")
	fs.StringVar(&t.arch, "arch", "densenet121", "`NAME` of the network: densenet121, or small, for drawn images")
	fs.StringVar(&t.weights, "weights", "", "`FILE` of a model to begin with; its last layer is left out if it has other outputs")
	fs.IntVar(&t.epochs, "epochs", 0, "`N` passes over the images; 0 is the network's number")
	fs.IntVar(&t.batch, "batch", 16, "`N` images in a batch of each rank")
	fs.Float64Var(&t.lr, "lr", 1e-3, "learning `RATE` of Adam at first; 1e-4 is usual for weights that are trained already")
	fs.IntVar(&t.patience, "patience", 1, "`N` epochs without a lower loss in validation, after which the rate is divided by ten")
	fs.Float64Var(&t.crop, "crop", 1, "train on random boxes of at least this `SHARE` of an image; 1 is whole images")
	fs.Float64Var(&t.validation, "validation", 0.1, "`SHARE` of the images, of whole patients, that is validated with")
	fs.Uint64Var(&t.seed, "seed", 1, "`SEED`: the same one gives the same bits, whatever the number of threads")
	fs.BoolVar(&t.resume, "resume", false, "go on from the checkpoint in --out; begin, if there is none yet")
	fs.DurationVar(&t.every, "checkpoint-every", 5*time.Minute, "`TIME` between checkpoints within an epoch")
	ranks.Flag(fs, &t.crew)
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	return t.run(ctx)
}

// settle checks the flags and fills in the network's numbers.
func (t *training) settle() (architecture, error) {
	a, err := architectureNamed(t.arch)
	if err != nil {
		return a, fmt.Errorf("%w: --arch: %w", cli.ErrUsage, err)
	}
	if t.epochs == 0 {
		t.epochs = a.epochs
	}
	switch {
	case t.data == "":
		err = errors.New("--data is missing; 'chexnet convert' makes such a file")
	case t.epochs < 1 || t.batch < 1 || t.patience < 1:
		err = fmt.Errorf("--epochs %d --batch %d --patience %d: each must be at least 1", t.epochs, t.batch, t.patience)
	case !(t.lr > 0):
		err = fmt.Errorf("--lr %g: it must be above 0", t.lr)
	case !(t.crop > 0 && t.crop <= 1):
		err = fmt.Errorf("--crop %g: it must be above 0, and 1 at most", t.crop)
	case !(t.validation > 0 && t.validation < 1):
		err = fmt.Errorf("--validation %g: it must lie between 0 and 1", t.validation)
	}
	if err != nil {
		return a, fmt.Errorf("%w: %w; 'chexnet train -h' lists the flags", cli.ErrUsage, err)
	}
	return a, nil
}

func (t *training) run(ctx context.Context) error {
	a, err := t.settle()
	if err != nil {
		return err
	}
	return t.crew.Run(func(r *ranks.Rank) error {
		mine := *t
		if !r.Leads() {
			mine.stdout = io.Discard
		}
		return ranks.Resumable(mine.train(ctx, a, r))
	})
}

// train is the training of one rank.
func (t *training) train(ctx context.Context, a architecture, r *ranks.Rank) error {
	f, err := t.open(ctx, a, r)
	if err == nil {
		defer f.close()
	}
	if err := ranks.Agree(r.Comm, err); err != nil {
		return err
	}
	c, err := t.newLessons(r, a, f)
	if err == nil {
		defer c.program.Close()
	}
	if err := ranks.Agree(r.Comm, err); err != nil {
		return err
	}
	if err := c.join(); err != nil {
		return err
	}
	fmt.Fprintf(t.stdout, "training %s, %d parameters, on %d images of %d patients, validating with %d of %d others; seed %d, %d threads, %.2g GFLOP an image\n",
		a.name, c.net.Size(), len(f.training.labels), f.training.people(), len(f.validation.labels), f.validation.people(),
		t.seed, r.Pool.Workers(), float64(c.program.FLOPs())/float64(t.batch)/1e9)
	n := r.Comm.Size()
	if n > 1 {
		fmt.Fprintf(t.stdout, "%d ranks, with %d images of each batch of %d and as many threads each\n", n, t.batch, n*t.batch)
	}
	err = c.loop(ctx).Run(ctx)
	if n > 1 {
		fmt.Fprintf(t.stdout, "gradients: %v\n", c.reduction.Stats())
	}
	if err != nil || !r.Leads() {
		return err
	}
	_, err = fmt.Fprintf(t.stdout, "\n%s: the model of the best epoch\n%s: to go on from\n%s: the course of the training\n",
		t.file(modelFile), t.file(checkpointFile), t.file(logFile))
	return err
}

// open makes the folder of the training and opens its data.
func (t *training) open(ctx context.Context, a architecture, r *ranks.Rank) (*feed, error) {
	if r.Leads() {
		if err := os.MkdirAll(t.out, 0o777); err != nil {
			return nil, err
		}
	}
	f, err := t.openFeed(ctx, r.Comm, a)
	return f, ranks.Ended(ctx, err)
}
