package schedule

import (
	"fmt"
	"math"
)

// Warmup goes up to the first value of another law in a straight line, and then follows
// it. With W for Steps and b for Then.At(0):
//
//	i < W:   (i·b + (W - i)·From)/W
//	i ≥ W:   Then.At(i), or Then.At(i - W) if Rebase
//
// The two continuations are both in use. Caffe's (sara-nl and Intel, sgd_solver.cpp),
// and timm's by default, count the warm-up among the steps of the law behind it: a law
// that falls has fallen by then, and the rate steps down at the end of the warm-up, from
// 1.6 to 1.467 in the published recipe of 1.6 in 18,720 steps with 1,560 of warm-up.
// With Rebase the law begins where the warm-up ends, and nothing jumps. Milestones in
// published tables (30, 60 and 80 epochs) count from the start of the training: they
// want Rebase off.
type Warmup struct {
	From   float64
	Steps  float64 // a part of a step counts as one; 0 is no warm-up
	Then   Law
	Rebase bool
}

func (l Warmup) At(step uint64) float64 {
	i := float64(step)
	switch {
	case i < l.Steps:
		return (i*valueAt(l.Then, 0) + (l.Steps-i)*l.From) / l.Steps
	case l.Rebase:
		return valueAt(l.Then, step-l.shift())
	}
	return valueAt(l.Then, step)
}

// shift is the first step behind the warm-up.
func (l Warmup) shift() uint64 { return uint64(math.Ceil(max(l.Steps, 0))) }

func (l Warmup) String() string {
	law := "and on along"
	if l.Rebase {
		law = "then"
	}
	return fmt.Sprintf("warm-up: from %g in %g, %s %v", l.From, l.Steps, law, l.Then)
}

func (l Warmup) Stretch(by float64) (Law, error) {
	then, err := Stretch(l.Then, by)
	l.Steps, l.Then = l.Steps*by, then
	return l, err
}

func (l Warmup) Fit(length float64) Law {
	if l.Rebase {
		length -= float64(l.shift())
	}
	l.Then = Fit(l.Then, length)
	return l
}

func (l Warmup) Check() error {
	s := settings{law: "Warmup"}
	s.value("From", l.From)
	if !(l.Steps >= 0) || math.IsInf(l.Steps, 1) {
		s.fail("Steps", l.Steps, "a finite number of steps from 0 on")
	}
	s.inner("Then", l.Then)
	return s.err()
}
