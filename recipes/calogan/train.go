package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
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
	fs.IntVar(&t.batch, "batch", 0, "`N` showers in a batch; 0 is the preset's number")
	fs.Float64Var(&t.lr, "lr", 0, "learning `RATE` of the generator, the discriminator's in proportion; 0 is the preset's")
	fs.Uint64Var(&t.seed, "seed", 1, "`SEED`: the same one gives the same bits, whatever the number of threads")
	fs.IntVar(&t.held, "test", 1000, "`N` showers at the end of the data are kept for validation")
	fs.BoolVar(&t.resume, "resume", false, "go on from the checkpoint in --out")
	fs.DurationVar(&t.every, "checkpoint-every", 5*time.Minute, "`TIME` between checkpoints within an epoch")
	fs.BoolVar(&t.explain, "explain", false, "print the nets and the compiled programs, and train nothing")
	fs.BoolVar(&t.profile, "profile", false, "print at the end where the time of the steps went, layer by layer")
	n := threads.Flag(fs)
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	if _, err := threads.Use(*n); err != nil {
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
	case t.lr < 0:
		err = fmt.Errorf("--lr %g: it must not be negative", t.lr)
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
	if err := os.MkdirAll(t.out, 0o777); err != nil {
		return err
	}
	feed, err := openFeed(t.data, p.Image, t.batch, t.held, t.seed)
	if err != nil {
		return err
	}
	defer feed.close()
	var profiles *gan.Profiles
	if p.WeightPlanes > 0 { // else all data would be read for nothing
		if profiles, err = feed.profiles(ctx); err != nil {
			return err
		}
	}
	g, err := gan.NewTrainer(p, gan.Config{Batch: t.batch, Steps: t.epochs * feed.steps(), Seed: t.seed, Profiles: profiles})
	if err != nil {
		return err
	}
	defer g.Close()
	if t.lr > 0 {
		g.SetLR(t.lr)
	}
	state, err := t.start(g, feed)
	if err != nil {
		return err
	}
	fmt.Printf("training the %s network on %d showers in batches of %d, %d held back; seed %d, %d threads, %.2g GFLOP a shower\n",
		p.Name, feed.rows(), t.batch, t.held, t.seed, ops.Default().Workers(), float64(g.FLOPs())/1e9)
	if t.profile {
		g.StartProfile()
	}
	err = t.loop(ctx, g, feed, state).Run(ctx)
	if t.profile {
		err = errors.Join(err, g.PrintProfile(os.Stdout))
		fmt.Println(feed.train.Stats())
	}
	if err != nil {
		if errors.Is(err, train.ErrInterrupted) {
			return fmt.Errorf("%w; add --resume to the same command to go on", err)
		}
		return err
	}
	return t.finish()
}

// start is the state to begin with: that of the checkpoint if --resume says so.
func (t *training) start(g *gan.Trainer, f *feed) (*train.State, error) {
	s := &train.State{
		Members: []train.Member{
			{Net: g.Generator, Optimizer: g.GeneratorRule},
			{Net: g.Discriminator, Optimizer: g.DiscriminatorRule},
			{Net: g.Average},
		},
	}
	settings := t.settings(g.Preset, f)
	if t.resume {
		if err := s.Load(t.file(checkpointFile)); err != nil {
			return nil, err
		}
		for _, k := range settings {
			if was := s.Metadata[k.name]; was != k.value {
				return nil, fmt.Errorf("%w: %s is of a training with %s %s, not %s: leave out --resume, or use the same settings",
					cli.ErrUsage, t.file(checkpointFile), k.name, was, k.value)
			}
		}
		fmt.Printf("going on from %s: %d epochs and %d steps are done\n", t.file(checkpointFile), s.Position.Epoch, s.Position.Step)
		return s, nil
	}
	s.Metadata = map[string]string{}
	for _, k := range settings {
		s.Metadata[k.name] = k.value
	}
	return s, nil
}

// setting is one that a training must not change when it goes on: the results would
// be those of neither.
type setting struct{ name, value string }

// settings are those of the training. The number of epochs is one where the learning
// rate follows it; elsewhere a training may go on for longer.
func (t *training) settings(p gan.Preset, f *feed) []setting {
	rate := "constant"
	if p.Decay {
		rate = fmt.Sprintf("falling over %d epochs", t.epochs)
	}
	return []setting{
		{presetKey, t.preset},
		{"batch", strconv.Itoa(t.batch)},
		{"learning rate", rate},
		{"seed", strconv.FormatUint(t.seed, 10)},
		{"lr", strconv.FormatFloat(t.lr, 'g', -1, 64)},
		{"showers", strconv.Itoa(f.rows())},
	}
}

func (t *training) loop(ctx context.Context, g *gan.Trainer, f *feed, s *train.State) *train.Loop {
	judge := judge{preset: g.Preset, net: g.Average, feed: f, seed: t.seed}
	return &train.Loop{
		Epochs: t.epochs, Steps: f.steps(), Batch: t.batch, Unit: "showers",
		Metrics: gan.Metrics,
		Step: func(at train.Position, metrics []float64) error {
			images, energies, err := f.batch(ctx, at.Epoch, at.Step)
			if err != nil {
				return err
			}
			return g.Step(at.Total, images, energies, metrics)
		},
		Validations: validations,
		Validate:    judge.validate,
		Best:        bestBy,
		Improved: func(at train.Position, value float64) error {
			return g.Average.Save(t.file(modelFile), map[string]string{
				presetKey: t.preset, "epoch": strconv.Itoa(at.Epoch), bestBy: strconv.FormatFloat(value, 'g', 6, 64),
				"seed": strconv.FormatUint(t.seed, 10), "data": t.data,
			})
		},
		Data:  f.train,
		State: s, Checkpoint: t.file(checkpointFile), Every: t.every, Log: t.file(logFile),
	}
}

// show prints the nets and what the compiler makes of them.
func (t *training) show(p gan.Preset) error {
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
