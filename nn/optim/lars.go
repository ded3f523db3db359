package optim

import "github.com/cascade-hpc/cascade/ops"

// LARS is SGD with momentum in which each tensor has a learning rate of its own, in
// proportion to the ratio of its norm to that of its gradient:
//
//	t = η' ‖p‖ / (‖g‖ + λ ‖p‖ + ε)       (1 if ‖p‖ or ‖g‖ is 0)
//	b ← μ b + t (g + λ p)
//	p ← p - η b                           or, with Nesterov, p ← p - η (t (g + λ p) + μ b)
//
// You, Gitman and Ginsburg (2017), arXiv:1708.03888, with η outside of b: the paper
// has it inside, which is the same as long as η does not change. Norms are formed in
// float64. Tensors that do not decay (Options.NoDecay) have t = 1, as in timm: the
// norm of a bias or of a scale says little of how far it should go.
//
// An update takes two passes: 28 bytes of memory traffic for each parameter, where SGD with
// momentum takes 20.
type LARS struct {
	LR          float64 // η; 0 is 1, Off is 0
	Momentum    float64 // μ in [0, 1); 0 is 0.9, Off is none, and needs no state
	WeightDecay float64 // λ; 0 is 1e-4, the paper's for ResNet-50; Off is 0, and then only AlwaysAdapt adapts
	Trust       float64 // η' > 0, the trust coefficient; 0 is 1e-3
	Eps         float64 // ε > 0; 0 is 1e-8
	Nesterov    bool    // needs momentum
	// Clip is LARC: t ← min(t / η, 1), so that no tensor has a rate above η.
	Clip bool
	// AlwaysAdapt gives tensors without decay rates of their own too.
	AlwaysAdapt bool
	Options
}

// New ties the rule to parameters, which must be [Tensors]. Errors: a setting out of
// range, no parameters, tensors that are not where they say.
func (c LARS) New(p Params) (*Optimizer, error) {
	s := settings{rule: "LARS"}
	first := rates{
		lr:       s.value("LR", c.LR, 1),
		decay:    s.value("WeightDecay", c.WeightDecay, 1e-4),
		momentum: s.fraction("Momentum", c.Momentum, 0.9),
	}
	r := &lars{
		coefficient: s.positive("Trust", c.Trust, 1e-3),
		eps:         s.positive("Eps", c.Eps, 1e-8),
		averages:    first.momentum != 0,
		nesterov:    c.Nesterov,
		clip:        c.Clip,
		adaptive:    adaptive{always: c.AlwaysAdapt},
	}
	if c.Nesterov && !r.averages {
		s.fail("Momentum", c.Momentum, "with Nesterov, more than 0")
	}
	return s.newOptimizer(p, r, first, c.Options)
}

// adaptive says which segments are measured.
type adaptive struct {
	always bool
	rates  rates // at hand
}

func (a *adaptive) adapts(s *segment) bool { return a.always || a.decay(s) != 0 }

func (a *adaptive) decay(s *segment) float64 {
	if !s.decayed {
		return 0
	}
	return a.rates.decay
}

type lars struct {
	adaptive
	coefficient, eps         float64
	averages, nesterov, clip bool
}

func (r *lars) slots() []string {
	if !r.averages {
		return nil
	}
	return []string{momentumBuffer}
}

func (r *lars) begin(now rates, _ int64) { r.rates = now }

func (r *lars) measure(b *block, from reader) (weights, gradient float64) {
	if !r.adapts(b.of) {
		return 0, 0
	}
	return ops.SquaredNorm(b.weights), ops.SquaredNorm(from.gradient(b))
}

func (r *lars) trust(s *segment, weights, gradient float64) float64 {
	t := r.coefficient * weights / (gradient + r.decay(s)*weights + r.eps)
	if r.clip {
		t = min(t/r.rates.lr, 1)
	}
	return t
}

func (r *lars) update(b *block, from reader) {
	lr, t, decay := r.rates.lr, b.of.trust, float32(r.decay(b.of))
	if !r.averages {
		ops.SGDUpdate{Rate: float32(lr * t), Decay: decay}.Apply(b.weights, from.gradient(b))
		return
	}
	step := ops.MomentumUpdate{Past: float32(r.rates.momentum), Present: float32(t), Along: float32(lr), Decay: decay}
	if r.nesterov {
		step.Direct, step.Along = float32(lr*t), float32(lr*r.rates.momentum)
	}
	step.Apply(b.weights, from.gradient(b), b.state[0])
}
