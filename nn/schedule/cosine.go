package schedule

import (
	"fmt"
	"math"
)

// Cosine falls from Max to Min along half a cosine, and stays there:
//
//	Min + (Max - Min)/2 · (1 + cos(π i/Length))
//
// It is the cosine annealing of Loshchilov and Hutter (ICLR 2017) without restarts.
type Cosine struct {
	Max    float64
	Min    float64
	Length float64 // steps; Fit sets it where it is 0
}

func (l Cosine) At(step uint64) float64 {
	return l.Min + (l.Max-l.Min)*halfCosine(min(float64(step)/l.Length, 1))
}

// halfCosine falls from 1 at 0 to 0 at 1.
func halfCosine(x float64) float64 { return (1 + math.Cos(math.Pi*x)) / 2 }

func (l Cosine) String() string {
	return fmt.Sprintf("cosine: %g to %g in %g", l.Max, l.Min, l.Length)
}

func (l Cosine) Stretch(by float64) (Law, error) {
	l.Length *= by
	return l, nil
}

func (l Cosine) Fit(length float64) Law {
	l.Length = orElse(l.Length, length)
	return l
}

func (l Cosine) Check() error {
	s := settings{law: "Cosine"}
	s.value("Max", l.Max)
	s.value("Min", l.Min)
	s.length("Length", l.Length)
	return s.err()
}

// SGDR is Cosine with warm restarts (Loshchilov and Hutter, ICLR 2017, eq. 5): cycle n,
// from 0, is Growth^n times as long as the first and starts from Shrink^n times its height,
//
//	Min + (Max·Shrinkⁿ - Min)/2 · (1 + cos(π i/T)),  T = Period·Growthⁿ
//
// with i counted within the cycle. It restarts for ever. Growth is T_mult of PyTorch and
// t_mul of Keras, Shrink is m_mul of Keras.
type SGDR struct {
	Max    float64
	Min    float64
	Period float64 // steps of the first cycle
	Growth uint64  // 0 is 1
	Shrink float64 // 1 at most; 0 is 1
}

func (l SGDR) At(step uint64) float64 {
	at, period, height := float64(step), l.Period, l.Max
	if !(period > 0) {
		return math.NaN()
	}
	if l.Growth <= 1 {
		cycle := math.Floor(at / period)
		at, height = math.Mod(at, period), height*math.Pow(orElse(l.Shrink, 1), cycle)
	}
	for l.Growth > 1 && at >= period { // 64 times at most: the lengths double, or more
		at -= period
		period *= float64(l.Growth)
		height *= orElse(l.Shrink, 1)
	}
	return l.Min + (height-l.Min)*halfCosine(at/period)
}

func (l SGDR) String() string {
	return fmt.Sprintf("cosine with restarts: %g to %g in %g, then %d times as long from %g times as high",
		l.Max, l.Min, l.Period, max(l.Growth, 1), orElse(l.Shrink, 1))
}

func (l SGDR) Stretch(by float64) (Law, error) {
	l.Period *= by
	return l, nil
}

func (l SGDR) Check() error {
	s := settings{law: "SGDR"}
	s.value("Max", l.Max)
	s.value("Min", l.Min)
	s.length("Period", l.Period)
	s.fall("Shrink", orElse(l.Shrink, 1))
	return s.err()
}

// Snapshot is the law of snapshot ensembles (Huang et al., ICLR 2017, eq. 2): Cycles
// cosines one after the other in Length steps, each from Max to nearly 0,
//
//	Max/2 · (cos(π mod(t-1, P)/P) + 1),  P = ⌈Length/Cycles⌉,  t = i+1
//
// A member is the network after the last step of a cycle. One step later is the worst
// moment: the rate is back at Max.
type Snapshot struct {
	Max    float64
	Length float64 // steps of all cycles; Fit sets it where it is 0
	Cycles int
}

// Period is the number of steps of a cycle. If it is no divisor of Length, the last
// cycle is shorter and does not come to its end.
func (l Snapshot) Period() float64 { return math.Ceil(l.Length / float64(l.Cycles)) }

func (l Snapshot) At(step uint64) float64 {
	period := l.Period()
	return l.Max * halfCosine(math.Mod(float64(step), period)/period)
}

func (l Snapshot) String() string {
	return fmt.Sprintf("snapshots: %d cosines from %g in %g", l.Cycles, l.Max, l.Length)
}

func (l Snapshot) Stretch(by float64) (Law, error) {
	l.Length *= by
	return l, nil
}

func (l Snapshot) Fit(length float64) Law {
	l.Length = orElse(l.Length, length)
	return l
}

func (l Snapshot) Check() error {
	s := settings{law: "Snapshot"}
	s.value("Max", l.Max)
	s.length("Length", l.Length)
	if l.Cycles < 1 {
		s.fail("Cycles", l.Cycles, "at least 1")
	}
	return s.err()
}
