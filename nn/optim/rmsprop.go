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
	Options
}

// New ties the rule to parameters. Errors: a setting out of range, no parameters.
func (c RMSprop) New(p Params) (*Optimizer, error) {
	s := settings{rule: "RMSprop"}
	first := rates{
		lr:       s.value("LR", c.LR, 1e-2),
		decay:    s.value("WeightDecay", c.WeightDecay, 0),
		momentum: s.fraction("Momentum", c.Momentum, 0),
	}
	rho := s.fraction("Rho", c.Rho, 0.99)
	r := &rmsprop{averages: first.momentum != 0, step: ops.RMSpropUpdate{
		Rho: float32(rho), Fresh: float32(1 - rho), Eps: float32(s.positive("Eps", c.Eps, 1e-8)),
	}}
	return s.newOptimizer(p, r, first, c.Options)
}

type rmsprop struct {
	averages bool              // with momentum
	step     ops.RMSpropUpdate // at hand
}

func (r *rmsprop) slots() []string {
	if !r.averages {
		return []string{squareAvg}
	}
	return []string{squareAvg, momentumBuffer}
}

func (r *rmsprop) begin(now rates, _ int64) {
	r.step.Rate, r.step.Decay, r.step.Momentum = float32(now.lr), float32(now.decay), float32(now.momentum)
}

func (r *rmsprop) update(b *block, from reader) {
	step := r.step
	if !b.of.decayed {
		step.Decay = 0
	}
	step.Apply(b.weights, from.gradient(b), b.state[0], b.state[1])
}
