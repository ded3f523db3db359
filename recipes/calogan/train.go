package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/schedule"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
	"github.com/cascade-hpc/cascade/recipes/internal/meter"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
	"github.com/cascade-hpc/cascade/recipes/internal/threads"
)

// training is what the flags of train say.
type training struct {
	data, out string
	preset    string
	epochs    int
	batch     int
	seed      uint64
	lr        float64
	held      int
	resume    bool
	explain   bool
	profile   bool
	every     time.Duration
	ranks     ranks.Flags
	scaleLR   bool
	warmup    float64 // epochs
}

// The files of a training, in its folder.
const (
	modelFile      = "model.safetensors"
	checkpointFile = "checkpoint.safetensors"
	logFile        = "log.csv"
	lossesFile     = "losses.png"
)

func (t *training) file(name string) string { return filepath.Join(t.out, name) }

func runTrain(ctx context.Context, out io.Writer, args []string) error {
	var t training
	fs := cli.Flags("calogan train", "")
	fs.StringVar(&t.data, "data", "", "`FILE` of showers to train on; a quoted pattern means several")
	fs.StringVar(&t.out, "out", "out/calogan", "`DIR` for the model, checkpoints, the log and plots")
	fs.StringVar(&t.preset, "preset", "small", "`NAME` of the network: small, or cern, the published one")
	fs.IntVar(&t.epochs, "epochs", 0, "`N` passes over the data; 0 is the preset's number")
	fs.IntVar(&t.batch, "batch", 0, "`N` showers in a batch of each rank; 0 is the preset's number")
	fs.Float64Var(&t.lr, "lr", 0, "learning `RATE` of the generator, the discriminator's in proportion; 0 is the preset's")
	fs.Uint64Var(&t.seed, "seed", 1, "`SEED`: the same one gives the same bits, whatever the number of threads")
	fs.IntVar(&t.held, "test", 1000, "`N` showers at the end of the data are kept for validation")
	fs.BoolVar(&t.resume, "resume", false, "go on from the checkpoint in --out; begin, if there is none yet")
	fs.DurationVar(&t.every, "checkpoint-every", 5*time.Minute, "`TIME` between checkpoints within an epoch")
	fs.BoolVar(&t.explain, "explain", false, "print the nets and the compiled programs, and train nothing")
	fs.BoolVar(&t.profile, "profile", false, "print at the end where the time of the steps went, layer by layer")
	fs.BoolVar(&t.scaleLR, "scale-lr", false, "learning rates grow with the batch of all ranks, the preset's rates being for its batch")
	fs.Float64Var(&t.warmup, "warmup", 5, "`EPOCHS` in which --scale-lr goes up in a straight line")
	ranks.Flag(fs, &t.ranks)
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	return t.run(ctx)
}

// settle checks the flags and fills in the preset's numbers.
func (t *training) settle() (gan.Preset, error) {
	p, err := gan.ByName(t.preset)
	if err != nil {
		return p, fmt.Errorf("%w: --preset: %w", cli.ErrUsage, err)
	}
	if t.epochs == 0 {
		t.epochs = p.DefaultEpochs
	}
	if t.batch == 0 {
		t.batch = p.DefaultBatch
	}
	switch {
	case t.data == "" && !t.explain:
		err = errors.New("--data is missing; 'calogan simulate' makes showers")
	case t.epochs < 1 || t.batch < 1:
		err = fmt.Errorf("--epochs %d --batch %d: each must be at least 1", t.epochs, t.batch)
	case t.held < 1:
		err = fmt.Errorf("--test %d: at least 1 shower is needed for validation", t.held)
	case !(t.warmup >= 0) || math.IsInf(t.warmup, 1):
		err = fmt.Errorf("--warmup %g: a number of epochs that is not negative is expected", t.warmup)
	case !(t.lr >= 0) || math.IsInf(t.lr, 1):
		err = fmt.Errorf("--lr %g: a rate that is not negative is expected", t.lr)
	}
	if err != nil {
		return p, fmt.Errorf("%w: %w; 'calogan train -h' lists the flags", cli.ErrUsage, err)
	}
	return p, nil
}

func (t *training) run(ctx context.Context) error {
	p, err := t.settle()
	if err != nil {
		return err
	}
	if t.explain {
		return t.show(p)
	}
	return t.ranks.Run(func(r *ranks.Rank) error {
		return ranks.Resumable(t.train(ctx, p, r))
	})
}

// train is the training of one rank.
func (t *training) train(ctx context.Context, p gan.Preset, r *ranks.Rank) (err error) {
	if r.Leads() {
		err = os.MkdirAll(t.out, 0o777)
	}
	if err := ranks.Agree(r.Comm, err); err != nil {
		return err
	}
	feed, err := openFeed(r.Comm, t.data, p.Image, t.batch, t.held, t.seed)
	if err == nil {
		defer feed.close()
	}
	if err := ranks.Agree(r.Comm, err); err != nil {
		return err
	}
	g, err := t.trainer(ctx, p, r, feed)
	if err != nil {
		return err
	}
	defer g.Close()
	state, err := t.start(g, feed)
	if err := ranks.Agree(r.Comm, err); err != nil {
		return err
	}
	if err := g.Join(t.ranks.Reduce()); err != nil {
		return err
	}
	return t.steps(ctx, g, feed, state)
}

// trainer makes the nets, with the profiles of the data where they are needed.
func (t *training) trainer(ctx context.Context, p gan.Preset, r *ranks.Rank, f *feed) (*gan.Trainer, error) {
	var profiles *gan.Profiles
	if p.WeightPlanes > 0 { // else all data would be read for nothing
		var err error
		if profiles, err = f.profiles(ctx); err != nil {
			return nil, err
		}
	}
	g, err := gan.NewTrainer(p, gan.Config{
		Batch: t.batch, Steps: t.epochs * f.steps(), Seed: t.seed, Profiles: profiles,
		Comm: r.Comm, Pool: r.Pool, SyncBatchNorm: t.ranks.SyncNorm, Scale: t.scale(p, f),
	})
	if err := ranks.Agree(r.Comm, err); err != nil {
		if g != nil {
			g.Close()
		}
		return nil, err
	}
	if t.lr > 0 {
		g.SetLR(t.lr)
	}
	return g, nil
}

// scale is what learning rates are multiplied with: nil for 1, or after a warm-up as many
// times as the batch of all ranks is larger than the preset's.
func (t *training) scale(p gan.Preset, f *feed) schedule.Law {
	if !t.scaleLR {
		return nil
	}
	return schedule.Warmup{
		From: 1, Steps: t.warmup * float64(f.steps()),
		Then: schedule.Constant(schedule.ScaleLinearly(1, p.DefaultBatch, t.global(f))),
	}
}

// global is the number of showers in a step, on all ranks.
func (t *training) global(f *feed) int { return t.batch * f.comm.Size() }

// steps trains, and says what came of it.
func (t *training) steps(ctx context.Context, g *gan.Trainer, f *feed, s *train.State) error {
	leads := f.comm.Rank() == 0
	if leads {
		fmt.Printf("training the %s network on %d showers in batches of %d, %d held back; seed %d, %d threads, %.2g GFLOP a shower\n",
			g.Preset.Name, f.rows(), t.global(f), t.held, t.seed, g.Pool.Workers(), float64(g.FLOPs())/1e9)
		if n := f.comm.Size(); n > 1 {
			fmt.Printf("%d ranks, with %d showers of each batch and as many threads each\n", n, t.batch)
		}
	}
	var m *meter.Meter
	if t.profile && leads {
		m = meter.New(t.batch, "showers", g.Programs()...)
	}
	err := t.loop(ctx, g, f, s, m).Run(ctx)
	if !leads {
		return err
	}
	if t.profile {
		err = errors.Join(err, m.Print(os.Stdout))
		fmt.Println(f.train.Stats())
	}
	if f.comm.Size() > 1 {
		err = errors.Join(err, g.PrintReductions(os.Stdout))
	}
	if err != nil {
		return err
	}
	return t.finish()
}

// show prints the nets and what the compiler makes of them.
func (t *training) show(p gan.Preset) error {
	if _, err := threads.Use(t.ranks.Threads); err != nil {
		return err
	}
	g, err := gan.NewTrainer(p, gan.Config{Batch: t.batch, Steps: 1, Seed: t.seed, Profiles: new(gan.Profiles)})
	if err != nil {
		return err
	}
	defer g.Close()
	return g.Explain(os.Stdout)
}

// finish draws the course of the training and says what there is now.
func (t *training) finish() error {
	if err := plotLosses(t.file(logFile), t.file(lossesFile)); err != nil {
		return err
	}
	fmt.Printf("\n%s: the generator of the best epoch\n%s: to go on from\n%s, %s: the course of the training\n",
		t.file(modelFile), t.file(checkpointFile), t.file(logFile), t.file(lossesFile))
	return nil
}
