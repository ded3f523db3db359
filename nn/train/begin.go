package train

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"time"
)

// begin checks a loop and opens what it writes to.
func (l *Loop) begin() (*run, error) {
	if l.Plan != nil && l.State != nil {
		var err error
		if l, err = l.planned(); err != nil {
			return nil, err
		}
	}
	if err := l.check(); err != nil {
		return nil, err
	}
	l, ranks, err := l.together()
	if err != nil {
		return nil, err
	}
	if err := l.State.fits(l); err != nil {
		return nil, err
	}
	l.State.begin(l)
	r := &run{
		Loop: l, metrics: make([]float64, len(l.Metrics)), values: make([]float64, len(l.Metrics)+len(l.Validations)),
		saved: time.Now(), feed: &feed{Feed: l.Data, out: orElse(l.Bar, os.Stderr)}, ranks: ranks,
	}
	if l.Plan != nil {
		r.course = newCourse(l)
		r.course.ranks = ranks
	}
	r.bar = newBar(l, orElse(l.Bar, os.Stderr), r.feed)
	if r.rows, err = openRows(l, orElse(l.Out, os.Stdout)); err != nil {
		ranks.giveUp(fmt.Errorf("train: %w", err)) // rank 0 alone has a log
		return nil, err
	}
	return r, nil
}

// planned is the loop with the epochs and steps of its plan.
func (l *Loop) planned() (*Loop, error) {
	if l.Epochs != 0 || l.Steps != 0 {
		return nil, fmt.Errorf("%d epochs of %d steps beside plan %q, which says both itself", l.Epochs, l.Steps, l.Plan.Name())
	}
	p := *l
	n := p.Plan.StepsPerEpoch()
	p.Steps = int(n)
	if n > 0 {
		p.Epochs = int((p.Plan.Steps() + n - 1) / n)
	}
	if c := newCourse(&p); c.goesBack() && l.Checkpoint == "" {
		return nil, fmt.Errorf("plan %q goes back to ends of phases, which are kept beside the checkpoint: a Checkpoint is needed", p.Plan.Name())
	} else if c.averages() && !slices.ContainsFunc(l.State.Members, func(m Member) bool { return m.Average != nil }) {
		return nil, fmt.Errorf("plan %q averages weights: a Member with an Average is needed", p.Plan.Name())
	}
	return &p, nil
}

func (l *Loop) check() error {
	switch {
	case l.Epochs < 1 || l.Steps < 1:
		return fmt.Errorf("%d epochs of %d steps: there must be at least 1 of each", l.Epochs, l.Steps)
	case l.Step == nil || l.State == nil:
		return errors.New("a loop needs a Step and a State")
	case len(l.Validations) > 0 && l.Validate == nil:
		return fmt.Errorf("there is no Validate to report %q", l.Validations)
	case l.Best != "" && l.column(l.Best) < 0:
		return fmt.Errorf("there is no metric %q to be the best by: there are %q and %q", l.Best, l.Metrics, l.Validations)
	}
	for i, name := range l.names() {
		if l.column(name) != i {
			return fmt.Errorf("two metrics are called %q", name)
		}
	}
	return l.State.check()
}

// fits refuses a loop other than the one whose epoch was interrupted.
func (s *State) fits(l *Loop) error {
	if s.Position.Total > 0 && s.steps != 0 && s.plan != l.planID() {
		return fmt.Errorf("it goes on with %s, and began with %s", orNoPlan(l.planID()), orNoPlan(s.plan))
	}
	switch {
	case s.Position.Step == 0:
		return nil
	case s.Position.Step > l.Steps:
		return fmt.Errorf("it goes on from step %d of an epoch of %d steps: the data or the batch have changed", s.Position.Step, l.Steps)
	case s.steps != 0 && s.steps != l.Steps:
		return fmt.Errorf("it goes on in the middle of an epoch of %d steps, which now has %d: the data or the batch have changed", s.steps, l.Steps)
	case s.sums != nil && len(s.sums) != len(l.Metrics):
		return fmt.Errorf("it goes on in the middle of an epoch with %d metrics, not %d", len(s.sums), len(l.Metrics))
	}
	return nil
}

// begin prepares what the state keeps for a loop.
func (s *State) begin(l *Loop) {
	s.steps, s.plan = l.Steps, l.planID()
	if s.done == 0 || s.sums == nil {
		s.sums = make([]float64, len(l.Metrics))
	}
	if s.bestBy != l.Best || s.Position.Total == 0 {
		s.bestBy, s.best = l.Best, math.Inf(1)
	}
}

// planID tells plans apart that would put a step of one into another phase of the
// other; "" is none.
func (l *Loop) planID() string {
	if l.Plan == nil {
		return ""
	}
	ends := make([]string, 0, 8)
	for _, s := range l.Plan.Segments() {
		ends = append(ends, fmt.Sprintf("%s to %d", s.Name, s.First+s.Length))
	}
	return fmt.Sprintf("plan %q of %d steps an epoch (%s)", l.Plan.Name(), l.Plan.StepsPerEpoch(), strings.Join(ends, ", "))
}

func orNoPlan(id string) string {
	if id == "" {
		return "no plan"
	}
	return id
}

// names are those of the values of an epoch.
func (l *Loop) names() []string { return slices.Concat(l.Metrics, l.Validations) }

// column is the place of a name in values, or -1.
func (l *Loop) column(name string) int { return slices.Index(l.names(), name) }

func orElse(w, other io.Writer) io.Writer {
	if w == nil {
		return other
	}
	return w
}
