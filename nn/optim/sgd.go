package optim

import "github.com/cascade-hpc/cascade/ops"

// SGD is stochastic gradient descent with momentum μ:
//
//	g ← g + λ p
//	b ← μ b + (1-τ) g      (b ← g in the first step)
//	p ← p - η b            or, with Nesterov, p ← p - η (g + μ b)
//
// Polyak (1964), doi:10.1016/0041-5553(64)90137-5; Nesterov's form is that of
// Sutskever, Martens, Dahl and Hinton (ICML 2013), as PyTorch arranges it: the
// learning rate is not part of b, so that a change of it acts at once.
type SGD struct {
	LR          float64 // η; 0 is 1e-3, Off is 0
	Momentum    float64 // μ in [0, 1); 0 is none, and needs no state
	Dampening   float64 // τ in [0, 1)
	Nesterov    bool    // needs momentum, and no dampening
	WeightDecay float64 // λ
}

// New ties the rule to parameters. Errors: a setting out of range, no parameters.
func (c SGD) New(p Params) (*Optimizer, error) {
	s := settings{rule: "SGD"}
	lr := s.value("LR", c.LR, 1e-3)
	r := &sgd{
		momentum: s.fraction("Momentum", c.Momentum, 0),
		keep:     1 - s.fraction("Dampening", c.Dampening, 0),
		nesterov: c.Nesterov,
		decay:    float32(s.value("WeightDecay", c.WeightDecay, 0)),
	}
	if c.Nesterov && r.momentum == 0 {
		s.fail("Momentum", c.Momentum, "with Nesterov, more than 0")
	}
	if c.Nesterov && r.keep != 1 {
		s.fail("Dampening", c.Dampening, "with Nesterov, 0")
	}
	if s.err != nil {
		return nil, s.err
	}
	return newOptimizer(p, r, lr)
}

type sgd struct {
	momentum, keep float64
	nesterov       bool
	decay          float32

	step ops.MomentumUpdate // at hand
}

func (r *sgd) slots() []string {
	if r.momentum == 0 {
		return nil
	}
	return []string{"momentum_buffer"}
}

func (r *sgd) begin(lr float64, step int64) {
	r.step = ops.MomentumUpdate{Past: float32(r.momentum), Present: float32(r.keep), Along: float32(lr), Decay: r.decay}
	if step == 1 {
		r.step.Past, r.step.Present = 0, 1
	}
	if r.nesterov {
		r.step.Direct, r.step.Along = float32(lr), float32(lr*r.momentum)
	}
}

func (r *sgd) update(b *block) {
	if r.momentum == 0 {
		ops.SGDUpdate{Rate: r.step.Along, Decay: r.decay}.Apply(b.weights, b.gradients)
	} else {
		r.step.Apply(b.weights, b.gradients, b.state[0])
	}
}
