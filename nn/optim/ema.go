package optim

import "math"

// EMA is an average of a net's weights in which older ones count exponentially less:
//
//	a ← d a + (1-d) w
//
// Polyak and Juditsky (1992), doi:10.1137/0330046, have the plain mean; with d it is
// part of many published results, from Szegedy et al. (CVPR 2016) on. The average is
// float32, as in PyTorch and timm: a difference from w of less than 3e-8 / (1-d) of a,
// 0.03% for d = 0.9999, is lost to rounding. Update it every k steps with dᵏ where that
// matters.
type EMA struct {
	Decay    float64 // d in [0, 1); 0 is 0.9999, Off is 0
	HalfLife float64 // > 0 in updates, in place of Decay: d = 2^(-1/HalfLife)
	// Warmup lets the average follow a training that has just begun. In update n, from 1,
	//
	//	d(n) = min(d, 1 - (1 + (n-1)/WarmupGamma)^-WarmupPower)
	//
	// as timm has it (ModelEmaV3).
	Warmup      bool
	WarmupGamma float64 // > 0; 0 is 1
	WarmupPower float64 // > 0; 0 is 2/3
}

// New makes the average. Errors: a setting out of range, no weights.
func (c EMA) New(of Averaged) (*Average, error) {
	s := settings{rule: "EMA"}
	l := ema{
		decay:  s.fraction("Decay", c.Decay, 0.9999),
		warmup: c.Warmup,
		gamma:  s.positive("WarmupGamma", c.WarmupGamma, 1),
		power:  s.positive("WarmupPower", c.WarmupPower, 2.0/3),
	}
	if c.HalfLife != 0 {
		if c.Decay != 0 {
			s.fail("Decay", c.Decay, "with HalfLife, 0")
		}
		l.decay = math.Exp2(-1 / s.positive("HalfLife", c.HalfLife, 1))
	}
	if s.err != nil {
		return nil, s.err
	}
	return newAverage(of, l)
}

type ema struct {
	decay, gamma, power float64
	warmup              bool
}

func (l ema) keep(n int64) float64 {
	switch {
	case n == 1:
		return 0
	case l.warmup:
		return min(l.decay, 1-math.Pow(1+float64(n-1)/l.gamma, -l.power))
	}
	return l.decay
}

// SWA is the plain mean of a net's weights at the times of its updates: stochastic
// weight averaging, Izmailov et al. (UAI 2018), arXiv:1803.05407, algorithm 1.
//
//	a ← a + (w - a) / n            in update n, from 1
//
// It wants weights of one valley, such as those of the ends of short cycles or of a constant
// learning rate late in a training. Weights of different valleys, such as snapshots
// after long cycles, average to something that is worse than each: average their
// predictions instead.
type SWA struct{}

// New makes the average. Errors: no weights.
func (SWA) New(of Averaged) (*Average, error) { return newAverage(of, swa{}) }

type swa struct{}

func (swa) keep(n int64) float64 { return float64(n-1) / float64(n) }
