package op

import (
	"slices"
	"strings"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Chain is an operation and elementwise ones behind it, in one pass over memory: see
// [ops.NewChain]. Its inputs are those of the first link, then those of each other
// link but for its first, which is the first output of the link before. Its outputs
// are those of the first link.
type Chain struct{ links []link }

// link is an operation with the number of inputs that it adds to a chain.
type link struct {
	op     ir.Op
	inputs int
}

// Behind is a chain of next behind first, which may be a chain, where next reads the
// first output of first as its input number at, and nothing else does. in are the
// inputs of the chain. It is false if there can be no such chain.
func Behind(first *ir.Node, next *ir.Node, at int) (c Chain, in []ir.Value, ok bool) {
	if at > 0 && !commutes(next.Op, len(next.In)) || !follows(next.Op) {
		return c, nil, false
	}
	c, ok = first.Op.(Chain)
	if !ok {
		if !leads(first.Op) {
			return c, nil, false
		}
		c.links = []link{{first.Op, len(first.In)}}
	}
	c.links = append(c.links[:len(c.links):len(c.links)], link{next.Op, len(next.In) - 1})
	in = append(in, first.In...)
	in = append(in, next.In[:at]...)
	return c, append(in, next.In[at+1:]...), true
}

// follows says that an operation has an elementwise primitive.
func follows(o ir.Op) bool {
	switch o.(type) {
	case Activation, activationBackward, dropoutTraining, Add, Mul, Scale:
		return true
	}
	return false
}

// leads says that a primitive of the operation tells of the pieces of its result.
func leads(o ir.Op) bool {
	switch o := o.(type) {
	case Conv, Deconv, BatchNormTraining, BatchNormInference, batchNormBackward:
		return true
	case backwardData:
		return leads(o.of)
	}
	return follows(o)
}

// commutes says that the operation has the same result, to the bit, with its inputs in
// any order.
func commutes(o ir.Op, inputs int) bool {
	switch o.(type) {
	case Add, Mul:
		return inputs == 2
	}
	return false
}

// Kind implements ir.Op: that of the first link.
func (c Chain) Kind() string { return c.links[0].op.Kind() }

// Detail names the links.
func (c Chain) Detail() string {
	var kinds []string
	for _, l := range c.links {
		kinds = append(kinds, l.op.Kind())
	}
	return strings.Join(kinds, " + ")
}

// Infer implements ir.Op.
func (c Chain) Infer(in []ir.Type) ([]ir.Type, error) {
	var out []ir.Type
	err := c.each(in, func(i int, l link, in []ir.Type) ([]ir.Type, error) {
		types, err := l.op.Infer(in)
		if i == 0 {
			out = types
		}
		return types, err
	})
	return out, err
}

// Lower implements ir.Op.
func (c Chain) Lower(l *ir.Lowering) (ops.Primitive, error) {
	var links []ops.Link
	err := c.each(l.In, func(i int, k link, in []ir.Type) ([]ir.Type, error) {
		out := l.Out
		if i > 0 {
			out = l.Out[:1]
		}
		p, err := k.op.Lower(&ir.Lowering{Batch: l.Batch, In: in, Out: out})
		links = append(links, ops.Link{Primitive: p, Inputs: k.inputs})
		return out, err
	})
	if err != nil {
		return nil, err
	}
	return ops.NewChain(links[0], links[1:]...)
}

// each calls do for every link with its inputs. do gives its outputs.
func (c Chain) each(in []ir.Type, do func(i int, l link, in []ir.Type) ([]ir.Type, error)) error {
	total := 0
	for _, l := range c.links {
		total += l.inputs
	}
	if err := arity(in, total); err != nil {
		return err
	}
	var result []ir.Type // the output of the link before
	for i, l := range c.links {
		out, err := do(i, l, append(result, in[:l.inputs]...))
		if err != nil {
			return err
		}
		in, result = in[l.inputs:], out[:1:1]
	}
	return nil
}

// Layouts implements ir.Laid: those of the first link, where all other links can work
// in the layout of its result.
func (c Chain) Layouts(in, out []ir.Type) []ir.Arrangement {
	n := c.links[0].inputs
	var list []ir.Arrangement
	for _, a := range arrangements(c.links[0].op, in[:n], out) {
		if !c.workIn(a.Out[0], out[0]) {
			continue
		}
		for range in[n:] {
			a.In = append(a.In, a.Out[0])
		}
		list = append(list, a)
	}
	return list
}

// workIn says that the links behind the first can work in a layout.
func (c Chain) workIn(l ops.Layout, t ir.Type) bool {
	for _, k := range c.links[1:] {
		in := make([]ir.Type, 1+k.inputs)
		for i := range in {
			in[i] = t
		}
		if !slices.ContainsFunc(arrangements(k.op, in, in[:1]), func(a ir.Arrangement) bool { return a.Out[0] == l && a.In[0] == l }) {
			return false
		}
	}
	return true
}

// arrangements are those of any operation.
func arrangements(o ir.Op, in, out []ir.Type) []ir.Arrangement {
	if laid, ok := o.(ir.Laid); ok {
		return laid.Layouts(in, out)
	}
	return []ir.Arrangement{{In: make([]ops.Layout, len(in)), Out: make([]ops.Layout, len(out))}}
}
