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
	Options
}

// New ties the rule to parameters. Errors: a setting out of range, no parameters.
func (c SGD) New(p Params) (*Optimizer, error) {
	s := settings{rule: "SGD"}
	first := rates{
		lr:       s.value("LR", c.LR, 1e-3),
		decay:    s.value("WeightDecay", c.WeightDecay, 0),
		momentum: s.fraction("Momentum", c.Momentum, 0),
	}
	r := &sgd{
		averages: first.momentum != 0,
		keep:     1 - s.fraction("Dampening", c.Dampening, 0),
		nesterov: c.Nesterov,
	}
	if c.Nesterov && !r.averages {
		s.fail("Momentum", c.Momentum, "with Nesterov, more than 0")
	}
	if c.Nesterov && r.keep != 1 {
		s.fail("Dampening", c.Dampening, "with Nesterov, 0")
	}
	return s.newOptimizer(p, r, first, c.Options)
}

type sgd struct {
	averages bool // with momentum
	keep     float64
	nesterov bool

	step ops.MomentumUpdate // at hand
}

func (r *sgd) slots() []string {
	if !r.averages {
		return nil
	}
	return []string{momentumBuffer}
}

func (r *sgd) begin(now rates, t int64) {
	r.step = ops.MomentumUpdate{
		Past: float32(now.momentum), Present: float32(r.keep),
		Along: float32(now.lr), Decay: float32(now.decay),
	}
	if t == 1 {
		r.step.Past, r.step.Present = 0, 1
	}
	if r.nesterov {
		r.step.Direct, r.step.Along = float32(now.lr), float32(now.lr*now.momentum)
	}
}

func (r *sgd) update(b *block, from reader) {
	step := r.step
	if !b.of.decayed {
		step.Decay = 0
	}
	if r.averages {
		step.Apply(b.weights, from.gradient(b), b.state[0])
	} else {
		ops.SGDUpdate{Rate: step.Along, Decay: step.Decay}.Apply(b.weights, from.gradient(b))
	}
}
