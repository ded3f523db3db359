package plan

import (
	"fmt"
	"math"
)

// Length is how long something lasts: in epochs, in steps, or as a share of the budget
// of the training. The zero value is none.
type Length struct {
	unit   unit
	number float64
}

type unit int

const (
	none unit = iota
	epochs
	steps
	share
)

// Epochs is n passes over the data, 2.5 being two and a half.
func Epochs(n float64) Length { return Length{epochs, n} }

// Steps is n updates of the weights.
func Steps(n uint64) Length { return Length{steps, float64(n)} }

// Share is a part of the budget, from 0 to 1.
func Share(part float64) Length { return Length{share, part} }

func (l Length) String() string {
	switch l.unit {
	case epochs:
		return count(l.number, "epoch")
	case steps:
		return count(l.number, "step")
	case share:
		return fmt.Sprintf("%g of the budget", l.number)
	}
	return "no length"
}

func count(n float64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%g %ss", n, noun)
}

// clock turns lengths into steps. They need not be whole.
type clock struct {
	epoch  float64 // steps
	budget float64 // steps; 0 is none
}

func (c clock) steps(l Length) (float64, error) {
	if !(l.number > 0) || math.IsInf(l.number, 1) {
		return 0, fmt.Errorf("%v: a finite length above 0 is expected", l)
	}
	switch {
	case l.unit == epochs:
		return l.number * c.epoch, nil
	case l.unit == steps:
		return l.number, nil
	case l.number > 1:
		return 0, fmt.Errorf("%v: at most all of it is expected", l)
	case c.budget == 0:
		return 0, fmt.Errorf("%v: Resolve was given no budget", l)
	}
	return l.number * c.budget, nil
}
