package schedule

import (
	"fmt"
	"math"
)

// Constant is the same value at every step.
type Constant float64

func (c Constant) At(uint64) float64            { return float64(c) }
func (c Constant) String() string               { return fmt.Sprintf("constant %g", float64(c)) }
func (c Constant) Stretch(float64) (Law, error) { return c, nil }

func (c Constant) Check() error {
	s := settings{law: "Constant"}
	s.value("", float64(c))
	return s.err()
}

// Step falls by a factor at regular intervals:
//
//	Base · Factor^⌊i/Every⌋
//
// It is Caffe's policy "step" and PyTorch's StepLR.
type Step struct {
	Base   float64
	Factor float64 // 1 at most; 0 is 0.1
	Every  float64 // steps
}

func (l Step) At(step uint64) float64 {
	return l.Base * math.Pow(orElse(l.Factor, 0.1), math.Floor(float64(step)/l.Every))
}

func (l Step) String() string {
	return fmt.Sprintf("step: %g times %g every %g", l.Base, orElse(l.Factor, 0.1), l.Every)
}

func (l Step) Stretch(by float64) (Law, error) {
	l.Every *= by
	return l, nil
}

func (l Step) Check() error {
	s := settings{law: "Step"}
	s.value("Base", l.Base)
	s.fall("Factor", orElse(l.Factor, 0.1))
	s.length("Every", l.Every)
	return s.err()
}

// MultiStep falls by a factor at each of its milestones:
//
//	Base · Factor^(number of milestones ≤ i)
//
// It is Caffe's policy "multistep" and PyTorch's MultiStepLR.
type MultiStep struct {
	Base       float64
	Factor     float64   // 1 at most; 0 is 0.1
	Milestones []float64 // steps, rising; the first step with the lower value
}

func (l MultiStep) At(step uint64) float64 {
	passed := 0
	for _, m := range l.Milestones {
		if m <= float64(step) {
			passed++
		}
	}
	return l.Base * math.Pow(orElse(l.Factor, 0.1), float64(passed))
}

func (l MultiStep) String() string {
	return fmt.Sprintf("multistep: %g times %g at %g", l.Base, orElse(l.Factor, 0.1), l.Milestones)
}

func (l MultiStep) Stretch(by float64) (Law, error) {
	stretched := make([]float64, len(l.Milestones))
	for i, m := range l.Milestones {
		stretched[i] = m * by
	}
	l.Milestones = stretched
	return l, nil
}

func (l MultiStep) Check() error {
	s := settings{law: "MultiStep"}
	s.value("Base", l.Base)
	s.fall("Factor", orElse(l.Factor, 0.1))
	past := 0.0
	for i, m := range l.Milestones {
		if !(m > past) || math.IsInf(m, 1) {
			s.fail(fmt.Sprintf("Milestones[%d]", i), m, fmt.Sprintf("a finite number of steps above %g", past))
		}
		past = m
	}
	return s.err()
}

// Exponential falls by a factor at every step, Base · Factor^i. It is Caffe's policy
// "exp" and PyTorch's ExponentialLR. With a factor above 1 it rises, as a search for the
// highest rate that still trains wants it.
type Exponential struct {
	Base   float64
	Factor float64
}

func (l Exponential) At(step uint64) float64 { return l.Base * math.Pow(l.Factor, float64(step)) }

func (l Exponential) String() string {
	return fmt.Sprintf("exponential: %g times %g a step", l.Base, l.Factor)
}

func (l Exponential) Stretch(by float64) (Law, error) {
	l.Factor = math.Pow(l.Factor, 1/by)
	return l, nil
}

func (l Exponential) Check() error {
	s := settings{law: "Exponential"}
	s.value("Base", l.Base)
	s.factor("Factor", l.Factor)
	return s.err()
}
