package nn

import "slices"

// AfterRun has f called after each run of a program that trains the net, in the
// goroutine of the run, when gradients, inputs and outputs are those of the run, until
// stop. This is how a training is watched from outside, whatever programs it consists of.
func (n *Net) AfterRun(f func(p *Program)) (stop func()) {
	n.afterRun = append(n.afterRun, &f)
	return func() {
		n.afterRun = slices.DeleteFunc(slices.Clone(n.afterRun), func(g *func(*Program)) bool { return g == &f })
	}
}

// Name is the name of the net that the program was compiled from.
func (p *Program) Name() string { return p.net.Name() }

// ran tells those who want to know of a run.
func (p *Program) ran() {
	for _, n := range p.trains {
		for _, f := range n.afterRun {
			(*f)(p)
		}
	}
}
