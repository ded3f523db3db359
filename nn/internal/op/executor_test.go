package op

import (
	"math"
	"testing"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/stretchr/testify/require"
)

// trial is one operation, declared, specialised and carried out: the smallest
// compiler there can be.
type trial struct {
	t          *testing.T
	batch      int
	graph      *ir.Graph // the program's
	in         []ir.Value
	out        ir.Value
	data       map[ir.Value][]float32
	primitives map[*ir.Node]ops.Primitive
}

// mode is how an operation is specialised.
type mode struct {
	training, frozen bool
	group            *ir.Group
}

var training = mode{training: true}

// try applies an operation to inputs of the types. The variables follow as further
// inputs.
func try(t *testing.T, o ir.Op, batch int, m mode, types ...ir.Type) *trial {
	t.Helper()
	declared := &ir.Graph{Name: t.Name()}
	in := make([]ir.Value, len(types))
	for i, typ := range types {
		in[i] = declared.Leaf(ir.Leaf{Type: typ, Input: "x"})
	}
	n := declared.Emit(o, in...).Node
	require.Empty(t, declared.Errors)

	x := &trial{
		t: t, batch: batch, graph: &ir.Graph{Name: t.Name()},
		data: map[ir.Value][]float32{}, primitives: map[*ir.Node]ops.Primitive{},
	}
	for _, v := range n.In {
		leaf, _ := v.Leaf()
		x.in = append(x.in, x.leaf(leaf))
	}
	n.Frozen = m.frozen
	var err error
	if _, modal := o.(ir.Modal); modal {
		x.out, err = ir.Specialise(x.graph, n, x.in, m.training, 7, m.group)
	} else {
		x.out.Node, err = x.graph.Add(n, o, x.in)
	}
	require.NoError(t, err)
	return x
}

// leaf adds a leaf with n numbers in ±1.5 in an irregular order, no two of which are
// closer than 3/n and none of which is closer to 0 than 0.75/n.
func (x *trial) leaf(l ir.Leaf) ir.Value {
	v := x.graph.Leaf(l)
	values := make([]float32, l.Type.Len(x.batch))
	r := philox.NewStream(1, uint64(v.Node.ID))
	for i, p := range r.Perm(len(values)) {
		values[i] = 3*(float32(p)+0.75)/float32(len(values)) - 1.5
	}
	if l.Variable != nil && l.Variable.Name == "running_var" {
		for i := range values {
			values[i] *= values[i]
		}
	}
	x.data[v] = values
	return v
}

// run carries out nodes of the program, in order.
func (x *trial) run(nodes []*ir.Node) {
	for _, n := range nodes {
		if n.IsLeaf() {
			continue
		}
		p := x.primitive(n)
		env := ops.NewExec(ops.Default(), p)
		env.Seed, env.Step = 42, 3
		p.Exec(env, x.operands(n.In), x.results(n))
	}
}

// primitive lowers a node, once.
func (x *trial) primitive(n *ir.Node) ops.Primitive {
	if p, ok := x.primitives[n]; ok {
		return p
	}
	l := &ir.Lowering{Batch: x.batch, Out: n.Out}
	for _, v := range n.In {
		l.In = append(l.In, v.Type())
	}
	p, err := n.Op.Lower(l)
	require.NoError(x.t, err)
	x.primitives[n] = p
	return p
}

func (x *trial) operands(in []ir.Value) [][]float32 {
	data := make([][]float32, len(in))
	for i, v := range in {
		data[i] = x.data[v]
		require.Len(x.t, data[i], v.Type().Len(x.batch))
	}
	return data
}

// results is memory for a node's outputs, full of what no operation may leave.
func (x *trial) results(n *ir.Node) [][]float32 {
	data := make([][]float32, len(n.Out))
	for i, typ := range n.Out {
		data[i] = make([]float32, typ.Len(x.batch))
		for j := range data[i] {
			data[i][j] = float32(math.NaN())
		}
		x.data[ir.Value{Node: n, Index: i}] = data[i]
	}
	return data
}

// forward is the result.
func (x *trial) forward() []float32 {
	x.run(x.graph.Nodes)
	return x.data[x.out]
}

// differentiate adds the backward pass, for the gradient dst of the result. It
// returns the gradients of the inputs, zero where none is needed.
func (x *trial) differentiate(needs []bool) (dst ir.Value, gradients []ir.Value) {
	dst = x.leaf(ir.Leaf{Type: x.out.Type(), Input: "diffDst"})
	dout := make([]ir.Value, len(x.out.Node.Out))
	dout[x.out.Index] = dst
	gradients, err := ir.Differentiate(x.out.Node, dout, needs)
	require.NoError(x.t, err)
	return dst, gradients
}

// backward gives the gradients of the inputs in needs for a gradient of the result.
func (x *trial) backward(diffDst []float32, needs []bool) [][]float32 {
	dst, gradients := x.differentiate(needs)
	x.data[dst] = diffDst
	x.run(x.graph.Nodes)
	data := make([][]float32, len(gradients))
	for i, v := range gradients {
		data[i] = x.data[v]
	}
	return data
}

// all is n times true.
func all(n int) []bool {
	b := make([]bool, n)
	for i := range b {
		b[i] = true
	}
	return b
}
