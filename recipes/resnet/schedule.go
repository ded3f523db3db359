package main

import (
	"fmt"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/plan"
)

// planFlags are the flags that decide what a plan is.
type planFlags struct {
	name        string
	course      course // of that name, after check
	epochs      float64
	batch       int // of a rank
	ranks       int // 0 is 1
	accumulate  int
	lr          float64
	weightDecay float64
	members     int
	peak        float64
}

func (p *planFlags) flags(fs *cli.FlagSet) {
	fs.StringVar(&p.name, "plan", "collapsed", "`NAME` of the plan")
	fs.Float64Var(&p.epochs, "epochs", 0, "`N` passes over the data in all, to which the plan is stretched; 0 is 40 for small images, and as published for others")
	fs.IntVar(&p.batch, "batch", 0, "`N` images in a batch of each rank; 0 is the usual number")
	fs.IntVar(&p.accumulate, "accumulate", 1, "`N` batches to an update of the weights")
	fs.Float64Var(&p.lr, "lr", 0, "highest learning `RATE` of the plan; 0 is the usual, in proportion to the images in an update")
	fs.Float64Var(&p.weightDecay, "weight-decay", -1, "weight decay `λ` outside of collapses, which multiply it; -1 is the usual")
	fs.Float64Var(&p.peak, "peak", 0, "`SHARE` of the peak of a collapsed ensemble's cycle that the next has; 0 is 1 for small images, and the published 0.75 for others")
	fs.IntVar(&p.members, "members", 0, "`N` cycles of the plan, a member each; 0 is 5 for small images, and as published for others")
}

// check finds the course, and what is wrong in itself. Errors: cli.ErrUsage.
func (p *planFlags) check() (err error) {
	if p.course, err = courseOf(p.name); err != nil {
		return err
	}
	switch c := p.course; {
	case !(p.epochs >= 0):
		err = fmt.Errorf("--epochs %g: it must not be negative", p.epochs)
	case p.batch < 0 || p.accumulate < 1:
		err = fmt.Errorf("--batch %d --accumulate %d: each must be at least 1", p.batch, p.accumulate)
	case !(p.lr >= 0):
		err = fmt.Errorf("--lr %g: it must not be negative", p.lr)
	case !(p.weightDecay >= 0) && p.weightDecay != -1:
		err = fmt.Errorf("--weight-decay %g: it must not be negative, but for -1", p.weightDecay)
	case !(p.peak >= 0) || p.peak > 0 && !c.falls:
		err = fmt.Errorf("--peak %g: the plan %s has no such peaks", p.peak, p.name)
	case p.members < 0 || p.members > 0 && !c.members:
		err = fmt.Errorf("--members %d: the plan %s has no such number of members", p.members, p.name)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", cli.ErrUsage, err)
	}
	return nil
}

// settle fills in what is usual, after check.
func (p *planFlags) settle(u usual) {
	c := p.course
	if p.batch == 0 {
		p.batch = u.batch
	}
	if p.epochs == 0 {
		p.epochs = u.epochs
	}
	if p.epochs == 0 {
		p.epochs = c.epochs
	}
	if p.lr == 0 {
		p.lr = u.peak(c, p.global()*p.accumulate)
	}
	if p.weightDecay < 0 && u.weightDecay > 0 {
		p.weightDecay = u.weightDecay
	}
	if p.members == 0 && c.members {
		p.members = u.members
	}
	if p.peak == 0 && c.falls {
		p.peak = u.fall
	}
}

// global is the number of images in a step, on all ranks.
func (p *planFlags) global() int { return p.batch * max(p.ranks, 1) }

// timeline is the plan for so many batches in an epoch, after settle.
func (p *planFlags) timeline(steps int) (*plan.Timeline, error) {
	made := p.course.plan(p.members, p.peak).Scale(p.lr / p.course.peak)
	if p.epochs > 0 {
		made = made.Stretch(plan.Epochs(p.epochs))
	}
	if p.weightDecay >= 0 {
		for i := range made.Phases {
			made.Phases[i].WeightDecay = p.weightDecay
		}
	}
	return made.Resolve(uint64(steps), plan.Length{})
}

// String names everything that makes the plan what it is, for which ranks do not matter.
func (p *planFlags) String() string {
	s := fmt.Sprintf("%s, batch %d", p.name, p.global())
	if p.accumulate > 1 {
		s += fmt.Sprintf(" x %d", p.accumulate)
	}
	if p.epochs > 0 {
		s += fmt.Sprintf(", epochs %g", p.epochs)
	}
	if p.members > 0 {
		s += fmt.Sprintf(", members %d", p.members)
	}
	if p.peak > 0 {
		s += fmt.Sprintf(", peaks of %g", p.peak)
	}
	s += fmt.Sprintf(", learning rate %.6g", p.lr)
	if p.weightDecay >= 0 {
		s += fmt.Sprintf(", weight decay %g", p.weightDecay)
	}
	return s
}
