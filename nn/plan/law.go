package plan

import (
	"errors"
	"fmt"

	"github.com/cascade-hpc/cascade/nn/schedule"
)

// law is a law in steps of the timeline. Its values must be below a bound.
func (r *resolver) law(s *Segment, what string, law schedule.Law, unit, below float64) schedule.Law {
	err := error(nil)
	if law != nil {
		law, err = schedule.Stretch(law, unit)
	}
	if err == nil {
		law = schedule.Fit(law, float64(s.Length))
		err = errors.Join(warmupFits(law, s.Length), schedule.Check(law))
	}
	if err != nil {
		r.fail(s.Phase, "%s: %w", what, err)
		return nil
	}
	for at := range schedule.Samples(s.Length, 1000) {
		if v := law.At(at); !(v >= 0 && v < below) {
			r.fail(s.Phase, "%s: it is %g at step %d: %s is expected", what, v, at, expected(below))
			break
		}
	}
	return law
}

// warmupFits refuses a warm-up that is longer than the phase.
func warmupFits(law schedule.Law, length uint64) error {
	for {
		switch l := law.(type) {
		case schedule.Scaled:
			law = l.Law
			continue
		case schedule.Warmup:
			if l.Steps > float64(length) {
				return fmt.Errorf("the warm-up takes %g of %d steps", l.Steps, length)
			}
		}
		return nil
	}
}

func expected(below float64) string {
	if below == 1 {
		return "a number from 0 to less than 1"
	}
	return "a finite number from 0 on"
}
