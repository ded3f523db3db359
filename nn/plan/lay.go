package plan

import (
	"math"

	"github.com/cascade-hpc/cascade/nn/schedule"
)

// lay puts the spans one after the other.
func (r *resolver) lay() {
	sum, first := 0.0, uint64(0)
	for _, s := range r.spans {
		sum += s.steps * r.by
		end := uint64(math.Round(sum))
		at := Segment{Name: s.name(), Phase: s.phase.Name, Collapse: s.collapse, First: first, Length: end - first}
		first = end
		switch {
		case at.Length == 0:
			r.fail(s.phase.Name, "%q is shorter than a step", s.name())
		case s.collapse:
			r.collapse(&at, s.phase)
		default:
			r.phase(&at, s.phase)
		}
		r.segments = append(r.segments, at)
	}
}

// phase settles what a phase says of its segment.
func (r *resolver) phase(s *Segment, p *Phase) {
	s.WeightDecay, s.Augment = p.WeightDecay, p.Augment.or(Full)
	s.ResetOptimizer, s.Snapshot = p.ResetOptimizer, p.Snapshot
	s.Member = p.Snapshot && p.Collapse == nil
	if !(p.WeightDecay >= 0) || math.IsInf(p.WeightDecay, 1) {
		r.fail(p.Name, "its weight decay is %g: a finite number from 0 on is expected", p.WeightDecay)
	}
	if p.Average != (Length{}) {
		n, err := r.clock.steps(p.Average)
		if err != nil {
			r.fail(p.Name, "it averages every %w", err)
		}
		s.Average = uint64(max(1, math.Round(n*r.by)))
	}
	unit := r.by
	if p.Unit != (Length{}) {
		n, err := r.clock.steps(p.Unit)
		if err != nil {
			r.fail(p.Name, "the unit of its laws is %w", err)
			return
		}
		unit *= n
	}
	momentum := p.Momentum
	if momentum == nil {
		momentum = schedule.Constant(0.9)
	}
	s.LR = r.law(s, "learning rate", p.LR, unit, math.MaxFloat64)
	s.Momentum = r.law(s, "momentum", momentum, unit, 1)
}

// collapse settles the branch behind the segment that was laid last.
func (r *resolver) collapse(s *Segment, p *Phase) {
	c, main := p.Collapse, r.segments[len(r.segments)-1]
	for _, setting := range []struct {
		name  string
		value float64
	}{{"LR", c.LR}, {"Factor", c.Factor}, {"Power", c.Power}, {"WeightDecay", c.WeightDecay}} {
		if !(setting.value >= 0) || math.IsInf(setting.value, 1) {
			r.fail(p.Name, "Collapse.%s is %g: a finite number from 0 on is expected", setting.name, setting.value)
			return
		}
	}
	if main.LR == nil || main.Momentum == nil {
		return // that mistake is reported
	}
	last := main.Length - 1
	base := orElse(c.LR, orElse(c.Factor, 1)*main.LR.At(last))
	s.LR = r.law(s, "learning rate of the collapse", schedule.Poly{Base: base, Power: orElse(c.Power, 2)}, 1, math.MaxFloat64)
	s.Momentum = schedule.Constant(main.Momentum.At(last))
	s.WeightDecay = orElse(c.WeightDecay, 2) * main.WeightDecay
	s.Augment = c.Augment.or(NoScale)
	s.ResetOptimizer, s.Snapshot, s.Member = true, true, true
}

func orElse(v, standard float64) float64 {
	if v == 0 {
		return standard
	}
	return v
}

// link finds where the weights of each segment come from, and what must be kept.
func (r *resolver) link() {
	index, main := map[string]int{}, ""
	for i := range r.segments {
		s := &r.segments[i]
		index[s.Name] = i
		switch start := r.spans[i].phase.Start; {
		case s.Collapse:
			s.From = s.Phase
		case start == Initial:
		case start != "":
			s.From = start
		default:
			s.From = main
		}
		if s.From == "" {
			s.ResetOptimizer = true
		} else if from := index[s.From]; from != i-1 {
			r.segments[from].Keep = true
		}
		if !s.Collapse {
			main = s.Name
		}
	}
}
