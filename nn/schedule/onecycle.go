package schedule

import "fmt"

// OneCycle is the 1cycle policy (Smith and Topin, arXiv:1708.07120) with PyTorch's
// numbers: up from Start to Max, down to End, both along half a cosine. The step with
// Max is Rise·Length - 1, counted from 0, and the last is Length - 1; from there on it
// stays at End. With ThreePhase, which is the shape of the paper, it comes down to Start
// as slowly as it went up, and then goes to End.
type OneCycle struct {
	Max        float64
	Start      float64 // 0 is Max/25
	End        float64 // 0 is Start/10,000
	Length     float64 // steps; Fit sets it where it is 0
	Rise       float64 // share of Length; 0 is 0.3
	Linear     bool    // straight lines instead of cosines
	ThreePhase bool
}

func (l OneCycle) start() float64 { return orElse(l.Start, l.Max/25) }
func (l OneCycle) end() float64   { return orElse(l.End, l.start()/1e4) }

func (l OneCycle) At(step uint64) float64 {
	i, last, peak := float64(step), l.Length-1, orElse(l.Rise, 0.3)*l.Length-1
	switch {
	case i <= peak:
		return l.between(l.start(), l.Max, i/peak)
	case l.ThreePhase && i <= 2*peak:
		return l.between(l.Max, l.start(), (i-peak)/peak)
	case i >= last:
		return l.end()
	case l.ThreePhase:
		return l.between(l.start(), l.end(), (i-2*peak)/(last-2*peak))
	}
	return l.between(l.Max, l.end(), (i-peak)/(last-peak))
}

// between goes from a to b while x goes from 0 to 1.
func (l OneCycle) between(a, b, x float64) float64 {
	if l.Linear {
		return a + (b-a)*x
	}
	return b + (a-b)*halfCosine(x)
}

// Momentum is the law of a momentum that mirrors the rate: from high down to low where
// the rate is at Max, and back. PyTorch's are 0.85 and 0.95.
func (l OneCycle) Momentum(low, high float64) Law {
	l.Max, l.Start, l.End = low, high, high
	return l
}

func (l OneCycle) String() string {
	return fmt.Sprintf("1cycle: %g to %g to %g in %g, with %g of it upwards", l.start(), l.Max, l.end(), l.Length, orElse(l.Rise, 0.3))
}

func (l OneCycle) Stretch(by float64) (Law, error) {
	l.Length *= by
	return l, nil
}

func (l OneCycle) Fit(length float64) Law {
	l.Length = orElse(l.Length, length)
	return l
}

func (l OneCycle) Check() error {
	s := settings{law: "OneCycle"}
	s.value("Max", l.Max)
	s.value("Start", l.Start)
	s.value("End", l.End)
	s.length("Length", l.Length)
	rise, most := orElse(l.Rise, 0.3), 1.0
	if l.ThreePhase {
		most = 0.5
	}
	switch {
	case !(rise > 0 && rise < most):
		s.fail("Rise", l.Rise, fmt.Sprintf("a share above 0 and below %g", most))
	case l.Length > 0 && rise*l.Length <= 1:
		s.fail("Length", l.Length, fmt.Sprintf("more than %g steps, 1 of them upwards,", 1/rise))
	}
	return s.err()
}
