package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
)

// start is the state to begin with: that of the checkpoint if --resume says so.
// The other ranks get it from rank 0.
func (t *training) start(g *gan.Trainer, f *feed) (*train.State, error) {
	s := &train.State{
		Members: []train.Member{
			{Net: g.Generator, Optimizer: g.GeneratorRule},
			{Net: g.Discriminator, Optimizer: g.DiscriminatorRule},
			{Net: g.Average},
		},
	}
	settings := t.settings(g.Preset, f)
	if f.comm.Rank() > 0 {
		return s, nil
	}
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
	if t.scaleLR {
		rate += fmt.Sprintf(", scaled after %g epochs", t.warmup)
	}
	return []setting{
		{presetKey, t.preset},
		{"batch", strconv.Itoa(t.global(f))}, // of all ranks, whose number may change
		{"learning rate", rate},
		{"seed", strconv.FormatUint(t.seed, 10)},
		{"lr", strconv.FormatFloat(t.lr, 'g', -1, 64)},
		{"showers", strconv.Itoa(f.rows())},
	}
}

func (t *training) loop(ctx context.Context, g *gan.Trainer, f *feed, s *train.State) *train.Loop {
	judge := judge{preset: g.Preset, net: g.Average, feed: f, seed: t.seed}
	steady := ctx
	if f.comm.Size() > 1 {
		steady = context.WithoutCancel(ctx) // a rank that leaves a step leaves the others in it
	}
	return &train.Loop{
		Epochs: t.epochs, Steps: f.steps(), Batch: t.batch, Unit: "showers",
		Metrics: gan.Metrics,
		Step: func(at train.Position, metrics []float64) error {
			images, energies, err := f.batch(steady, at.Epoch, at.Step)
			if err != nil {
				return err
			}
			return g.Step(at.Total, images, energies, metrics)
		},
		Validations: validations,
		Validate:    judge.validate,
		Best:        bestBy,
		Improved: func(at train.Position, value float64) error {
			if f.comm.Rank() > 0 {
				return nil
			}
			return g.Average.Save(t.file(modelFile), map[string]string{
				presetKey: t.preset, "epoch": strconv.Itoa(at.Epoch), bestBy: strconv.FormatFloat(value, 'g', 6, 64),
				"seed": strconv.FormatUint(t.seed, 10), "data": t.data,
			})
		},
		Data: f.train, Comm: f.comm,
		State: s, Checkpoint: t.file(checkpointFile), Every: t.every, Log: t.file(logFile),
	}
}
