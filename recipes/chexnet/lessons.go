package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
	"github.com/cascade-hpc/cascade/recipes/internal/resume"
)

// lessons are a training under way: what a step needs, and what is done between epochs.
type lessons struct {
	training
	rank         *ranks.Rank
	arch         architecture
	feed         *feed
	net          *nn.Net
	program      *nn.Program
	labels, loss []float32        // of the program
	reduction    *train.Reduction // made by join
	rule         *optim.Optimizer
	state        *train.State
}

// newLessons builds the network, with the weights to begin or to go on with, and its
// training step.
func (t training) newLessons(r *ranks.Rank, a architecture, f *feed) (*lessons, error) {
	c := &lessons{training: t, rank: r, arch: a, feed: f}
	var err error
	if c.net, err = a.build(nih.Count); err != nil {
		return nil, err
	}
	c.net.Init(t.seed)
	if c.rule, err = (optim.Adam{LR: t.lr}).New(c.net); err != nil {
		return nil, err
	}
	c.state = &train.State{Members: []train.Member{{Net: c.net, Optimizer: c.rule}}}
	if r.Leads() { // the others get its state
		if err := c.beginning().Start(c.stdout, c.state, c.load); err != nil {
			return nil, err
		}
	}
	if c.program, err = a.step(c.net, append(t.crew.Options(r), nn.Batch(t.batch), nn.Seed(ranks.Seed(r.Comm, t.seed)))...); err != nil {
		return nil, err
	}
	if c.labels, err = c.program.Input(labelsInput); err == nil {
		c.loss, err = c.program.Output(lossOutput)
	}
	if err != nil {
		c.program.Close()
		return nil, err
	}
	return c, nil
}

// join ties the gradients of the ranks together. All must call it, when each has built its
// network.
func (c *lessons) join() (err error) {
	c.reduction, err = c.crew.Reduce().New(c.rank.Comm, c.program, c.net)
	return err
}

// load begins with the weights of a model.
func (c *lessons) load(path string) error {
	whole, err := c.arch.load(c.net, path)
	if err == nil && !whole {
		fmt.Fprintf(c.stdout, "%s has other outputs: the last layer begins from random weights\n", path)
	}
	return err
}

// archKey is where models and checkpoints say of what network they are.
const archKey = "arch"

// beginning is what the training begins or goes on with.
func (c *lessons) beginning() resume.Training {
	return resume.Training{
		Checkpoint: c.file(checkpointFile), Resume: c.resume, Weights: c.weights,
		Settings: []resume.Setting{
			resume.Keep(archKey, c.arch.name),
			resume.Keep("batch", c.batch*c.rank.Comm.Size()),
			resume.Keep("lr", c.lr),
			resume.Keep("patience", c.patience),
			resume.Keep("crop", c.crop),
			resume.Keep("images", len(c.feed.training.labels)),
			resume.Keep("images for validation", len(c.feed.validation.labels)),
			resume.Keep("seed", c.seed),
		},
	}
}

// bestBy falls as the mean AUROC rises: the loop keeps what is lowest.
const bestBy = "1-AUROC"

func (c *lessons) loop(ctx context.Context) *train.Loop {
	steady := ranks.Steady(ctx, c.rank.Comm)
	return &train.Loop{
		Epochs: c.epochs, Steps: c.feed.batches.Steps(), Batch: c.batch, Unit: "images",
		Metrics:     []string{"loss"},
		Step:        func(at train.Position, metrics []float64) error { return c.learn(steady, at, metrics) },
		Validations: []string{"val loss", "AUROC", bestBy, "lr"},
		Validate:    func(at train.Position, values []float64) error { return ranks.Told(c.validate(ctx, at, values)) },
		Best:        bestBy,
		Improved: func(at train.Position, value float64) error {
			if !c.rank.Leads() {
				return nil
			}
			return c.net.Save(c.file(modelFile), map[string]string{
				archKey: c.arch.name, "epoch": strconv.Itoa(at.Epoch), "AUROC": strconv.FormatFloat(1-value, 'f', 4, 64),
				"seed": strconv.FormatUint(c.seed, 10), "data": c.data,
			})
		},
		Data: c.feed.batches, Comm: c.rank.Comm,
		State: c.state, Checkpoint: c.file(checkpointFile), Every: c.every, Log: c.file(logFile), Out: c.stdout,
	}
}

// learn is a step.
func (c *lessons) learn(ctx context.Context, at train.Position, metrics []float64) error {
	b, err := c.feed.batches.At(ctx, at.Epoch, at.Step)
	if err != nil {
		return err
	}
	copy(c.labels, b.Float32(nih.LabelsField))
	if err := c.program.Bind(imageInput, b.Float32(nih.ImageField)); err != nil {
		return err
	}
	if err := errors.Join(c.program.Run(at.Total), c.reduction.Wait()); err != nil {
		return err
	}
	c.rule.Step()
	metrics[0] = float64(c.loss[0])
	return nil
}

// validate fills in what Validations of the loop names, and sees to the learning rate.
func (c *lessons) validate(ctx context.Context, at train.Position, values []float64) error {
	e := examiner{architecture: c.arch, rank: c.rank, net: c.net, batch: c.batch, first: len(c.feed.training.labels), views: []view{wholeImage}}
	p, err := e.examine(ctx, c.feed.held, c.feed.validation)
	if err != nil {
		return err
	}
	areas, ok, err := p.areas()
	if err != nil {
		return err
	}
	rate, err := plateau{c.patience, c.state, c.rule}.after(at.Epoch, p.loss)
	if err != nil {
		return err
	}
	mean, _ := meanAUC(areas, ok)
	values[0], values[1], values[2], values[3] = p.loss, mean, 1-mean, rate
	return nil
}
