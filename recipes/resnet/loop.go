package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/cascade-hpc/cascade/nn/ensemble"
	"github.com/cascade-hpc/cascade/nn/plan"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
	"github.com/cascade-hpc/cascade/recipes/resnet/classifier"
)

func (s *session) loop(ctx context.Context, out io.Writer) *train.Loop {
	return &train.Loop{
		Plan: s.timeline, Batch: s.batch, Unit: "images",
		Segment:  func(g plan.Segment) error { return s.feed.use(g.Augment) },
		Snapshot: func(g plan.Segment) error { return ranks.Told(s.keep(ctx, g)) },
		Metrics:  classifier.Metrics,
		Step: func(at train.Position, metrics []float64) error {
			return s.step(ranks.Steady(ctx, s.rank.Comm), at, metrics)
		},

		Validations: validations,
		Validate: func(at train.Position, values []float64) error {
			scores, err := s.judge.test(ctx, at.Total)
			values[0], values[1], values[2] = scores.NLL, 100*(1-scores.Top1), 100*(1-scores.Top5)
			return ranks.Told(err)
		},
		Data: s.feed, Comm: s.rank.Comm,
		State: s.state, Checkpoint: s.file(checkpointFile), Every: s.every, Log: s.file(logFile),
		Out: out,
	}
}

// step trains on a batch.
func (s *session) step(ctx context.Context, at train.Position, metrics []float64) error {
	defer s.meter.Step(time.Now())
	pixels, labels, err := s.feed.take(ctx, at.Epoch, at.Step)
	if err != nil {
		return err
	}
	if err := s.gradient(at.Total, pixels, labels); err != nil {
		return err
	}
	s.trainer.Metrics(metrics)
	s.rule.Step()
	if s.ema > 0 && s.rule.Steps()%int64(s.accumulate) == 0 { // the weights have moved
		s.average.Update()
	}
	return nil
}

// gradient finds that of the batch of all ranks.
func (s *session) gradient(step uint64, pixels, labels []float32) error {
	return errors.Join(s.trainer.Run(step, pixels, labels), s.reduction.Wait())
}

// keep makes a member of the network at the end of a segment, of the mean of its weights
// if the segment forms one, and at the very end of their running average.
func (s *session) keep(ctx context.Context, g plan.Segment) error {
	if g.Snapshot {
		scores, err := s.judge.test(ctx, g.First+g.Length)
		if err == nil {
			err = s.add(g, g.Name, false, scores)
		}
		if err != nil {
			return err
		}
	}
	if g.Average > 0 {
		return s.average.With(func() error {
			if err := s.reestimate(ctx); err != nil {
				return err
			}
			return s.measured(ctx, g, "mean of "+g.Name, false)
		})
	}
	if s.ema > 0 && g.First+g.Length == s.timeline.Steps() {
		return s.average.With(func() error { return s.measured(ctx, g, "EMA", true) })
	}
	return nil
}

// measured tests the network as it is and makes it a member.
func (s *session) measured(ctx context.Context, g plan.Segment, name string, apart bool) error {
	scores, err := s.judge.measure(ctx)
	if err != nil {
		return err
	}
	return s.add(g, name, apart, scores)
}

// add makes the network a member, on the rank that writes.
func (s *session) add(g plan.Segment, name string, apart bool, scores ensemble.Scores) (err error) {
	if s.rank.Leads() {
		err = s.write(g, name, apart, scores)
	}
	return ranks.Agree(s.rank.Comm, err)
}

func (s *session) write(g plan.Segment, name string, apart bool, scores ensemble.Scores) error {
	end := g.First + g.Length
	return s.ensemble.Add(s.net, ensemble.Member{
		Name: name, Phase: g.Phase, Collapsed: g.Collapse && !apart, Apart: apart,
		Step: end, Epoch: float64(end) / float64(s.timeline.StepsPerEpoch()),
		Metrics: map[string]float64{"top1": scores.Top1, "top5": scores.Top5, "loss": scores.NLL},
	})
}

// reestimate gives a mean of weights statistics of its own, of the images of at most a
// hundred batches.
func (s *session) reestimate(ctx context.Context) error {
	return train.Reestimate(s.net, min(100, s.feed.Steps()), func(batch int) error {
		pixels, labels, err := s.feed.take(ranks.Steady(ctx, s.rank.Comm), 0, batch)
		if err := ranks.Agree(s.rank.Comm, err); err != nil { // else the others wait for its gradient
			return fmt.Errorf("statistics of the mean: %w", err)
		}
		return s.gradient(uint64(batch), pixels, labels)
	})
}
