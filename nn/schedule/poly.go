package schedule

import (
	"fmt"
	"math"
)

// Poly falls as a power of what is left of its horizon:
//
//	End + (Base - End)·(1 - i/Horizon)^Power    until i = Horizon, End from there on
//
// With End 0 it is Caffe's policy "poly", with Horizon for max_iter, and PyTorch's
// PolynomialLR. A horizon that lies behind the end of the training cuts the descent
// short: that is the partial collapse of Codreanu, Podareanu and Saletore
// (arXiv:1711.04291), whose Caffe has the policy "poly_cyc" with Horizon for lr_iter. At
// half of the horizon a descent of power 2 has come down to a quarter of Base.
type Poly struct {
	Base    float64
	End     float64
	Power   float64 // 0 is 1, a straight line
	Horizon float64 // steps; Fit sets it where it is 0
}

func (l Poly) At(step uint64) float64 {
	left := 1 - float64(step)/l.Horizon
	if left <= 0 {
		return l.End
	}
	return l.End + (l.Base-l.End)*math.Pow(left, orElse(l.Power, 1))
}

func (l Poly) String() string {
	return fmt.Sprintf("poly: %g to %g in %g, power %g", l.Base, l.End, l.Horizon, orElse(l.Power, 1))
}

func (l Poly) Stretch(by float64) (Law, error) {
	l.Horizon *= by
	return l, nil
}

func (l Poly) Fit(length float64) Law {
	l.Horizon = orElse(l.Horizon, length)
	return l
}

func (l Poly) Check() error {
	s := settings{law: "Poly"}
	s.value("Base", l.Base)
	s.value("End", l.End)
	s.factor("Power", orElse(l.Power, 1))
	s.length("Horizon", l.Horizon)
	return s.err()
}
