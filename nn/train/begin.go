package train

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"time"
)

// begin checks a loop and opens what it writes to.
func (l *Loop) begin() (*run, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	l.State.begin(l)
	r := &run{
		Loop: l, metrics: make([]float64, len(l.Metrics)), values: make([]float64, len(l.Metrics)+len(l.Validations)),
		saved: time.Now(), feed: &feed{Feed: l.Data, out: orElse(l.Bar, os.Stderr)},
	}
	r.bar = newBar(l, orElse(l.Bar, os.Stderr), r.feed)
	var err error
	r.rows, err = openRows(l, orElse(l.Out, os.Stdout))
	return r, err
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
	if err := l.State.check(); err != nil {
		return err
	}
	return l.State.fits(l)
}

// fits refuses a loop other than the one whose epoch was interrupted.
func (s *State) fits(l *Loop) error {
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
	s.steps = l.Steps
	if s.Position.Step == 0 || s.sums == nil {
		s.sums = make([]float64, len(l.Metrics))
	}
	if s.bestBy != l.Best || s.Position.Total == 0 {
		s.bestBy, s.best = l.Best, math.Inf(1)
	}
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
