package schedule

import "fmt"

// SWA is the law of stochastic weight averaging (Izmailov et al., UAI 2018, as their
// train.py has it): Base for half of the steps up to Start, a straight line down to
// Average until nine tenths of them, and Average from there on. Theirs takes a step an
// epoch; with lengths in epochs stretched to steps, this one takes the line at every step.
type SWA struct {
	Base    float64
	Average float64 // the rate while weights are averaged
	Start   float64 // the step from which on they are
}

func (l SWA) At(step uint64) float64 {
	t := float64(step) / l.Start
	switch {
	case t <= 0.5:
		return l.Base
	case t <= 0.9:
		return l.Average + (l.Base-l.Average)*(0.9-t)/0.4
	}
	return l.Average
}

func (l SWA) String() string {
	return fmt.Sprintf("swa: %g to %g, averages from %g", l.Base, l.Average, l.Start)
}

func (l SWA) Stretch(by float64) (Law, error) {
	l.Start *= by
	return l, nil
}

func (l SWA) Check() error {
	s := settings{law: "SWA"}
	s.value("Base", l.Base)
	s.value("Average", l.Average)
	s.length("Start", l.Start)
	return s.err()
}
