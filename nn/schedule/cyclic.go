package schedule

import (
	"fmt"
	"math"
)

// Mode is what becomes of the height of the cycles of a [Cyclic] law.
type Mode int

// The policies of Smith (2015), by his names.
const (
	Triangular  Mode = iota // all cycles are as high
	Triangular2             // each is half as high as the one before
	ExpRange                // the height falls by Gamma a step
)

func (m Mode) String() string {
	switch m {
	case Triangular:
		return "triangular"
	case Triangular2:
		return "triangular2"
	case ExpRange:
		return "exp_range"
	}
	return fmt.Sprintf("mode %d", int(m))
}

// Cyclic goes up from Low to High in straight lines and down again, for ever (Smith,
// arXiv:1506.01186):
//
//	Low + (High - Low)·k·s
//
// where s rises from 0 to 1 within Up steps and falls within Down; k is 1, 1/2ⁿ in cycle
// n from 0, or Gamma^i. Low may be above High: the cycles then dip first, as a momentum
// does beside a learning rate.
type Cyclic struct {
	Low, High float64
	Up        float64 // steps from Low to High
	Down      float64 // steps back; 0 is as many as Up
	Mode      Mode
	Gamma     float64 // with ExpRange: a number above 0, 1 at most
}

func (l Cyclic) At(step uint64) float64 {
	up, down := l.Up, orElse(l.Down, l.Up)
	at := math.Mod(float64(step), up+down)
	share := at / up
	if at > up {
		share = (up + down - at) / down
	}
	switch l.Mode {
	case Triangular2:
		share = math.Ldexp(share, -int(min(math.Floor(float64(step)/(up+down)), 2000)))
	case ExpRange:
		share *= math.Pow(l.Gamma, float64(step))
	}
	return l.Low + (l.High-l.Low)*share
}

// Momentum is the law of a momentum that is high where the rate is low.
func (l Cyclic) Momentum(low, high float64) Law {
	l.Low, l.High = high, low
	return l
}

func (l Cyclic) String() string {
	s := fmt.Sprintf("%v: %g to %g in %g and back in %g", l.Mode, l.Low, l.High, l.Up, orElse(l.Down, l.Up))
	if l.Mode == ExpRange {
		s += fmt.Sprintf(", gamma %g", l.Gamma)
	}
	return s
}

func (l Cyclic) Stretch(by float64) (Law, error) {
	l.Up *= by
	l.Down *= by
	if l.Mode == ExpRange {
		l.Gamma = math.Pow(l.Gamma, 1/by)
	}
	return l, nil
}

func (l Cyclic) Check() error {
	s := settings{law: "Cyclic"}
	s.value("Low", l.Low)
	s.value("High", l.High)
	s.length("Up", l.Up)
	s.length("Down", orElse(l.Down, 1))
	switch {
	case l.Mode < Triangular || l.Mode > ExpRange:
		s.fail("Mode", int(l.Mode), "Triangular, Triangular2 or ExpRange")
	case l.Mode == ExpRange:
		s.fall("Gamma", l.Gamma)
	case l.Gamma != 0:
		s.fail("Gamma", l.Gamma, "without ExpRange, 0")
	}
	return s.err()
}

// FGE is the law of fast geometric ensembles (Garipov et al., NeurIPS 2018, eq. 3, as
// their fge.py has it): a cycle begins at High, comes down to Low at its middle and goes
// up again, in straight lines. A member is the network at the middle of a cycle.
type FGE struct {
	High, Low float64
	Cycle     float64 // steps; an even number has its middle at a step
}

func (l FGE) At(step uint64) float64 {
	t := math.Mod(float64(step), l.Cycle) / l.Cycle
	if t < 0.5 {
		return l.High*(1-2*t) + l.Low*2*t
	}
	return l.Low*(2-2*t) + l.High*(2*t-1)
}

func (l FGE) String() string {
	return fmt.Sprintf("fge: %g to %g and back in %g", l.High, l.Low, l.Cycle)
}

func (l FGE) Stretch(by float64) (Law, error) {
	l.Cycle *= by
	return l, nil
}

func (l FGE) Check() error {
	s := settings{law: "FGE"}
	s.value("High", l.High)
	s.value("Low", l.Low)
	s.length("Cycle", l.Cycle)
	return s.err()
}
