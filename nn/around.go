package nn

import "slices"

// around is what is called ahead of and after runs.
type around struct{ before, after func(p *Program) }

// AroundRuns has before called ahead of each run of a program that trains the net, when its
// gradients still are those of the run before, and after when inputs, outputs and weights
// are those of the run. Gradients may then be on their way to other ranks. Both are called
// in the goroutine of the run, until stop. This is how a training is watched from outside,
// whatever programs it consists of.
func (n *Net) AroundRuns(before, after func(p *Program)) (stop func()) {
	a := &around{before, after}
	n.around = append(n.around, a)
	return func() {
		n.around = slices.DeleteFunc(slices.Clone(n.around), func(b *around) bool { return b == a })
	}
}

// Name is the name of the net that the program was compiled from.
func (p *Program) Name() string { return p.net.Name() }

// begins tells those who want to know of a run that is about to begin.
func (p *Program) begins() {
	for _, n := range p.trains {
		for _, a := range n.around {
			a.before(p)
		}
	}
}

// ends tells them that it is over.
func (p *Program) ends() {
	for _, n := range p.trains {
		for _, a := range n.around {
			a.after(p)
		}
	}
}
