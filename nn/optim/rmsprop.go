package optim

import "github.com/cascade-hpc/cascade/ops"

// RMSprop divides each gradient by the root of a running average of its square:
//
//	g ← g + λ p
//	v ← ρ v + (1-ρ) g²
//	d = g / (√v + ε)
//	b ← μ b + d
//	p ← p - η b            (p ← p - η d without momentum)
//
// Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5
// (Coursera, 2012). ε stands outside the root, as in PyTorch and in Keras 2;
// TensorFlow and Keras 3 have √(v+ε), where the same ε weighs far more: 1e-7
// there is about 3e-4 here for a gradient that has vanished. Keras 2's RMSprop(),
// with which the 3D-GAN was published, is {LR: 1e-3, Rho: 0.9, Eps: 1e-7}.
type RMSprop struct {
	LR          float64 // η; 0 is 1e-2, Off is 0
	Rho         float64 // ρ in [0, 1), PyTorch's alpha; 0 is 0.99, Off is 0
	Eps         float64 // ε > 0; 0 is 1e-8
	Momentum    float64 // μ in [0, 1); 0 is none, and needs no state
	WeightDecay float64 // λ
}

// New ties the rule to parameters. Errors: a setting out of range, no parameters.
func (c RMSprop) New(p Params) (*Optimizer, error) {
	s := settings{rule: "RMSprop"}
	lr := s.value("LR", c.LR, 1e-2)
	rho := s.fraction("Rho", c.Rho, 0.99)
	r := &rmsprop{ops.RMSpropUpdate{
		Rho:      float32(rho),
		Fresh:    float32(1 - rho),
		Eps:      float32(s.positive("Eps", c.Eps, 1e-8)),
		Momentum: float32(s.fraction("Momentum", c.Momentum, 0)),
		Decay:    float32(s.value("WeightDecay", c.WeightDecay, 0)),
	}}
	if s.err != nil {
		return nil, s.err
	}
	return newOptimizer(p, r, lr)
}

type rmsprop struct {
	step ops.RMSpropUpdate // at hand
}

func (r *rmsprop) slots() []string {
	if r.step.Momentum == 0 {
		return []string{"square_avg"}
	}
	return []string{"square_avg", "momentum_buffer"}
}

func (r *rmsprop) begin(lr float64, _ int64) { r.step.Rate = float32(lr) }

func (r *rmsprop) update(b *block) {
	r.step.Apply(b.weights, b.gradients, b.state[0], b.state[1])
}
