package plan

import (
	"fmt"
	"math"
)

// resolver is a plan on its way to a timeline.
type resolver struct {
	plan     Plan
	clock    clock
	by       float64 // the plan is stretched by
	spans    []span  // in the order they are run
	segments []Segment
	errs     []error
}

// span is a phase or its collapse, with its length before stretching.
type span struct {
	phase    *Phase
	collapse bool
	steps    float64
}

func (s span) name() string {
	if s.collapse {
		return s.phase.Name + "c"
	}
	return s.phase.Name
}

// fail keeps a mistake of a phase, or of the plan where there is no name.
func (r *resolver) fail(phase, format string, args ...any) {
	where := fmt.Sprintf("%q", r.plan.Name)
	if phase != "" {
		where += fmt.Sprintf(", phase %q", phase)
	}
	r.errs = append(r.errs, fmt.Errorf("%w %s: %w", ErrPlan, where, fmt.Errorf(format, args...)))
}

func (r *resolver) setBudget(budget Length) {
	if budget == (Length{}) {
		return
	}
	n, err := r.clock.steps(budget)
	if err != nil {
		r.fail("", "the budget is %w", err)
	}
	r.clock.budget = n
}

// checkNames makes sure that a name means one thing.
func (r *resolver) checkNames() {
	seen := map[string]bool{Initial: true}
	for i := range r.plan.Phases {
		p := &r.plan.Phases[i]
		switch {
		case p.Name == "":
			r.fail("", "the phase at %d has no name", i)
		case seen[p.Name]:
			r.fail(p.Name, "its name is taken")
		}
		if p.Start != "" && !seen[p.Start] {
			r.fail(p.Name, "it starts from %q: an earlier phase or collapse is expected", p.Start)
		}
		seen[p.Name] = true
		r.spans = append(r.spans, span{phase: p})
		if p.Collapse == nil {
			continue
		}
		c := span{phase: p, collapse: true}
		if seen[c.name()] {
			r.fail(p.Name, "the name of its collapse, %q, is taken", c.name())
		}
		seen[c.name()] = true
		r.spans = append(r.spans, c)
	}
}

// measure finds the length of every span.
func (r *resolver) measure() {
	for i := range r.spans {
		s := &r.spans[i]
		length, what := s.phase.Length, "its length is"
		if s.collapse {
			length, what = s.phase.Collapse.Length, "the length of its collapse is"
		}
		n, err := r.clock.steps(length)
		if err != nil {
			r.fail(s.phase.Name, "%s %w", what, err)
		}
		s.steps = n
	}
}

// stretch finds the factor of all lengths.
func (r *resolver) stretch() {
	sum := 0.0
	for _, s := range r.spans {
		sum += s.steps
	}
	r.by = 1
	if r.plan.total != (Length{}) {
		total, err := r.clock.steps(r.plan.total)
		if err != nil {
			r.fail("", "it is stretched to %w", err)
			return
		}
		r.by, sum = total/sum, total
	}
	const rounding = 1e-9 // of shares such as 0.1 and 0.9
	if budget := r.clock.budget; budget > 0 && sum > budget*(1+rounding) {
		r.fail("", "all phases and collapses take %g steps: the budget is %g", math.Round(sum), budget)
	}
	if sum > 1<<53 {
		r.fail("", "all phases and collapses take %g steps: at most 2^53 can be counted", sum)
	}
}
