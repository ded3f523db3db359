package schedule

import (
	"fmt"
	"math"
	"strings"
)

// Sequence is several laws one after the other, each counting from its own start.
// Behind the last length the last law goes on.
type Sequence []Part

// Part is a law and for how long it rules.
type Part struct {
	Law    Law
	Length float64 // steps; that of the last may be 0
}

// At finds the part with the step. A part begins at the first whole step at or behind
// the sum of the lengths before it.
func (l Sequence) At(step uint64) float64 {
	if len(l) == 0 {
		return math.NaN()
	}
	begin, sum := 0.0, 0.0
	last := len(l) - 1
	for i, p := range l {
		sum += p.Length
		if i == last || float64(step) < sum {
			return valueAt(l[i].Law, step-uint64(begin))
		}
		begin = math.Ceil(sum)
	}
	return math.NaN()
}

func (l Sequence) String() string {
	parts := make([]string, len(l))
	for i, p := range l {
		parts[i] = fmt.Sprintf("%v", p.Law)
		if i < len(l)-1 {
			parts[i] += fmt.Sprintf(" for %g", p.Length)
		}
	}
	return strings.Join(parts, ", then ")
}

func (l Sequence) Stretch(by float64) (Law, error) {
	stretched := make(Sequence, len(l))
	for i, p := range l {
		law, err := Stretch(p.Law, by)
		if err != nil {
			return nil, fmt.Errorf("part %d: %w", i, err)
		}
		stretched[i] = Part{law, p.Length * by}
	}
	return stretched, nil
}

// Fit fits each law to its own length, and the last to what is left.
func (l Sequence) Fit(length float64) Law {
	fitted := make(Sequence, len(l))
	for i, p := range l {
		own := p.Length
		if own == 0 {
			own = length
		}
		fitted[i] = Part{Fit(p.Law, own), p.Length}
		length -= p.Length
	}
	return fitted
}

func (l Sequence) Check() error {
	s := settings{law: "Sequence"}
	if len(l) == 0 {
		s.fail("", "empty", "at least one law")
	}
	for i, p := range l {
		s.inner(fmt.Sprintf("[%d]", i), p.Law)
		if i < len(l)-1 || p.Length != 0 {
			s.length(fmt.Sprintf("[%d].Length", i), p.Length)
		}
	}
	return s.err()
}
