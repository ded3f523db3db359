package signs

import (
	"math"
	"slices"

	"github.com/cascade-hpc/cascade/ops"
)

// What is said of gradients.
const (
	explosion = 1000 // times the largest norm so far is too large,
	known     = 5    // which so many looks have found,
	jump      = 2    // if the loss is so many times its mean, too
	absent    = 20   // runs in a row without a gradient, while there is a loss
)

// gradientOf looks at the gradient of a net as the last run has left it.
func (w *Watch) gradientOf(n *net) {
	if n.last == nil {
		return
	}
	norm := math.Sqrt(ops.SquaredNorm(n.Net.Gradients()))
	if !finite(norm) {
		w.lostGradient(n)
		return
	}
	l := &n.last.losses
	switch {
	case w.contest():
	case n.none >= absent && l.remains():
		w.say(Gradient, n.Net.Name(), "no gradient reaches net %q: that of the last %d runs of %q is exactly 0, at a loss of %.4g: rectified layers may be dead, or a loss saturated",
			n.Net.Name(), n.none, n.last.Name(), l.last)
	case n.Optimizer.GradientNorm() > 0: // it is clipped
	case n.looks >= known && norm > explosion*n.peak && n.peak > 0 && l.last > jump*l.before:
		w.say(Gradient, n.Net.Name(), "the gradient of net %q has exploded: its norm is %.2g, and was no more than %.2g at %d looks before; the loss went from %.4g to %.4g: Options.ClipNorm of the optimizer or a lower learning rate (it is %g) may help",
			n.Net.Name(), norm, n.peak, n.looks, l.before, l.last, n.Optimizer.LR())
	}
	n.looks++
	n.peak = max(n.peak, norm)
}

// lostGradient says where a gradient that is not finite became so: on the way back from
// the loss the last layers come first.
func (w *Watch) lostGradient(n *net) {
	for _, p := range slices.Backward(n.Net.Params()) {
		if i := notFinite(p.Grad); i >= 0 {
			w.say(NotFinite, n.Net.Name()+" gradient", "the gradient of net %q holds %g, on the way back first that of %q: the loss is %.4g, and the weights are lost with this step: %s",
				n.Net.Name(), p.Grad[i], p.Path, n.last.losses.last, "a lower learning rate may help, or clipped gradients if it happens now and then")
			return
		}
	}
}

// notFinite is the index of the first element that is not finite, or -1.
func notFinite(x []float32) int {
	return slices.IndexFunc(x, func(v float32) bool { return !finite(float64(v)) })
}
