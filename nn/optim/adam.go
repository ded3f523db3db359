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
}

// New ties the rule to parameters. Errors: a setting out of range, no parameters.
func (c Adam) New(p Params) (*Optimizer, error) {
	s := settings{rule: "Adam"}
	r := newAdam(&s, c.Beta1, c.Beta2, c.Eps)
	r.step.Decay = float32(s.value("WeightDecay", c.WeightDecay, 0))
	lr := s.value("LR", c.LR, 1e-3)
	if s.err != nil {
		return nil, s.err
	}
	return newOptimizer(p, r, lr)
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
}

// New ties the rule to parameters. Errors: a setting out of range, no parameters.
func (c AdamW) New(p Params) (*Optimizer, error) {
	s := settings{rule: "AdamW"}
	r := newAdam(&s, c.Beta1, c.Beta2, c.Eps)
	r.shrink = s.value("WeightDecay", c.WeightDecay, 1e-2)
	lr := s.value("LR", c.LR, 1e-3)
	if s.err != nil {
		return nil, s.err
	}
	return newOptimizer(p, r, lr)
}

// adam is both rules: the step's Decay is 0 in AdamW, and shrink in Adam.
type adam struct {
	beta1, beta2 float64
	shrink       float64
	step         ops.AdamUpdate // at hand
}

func newAdam(s *settings, beta1, beta2, eps float64) *adam {
	r := &adam{beta1: s.fraction("Beta1", beta1, 0.9), beta2: s.fraction("Beta2", beta2, 0.999)}
	r.step = ops.AdamUpdate{
		Beta1: float32(r.beta1), Fresh1: float32(1 - r.beta1),
		Beta2: float32(r.beta2), Fresh2: float32(1 - r.beta2),
		Eps: float32(s.positive("Eps", eps, 1e-8)),
	}
	return r
}

func (r *adam) slots() []string { return []string{"exp_avg", "exp_avg_sq"} }

func (r *adam) begin(lr float64, step int64) {
	t := float64(step)
	r.step.Scale = float32(1 - lr*r.shrink)
	r.step.Rate = float32(lr / (1 - math.Pow(r.beta1, t)))
	r.step.Correction = float32(1 / math.Sqrt(1-math.Pow(r.beta2, t)))
}

func (r *adam) update(b *block) { r.step.Apply(b.weights, b.gradients, b.state[0], b.state[1]) }
