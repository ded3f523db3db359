package plan

import (
	"errors"
	"slices"

	"github.com/cascade-hpc/cascade/nn/schedule"
)

// ErrPlan is what every mistake in a plan is, by errors.Is.
var ErrPlan = errors.New("plan")

// ErrPastEnd is asked for a step behind the last.
var ErrPastEnd = errors.New("past the end")

// Plan is a list of phases, in the order in which they are run.
type Plan struct {
	Name   string
	Phases []Phase

	total Length
}

// Stretch is the plan in another length: all its phases and collapses together take as
// long as is given, and everything in them, warm-ups and milestones too, keeps its
// proportion. Values of laws do not change. It acts on the plan as it is when resolved,
// and of two calls the second counts.
func (p Plan) Stretch(total Length) Plan {
	p.total = total
	return p
}

// Scale is the plan with all its learning rates, those of collapses too, times a factor:
// batch/4096. is the linear scaling rule for a plan that was published for a batch of 4096.
func (p Plan) Scale(by float64) Plan {
	p.Phases = slices.Clone(p.Phases)
	for i := range p.Phases {
		phase := &p.Phases[i]
		phase.LR = schedule.Scaled{Law: phase.LR, By: by}
		if phase.Collapse != nil {
			c := *phase.Collapse
			c.LR *= by
			phase.Collapse = &c
		}
	}
	return p
}

// Resolve says what happens at each step, for data of so many steps an epoch. The budget
// is what shares are of, and what the plan must not exceed; a plan without shares needs
// none, Length{}. Boundaries between phases are rounded to whole steps one by one,
// so that roundings do not add up. The error lists all mistakes, each with the name of
// its phase, and is an ErrPlan.
func (p Plan) Resolve(stepsPerEpoch uint64, budget Length) (*Timeline, error) {
	r := resolver{plan: p, clock: clock{epoch: float64(stepsPerEpoch)}}
	switch {
	case stepsPerEpoch == 0:
		r.fail("", "an epoch of 0 steps: at least 1 is expected")
	case len(p.Phases) == 0:
		r.fail("", "there are no phases")
	default:
		r.setBudget(budget)
	}
	for _, step := range []func(){r.checkNames, r.measure, r.stretch, r.lay, r.link} {
		if len(r.errs) > 0 {
			break
		}
		step()
	}
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	return &Timeline{name: p.Name, epoch: stepsPerEpoch, segments: r.segments}, nil
}
