package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/ensemble"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/plan"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/meter"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
	"github.com/cascade-hpc/cascade/recipes/resnet/arch"
	"github.com/cascade-hpc/cascade/recipes/resnet/classifier"
	"github.com/cascade-hpc/cascade/recipes/resnet/dataset"
)

// session is the training of a rank, with everything open that it needs.
type session struct {
	training
	rank      *ranks.Rank
	set       *dataset.Set
	feed      *feed
	timeline  *plan.Timeline
	net       *nn.Net
	trainer   *classifier.Trainer
	reduction *train.Reduction // made by join
	rule      *optim.Optimizer
	average   *optim.Average // nil for none
	state     *train.State
	ensemble  *ensemble.Ensemble // of the rank that writes
	judge     *judge
	meter     *meter.Meter // nil without --profile, and on ranks that print nothing
}

// begin opens the data, fills in what the flags leave out, and builds the network.
func (t *training) begin(ctx context.Context, r *ranks.Rank) (*session, error) {
	s := &session{training: *t, rank: r}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *session) begin(ctx context.Context) (err error) {
	s.set, err = s.open(ctx)
	if err = ranks.Ended(ctx, err); err != nil {
		return err
	}
	u := usualFor(s.set)
	s.planFlags.ranks = s.rank.Comm.Size()
	s.planFlags.settle(u)
	s.ruleFlags.settle(u)
	if s.feed, err = openFeed(s.rank.Comm, s.set, s.batch, s.seed); err != nil {
		return err
	}
	if s.timeline, err = s.planFlags.timeline(s.feed.Steps()); err != nil {
		return err
	}
	return s.build()
}

// build makes the network, its step and its rule.
func (s *session) build() (err error) {
	in := arch.Input{Channels: s.set.Channels, Height: s.set.Height, Width: s.set.Width}
	if s.arch == "" {
		s.arch = arch.Usual(in)
	}
	if s.net, err = arch.Build(s.arch, in, s.set.Classes); err != nil {
		return err
	}
	s.net.Init(s.seed)
	s.trainer, err = classifier.NewTrainer(s.net, in, classifier.Config{
		Batch: s.batch, Seed: ranks.Seed(s.rank.Comm, s.seed), Smoothing: s.smoothing,
		Options: s.crew.Options(s.rank),
	})
	if err != nil {
		return err
	}
	if s.rule, err = s.ruleFlags.make(s.net, s.accumulate); err != nil {
		return err
	}
	if err := s.makeAverage(); err != nil {
		return err
	}
	s.judge = &judge{rank: s.rank, set: s.set, net: s.net}
	return nil
}

// makeAverage makes the average of weights that the plan or the rule asks for, if any.
func (s *session) makeAverage() (err error) {
	planned := slices.ContainsFunc(s.timeline.Segments(), func(g plan.Segment) bool { return g.Average > 0 })
	s.average, err = s.ruleFlags.average(s.net, planned)
	return err
}

// join ties the gradients of the ranks together, and begins to measure. All must call it, when each has built its
// network.
func (s *session) join() (err error) {
	if s.profile && s.rank.Leads() {
		s.meter = meter.New(s.batch, "images", s.trainer.Program())
	}
	s.reduction, err = s.crew.Reduce().New(s.rank.Comm, s.trainer.Program(), s.net)
	return err
}

// prepare makes the files of the training, goes back to a checkpoint, and says what will
// be done. The ranks that do not write get the state from the one that does.
func (s *session) prepare(out io.Writer) (err error) {
	if !s.rank.Leads() {
		s.state = s.fresh()
		return nil
	}
	if err = s.folder(); err != nil {
		return err
	}
	if s.state, err = s.start(out); err != nil {
		return err
	}
	s.ensemble, err = ensemble.Create(s.file(ensembleDir), s.about())
	if errors.Is(err, ensemble.ErrOther) {
		return fmt.Errorf("%w: name another --out, or remove it", err)
	}
	if err != nil {
		return err
	}
	if err := s.timeline.Plot(s.file(planFile)); err != nil {
		return err
	}
	fmt.Fprintf(out, "training %s on %d images of %d x %d x %d in %d classes; %v; %v; seed %d, %d threads, %.3g GFLOP an image\n\n",
		s.arch, s.feed.Rows(), s.set.Channels, s.set.Height, s.set.Width, s.set.Classes, &s.planFlags, &s.ruleFlags,
		s.seed, s.rank.Pool.Workers(), float64(s.trainer.Program().FLOPs())/float64(s.batch)/1e9)
	if n := s.rank.Comm.Size(); n > 1 {
		fmt.Fprintf(out, "%d ranks, with %d images of each batch and as many threads each\n\n", n, s.batch)
	}
	if err := s.timeline.Table(out); err != nil {
		return err
	}
	fmt.Fprintln(out)
	return nil
}

// show prints the network and what the compiler makes of its step.
func (s *session) show(out io.Writer) error {
	if err := s.net.Summary(out); err != nil {
		return err
	}
	fmt.Fprintln(out)
	return s.trainer.Program().Explain(out)
}

// close closes what is open.
func (s *session) close() error {
	var errs []error
	if s.trainer != nil {
		s.trainer.Close()
	}
	if s.feed != nil {
		errs = append(errs, s.feed.Close())
	}
	if s.set != nil {
		errs = append(errs, s.set.Close())
	}
	return errors.Join(errs...)
}
