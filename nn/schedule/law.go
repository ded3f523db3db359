package schedule

import (
	"fmt"
	"math"
)

// Law is a number as a function of the step: a learning rate, or a momentum. It is
// pure, so that a training which knows its step knows its rate, however it got there.
//
// A law of one's own needs these two methods. It may also be a [Checker], and inside of
// a plan a [Stretcher] and a [Fitter].
type Law interface {
	// At is the value for the step after step others, from 0. Every step has a value:
	// behind its end a law keeps its last value or goes on as its comment says. Of a law
	// that Check refuses the value means nothing, but there is one.
	At(step uint64) float64
	// String names the law and its numbers.
	String() string
}

// Checker is a law with settings that can be wrong.
type Checker interface {
	// Check is nil, or all mistakes joined, each a *SettingError.
	Check() error
}

// Stretcher is a law with lengths in steps.
type Stretcher interface {
	// Stretch is the law that has, at step·by, the value that this one has at step.
	Stretch(by float64) (Law, error)
}

// Fitter is a law with a length that may be left open.
type Fitter interface {
	// Fit is the law with length for the length that was left open, or the law itself.
	Fit(length float64) Law
}

// Check finds what is wrong with the settings of a law.
func Check(law Law) error {
	if law == nil {
		return &SettingError{Law: "Law", Field: "", Found: "nil", Expected: "a law"}
	}
	if c, ok := law.(Checker); ok {
		return c.Check()
	}
	return nil
}

// Stretch makes a law longer by a factor, or shorter by one below 1: all its lengths
// change, and none of its values. By 1 it is the law itself.
func Stretch(law Law, by float64) (Law, error) {
	if by == 1 {
		return law, nil
	}
	if !(by > 0) || math.IsInf(by, 1) {
		return nil, fmt.Errorf("schedule: a law cannot be stretched by %g: a finite factor above 0 is expected", by)
	}
	if s, ok := law.(Stretcher); ok {
		return s.Stretch(by)
	}
	return nil, fmt.Errorf("schedule: %v cannot be stretched: it has no method Stretch", law)
}

// Fit gives a law whose length was left open, as in Poly{Base: 0.1}, the length of
// what it is for. Laws that have all their lengths stay as they are.
func Fit(law Law, length float64) Law {
	if f, ok := law.(Fitter); ok {
		return f.Fit(length)
	}
	return law
}

// valueAt is the value of a law that may have been forgotten.
func valueAt(law Law, step uint64) float64 {
	if law == nil {
		return math.NaN()
	}
	return law.At(step)
}
