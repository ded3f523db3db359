package optim

import (
	"math"

	"github.com/cascade-hpc/cascade/ops"
)

// Adam follows a running average of the gradient, divided by the root of one of
// its square, both corrected for having started from zero:
//
//	g ← g + λ p
//	m ← β1 m + (1-β1) g
//	v ← β2 v + (1-β2) g²
//	p ← p - η (m / (1-β1ᵗ)) / (√(v / (1-β2ᵗ)) + ε)
//
// Kingma and Ba (ICLR 2015), arXiv:1412.6980, algorithm 1.
type Adam struct {
	LR          float64 // η; 0 is 1e-3, Off is 0
	Beta1       float64 // β1 in [0, 1); 0 is 0.9, Off is 0
	Beta2       float64 // β2 in [0, 1); 0 is 0.999, Off is 0
	Eps         float64 // ε > 0; 0 is 1e-8
	WeightDecay float64 // λ
	Options
}

// New ties the rule to parameters. Errors: a setting out of range, no parameters.
func (c Adam) New(p Params) (*Optimizer, error) {
	s := settings{rule: "Adam"}
	first := s.adamRates(c.LR, 1e-3, c.Beta1, c.WeightDecay, 0)
	return s.newOptimizer(p, &adam{adamMoments: s.moments(c.Beta2, c.Eps, 1e-8)}, first, c.Options)
}

// AdamW is Adam with decay of the weights themselves, which the averages do not
// see:
//
//	p ← (1 - η λ) p
//
// and then Adam's update without λ. Loshchilov and Hutter (ICLR 2019),
// arXiv:1711.05101, algorithm 2; like PyTorch's, the decay follows the learning
// rate.
type AdamW struct {
	LR          float64 // η; 0 is 1e-3, Off is 0
	Beta1       float64 // β1 in [0, 1); 0 is 0.9, Off is 0
	Beta2       float64 // β2 in [0, 1); 0 is 0.999, Off is 0
	Eps         float64 // ε > 0; 0 is 1e-8
	WeightDecay float64 // λ; 0 is 1e-2, Off is 0
	Options
}

// New ties the rule to parameters. Errors: a setting out of range, no parameters.
func (c AdamW) New(p Params) (*Optimizer, error) {
	s := settings{rule: "AdamW"}
	first := s.adamRates(c.LR, 1e-3, c.Beta1, c.WeightDecay, 1e-2)
	r := &adam{adamMoments: s.moments(c.Beta2, c.Eps, 1e-8), decoupled: true}
	return s.newOptimizer(p, r, first, c.Options)
}

func (s *settings) adamRates(lr, standardLR, beta1, decay, standardDecay float64) rates {
	return rates{
		lr:       s.value("LR", lr, standardLR),
		decay:    s.value("WeightDecay", decay, standardDecay),
		momentum: s.fraction("Beta1", beta1, 0.9),
	}
}

// adamMoments are the two averages of Adam and LAMB.
type adamMoments struct {
	beta2 float64
	step  ops.AdamUpdate // at hand
}

func (s *settings) moments(beta2, eps, standardEps float64) adamMoments {
	m := adamMoments{beta2: s.fraction("Beta2", beta2, 0.999)}
	m.step.Beta2, m.step.Fresh2 = float32(m.beta2), float32(1-m.beta2)
	m.step.Eps = float32(s.positive("Eps", eps, standardEps))
	return m
}

func (m *adamMoments) slots() []string { return []string{expAvg, expAvgSq} }

// begin sets all but the decay. mean is what the first average is to be multiplied
// with, since it started from zero.
func (m *adamMoments) begin(now rates, t int64) (mean float64) {
	m.step.Beta1, m.step.Fresh1 = float32(now.momentum), float32(1-now.momentum)
	m.step.Correction = float32(1 / math.Sqrt(1-math.Pow(m.beta2, float64(t))))
	mean = 1 / (1 - math.Pow(now.momentum, float64(t)))
	m.step.Scale, m.step.Rate = 1, float32(now.lr*mean)
	return mean
}

// adam is both rules.
type adam struct {
	adamMoments
	decoupled bool // AdamW
	shrink    float32
	decay     float32
}

func (r *adam) begin(now rates, t int64) {
	r.adamMoments.begin(now, t)
	r.shrink, r.decay = 1, float32(now.decay)
	if r.decoupled {
		r.shrink, r.decay = float32(1-now.lr*now.decay), 0
	}
}

func (r *adam) update(b *block, from reader) {
	step := r.step
	if b.of.decayed {
		step.Scale, step.Decay = r.shrink, r.decay
	}
	step.Apply(b.weights, from.gradient(b), b.state[0], b.state[1])
}
