package optim

import "github.com/cascade-hpc/cascade/ops"

// LAMB is AdamW in which the step of each tensor is as long as the tensor:
//
//	m ← β1 m + (1-β1) g
//	v ← β2 v + (1-β2) g²
//	u = (m / (1-β1ᵗ)) / (√(v / (1-β2ᵗ)) + ε) + λ p
//	p ← p - η (‖p‖ / ‖u‖) u              (the ratio is 1 if one of the norms is 0)
//
// You et al. (ICLR 2020), arXiv:1904.00962, algorithm 2, with φ the identity. Norms are formed in
// float64. Tensors that do not decay (Options.NoDecay) have a ratio of 1, as in timm.
// The implementations of timm and NVIDIA clip the gradient first, at Options.ClipNorm 1; here it
// is not unless asked for.
//
// An update takes two passes: 40 bytes of memory traffic for each parameter, where
// AdamW takes 28, and 4 more with ClipNorm.
type LAMB struct {
	LR          float64 // η; 0 is 1e-3, Off is 0
	Beta1       float64 // β1 in [0, 1); 0 is 0.9, Off is 0
	Beta2       float64 // β2 in [0, 1); 0 is 0.999, Off is 0
	Eps         float64 // ε > 0; 0 is 1e-6
	WeightDecay float64 // λ; 0 is 1e-2, Off is 0, and then only AlwaysAdapt adapts
	// AlwaysAdapt applies the ratio to tensors without decay too, as the paper does.
	AlwaysAdapt bool
	Options
}

// New ties the rule to parameters, which must be [Tensors]. Errors: a setting out of
// range, no parameters, tensors that are not where they say.
func (c LAMB) New(p Params) (*Optimizer, error) {
	s := settings{rule: "LAMB"}
	first := s.adamRates(c.LR, 1e-3, c.Beta1, c.WeightDecay, 1e-2)
	r := &lamb{adamMoments: s.moments(c.Beta2, c.Eps, 1e-6), adaptive: adaptive{always: c.AlwaysAdapt}}
	return s.newOptimizer(p, r, first, c.Options)
}

type lamb struct {
	adamMoments
	adaptive
	mean float64
}

func (r *lamb) begin(now rates, t int64) {
	r.rates = now
	r.mean = r.adamMoments.begin(now, t)
}

// measure updates the averages and forms u, of which only the norm is kept: to form it
// again takes less than to bring it back from memory.
func (r *lamb) measure(b *block, from reader) (weights, direction float64) {
	if !r.adapts(b.of) {
		return 0, 0
	}
	step, u := r.step, from.space(b)
	step.Scale, step.Rate = float32(r.decay(b.of)), float32(-r.mean)
	step.ApplyTo(u, b.weights, from.gradient(b), b.state[0], b.state[1])
	return ops.SquaredNorm(b.weights), ops.SquaredNorm(u)
}

func (r *lamb) trust(_ *segment, weights, direction float64) float64 { return weights / direction }

func (r *lamb) update(b *block, from reader) {
	step := r.step
	if !r.adapts(b.of) {
		step.Apply(b.weights, from.gradient(b), b.state[0], b.state[1])
		return
	}
	lr := r.rates.lr * b.of.trust
	step.Scale, step.Rate = float32(1-lr*r.decay(b.of)), float32(lr*r.mean)
	step.Descend(b.weights, b.state[0], b.state[1])
}
