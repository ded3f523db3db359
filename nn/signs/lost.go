package signs

import "github.com/cascade-hpc/cascade/ops"

// lost looks for the reason of a loss that is not finite, where it came in first: with
// the inputs, with weights of an earlier update, or on the way.
func (w *Watch) lost(p *program, loss float64) {
	switch {
	case w.lostInput(p), w.lostWeights(p, loss):
	case p.losses.runs == 0:
		w.say(NotFinite, p.Name(), "the loss of %q is %g in its first run, of finite inputs and weights: a target may be one that the loss does not know, such as a label that is no class, or values overflow on the way: are the inputs normalised?",
			p.Name(), loss)
	default:
		w.say(NotFinite, p.Name(), "the loss of %q is %g, of finite inputs and weights, after %.4g in the run before and %.4g in the first: the learning rate%s may be too large, or a target one that the loss does not know, such as a label that is no class",
			p.Name(), loss, p.losses.last, p.losses.first, p.rates())
	}
}

// lostInput says which input of the last run is not finite.
func (w *Watch) lostInput(p *program) bool {
	for _, f := range p.feeds {
		x, err := p.Input(f.Name)
		if err != nil || finite(ops.SquaredNorm(x)) {
			continue
		}
		i := max(notFinite(x), 0)
		w.say(NotFinite, p.Name()+" input "+f.Name, "the input %q of %q holds %g: sample %d of the batch, element %d of %d: the data are broken there, or what was done to them divided by 0",
			f.Name, p.Name(), x[i], i/f.size, i%f.size, f.size)
		return true
	}
	return false
}

// lostWeights says which weights the last run was made with that were not finite.
func (w *Watch) lostWeights(p *program, loss float64) bool {
	for _, n := range p.nets {
		for _, q := range n.Net.Params() {
			if i := notFinite(q.Data); i >= 0 && q.Grad != nil { // statistics are those of the run itself
				w.say(NotFinite, p.Name(), "the loss of %q is %g, as the parameter %q of net %q holds %g: it was lost in an update before: a learning rate lower than %g may help; the loss was %.4g in the run before and %.4g in the first",
					p.Name(), loss, q.Path, n.Net.Name(), q.Data[i], n.Optimizer.LR(), p.losses.last, p.losses.first)
				return true
			}
		}
	}
	return false
}
