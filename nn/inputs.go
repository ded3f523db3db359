package nn

import (
	"slices"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
)

// Input is an input of a program.
type Input struct {
	Name string
	Dims []int // of a sample
	// Raw says that a layer which the program trains multiplies the values by its
	// weights as they come: nothing on the way normalises, scales or adds to them. A
	// target of a loss is not raw, nor is what frozen layers alone take.
	Raw bool
}

// Inputs lists the inputs in the order of declaration.
func (p *Program) Inputs() []Input {
	raw := p.raw()
	list := make([]Input, len(p.net.inputs))
	for i, in := range p.net.inputs {
		list[i] = Input{Name: in.name, Dims: slices.Clone(in.value.Type().Dims), Raw: raw[in.value.Node]}
	}
	return list
}

// raw is the set of inputs that reach the weights of a trained layer as they are.
func (p *Program) raw() map[*ir.Node]bool {
	seen := map[*ir.Node]bool{}
	var walk func(n *ir.Node)
	walk = func(n *ir.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		if carries(n.Op) {
			for _, v := range n.In {
				walk(v.Node)
			}
		}
	}
	for _, n := range p.net.graph.Nodes {
		if weighs(n.Op) && p.trainedOf(n) != nil {
			walk(n.In[0].Node)
		}
	}
	return seen
}

// trainedOf lists the variables of a node that the program trains.
func (p *Program) trainedOf(n *ir.Node) (list []*ir.Variable) {
	if n.Frozen {
		return nil
	}
	for _, v := range n.In {
		if l, ok := v.Leaf(); ok && p.trained[l.Variable] {
			list = append(list, l.Variable)
		}
	}
	return list
}

// weighs says that an operation multiplies its first input by weights.
func weighs(o ir.Op) bool {
	switch o.(type) {
	case op.Conv, op.Deconv, op.Dense, op.RNN:
		return true
	}
	return false
}

// carries says that the values of a result are those of the operands, moved, repeated or
// pooled.
func carries(o ir.Op) bool {
	switch o.(type) {
	case op.Flatten, op.Reshape, op.Transpose, op.Concat, op.Pad, op.Upsample, op.Expand, op.Repeat, op.Step, op.Dropout, op.Pool:
		return true
	}
	return false
}
