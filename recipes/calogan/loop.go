package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
	"github.com/cascade-hpc/cascade/recipes/internal/meter"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
	"github.com/cascade-hpc/cascade/recipes/internal/resume"
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
	if f.comm.Rank() > 0 {
		return s, nil
	}
	return s, resume.Training{
		Checkpoint: t.file(checkpointFile), Resume: t.resume, Settings: t.settings(g.Preset, f),
	}.Start(os.Stdout, s, nil)
}

// settings must stay when a training goes on. The number of epochs is one of them where the
// learning rate follows it; elsewhere a training may go on for longer.
func (t *training) settings(p gan.Preset, f *feed) []resume.Setting {
	rate := "constant"
	if p.Decay {
		rate = fmt.Sprintf("falling over %d epochs", t.epochs)
	}
	if t.scaleLR {
		rate += fmt.Sprintf(", scaled after %g epochs", t.warmup)
	}
	return []resume.Setting{
		resume.Keep(presetKey, t.preset),
		resume.Keep("batch", t.global(f)), // of all ranks, whose number may change
		resume.Keep("learning rate", rate),
		resume.Keep("seed", t.seed),
		resume.Keep("lr", t.lr),
		resume.Keep("showers", f.rows()),
	}
}

func (t *training) loop(ctx context.Context, g *gan.Trainer, f *feed, s *train.State, m *meter.Meter) *train.Loop {
	judge := judge{preset: g.Preset, net: g.Average, feed: f, pool: g.Pool, seed: t.seed}
	steady := ranks.Steady(ctx, f.comm)
	return &train.Loop{
		Epochs: t.epochs, Steps: f.steps(), Batch: t.batch, Unit: "showers",
		Metrics: gan.Metrics,
		Step: func(at train.Position, metrics []float64) error {
			defer m.Step(time.Now())
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
