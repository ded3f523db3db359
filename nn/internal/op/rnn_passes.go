package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// rnnInference has the inputs and the output of the RNN.
type rnnInference struct{ of RNN }

// Kind implements ir.Op.
func (r rnnInference) Kind() string { return r.of.Kind() + "Inference" }

// Detail describes the operation in summaries.
func (r rnnInference) Detail() string { return r.of.Detail() }

// Infer implements ir.Op.
func (r rnnInference) Infer(in []ir.Type) ([]ir.Type, error) { return r.of.Infer(in) }

// Lower implements ir.Op.
func (r rnnInference) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return r.of.forward(l, ops.NewRNNInference, []int{0})
}

// rnnTraining has the inputs of the RNN and, but for a vanilla cell, a second output:
// the workspace for the backward pass.
type rnnTraining struct{ of RNN }

// Kind implements ir.Op.
func (r rnnTraining) Kind() string { return r.of.Kind() + "Training" }

// Detail describes the operation in summaries.
func (r rnnTraining) Detail() string { return r.of.Detail() }

// Infer implements ir.Op.
func (r rnnTraining) Infer(in []ir.Type) ([]ir.Type, error) {
	out, err := r.of.Infer(in)
	if err != nil {
		return nil, err
	}
	return r.of.withWorkspace(out, in[0])
}

// withWorkspace appends the type of the workspace, if there is one.
func (r RNN) withWorkspace(list []ir.Type, src ir.Type) ([]ir.Type, error) {
	d, err := r.desc([]ir.Type{src})
	if err != nil || d.WorkspaceLen() == 0 {
		return list, err
	}
	return append(list, ir.Sample(d.WorkspaceLen())), nil
}

// Lower implements ir.Op.
func (r rnnTraining) Lower(l *ir.Lowering) (ops.Primitive, error) {
	to := []int{0, 1}
	if len(l.Out) == 1 {
		to[1] = none
	}
	return r.of.forward(l, ops.NewRNN, to)
}

// forward makes a forward primitive; to are its first outputs.
func (r RNN) forward(l *ir.Lowering, create func(ops.RNNDesc) (ops.Primitive, error), to []int) (ops.Primitive, error) {
	d, err := r.desc(l.In[:1])
	if err != nil {
		return nil, err
	}
	d.N = l.Batch
	p, err := create(d)
	if err != nil {
		return nil, err
	}
	from := []int{0, inputWeights, recurrentWeights, recurrentBias, none}
	if !r.Bias {
		from[recurrentBias] = none
	}
	if r.Cell == ops.LSTM {
		from, to = append(from, none), append(to, none)
	}
	return newArranged(p, from, to), nil
}

// Gradient implements ir.Differentiable. Weights and biases come from one operation
// with src, whichever of them is wanted.
func (r rnnTraining) Gradient(g *ir.Gradient) {
	b := rnnBackward{of: r.of, src: g.Needs(0)}
	for i := inputWeights; i < g.Inputs(); i++ {
		b.weights = b.weights || g.Needs(i)
	}
	if !b.src && !b.weights {
		return
	}
	in := []ir.Value{g.DOut(), g.In(0), g.In(inputWeights), g.In(recurrentWeights), g.Out(0)}
	if r.of.Cell != ops.VanillaRNN {
		in = append(in, g.Out(1))
	}
	n, index := g.EmitNode(b, in...), 0
	for i := range g.Inputs() {
		if i == 0 && !b.src || i > 0 && !b.weights {
			continue
		}
		if g.Needs(i) {
			g.Set(i, ir.Value{Node: n, Index: index})
		}
		index++
	}
}

// rnnBackward has the inputs diffDst, src, weights, recurrent, dst and, but for a
// vanilla cell, workspace. Its outputs are diffSrc, if src, and then, if weights,
// diffWeights, diffRecurrent and with a bias diffBias.
type rnnBackward struct {
	of           RNN
	src, weights bool
}

// Kind implements ir.Op.
func (b rnnBackward) Kind() string { return b.of.Kind() + "Backward" }

// Infer implements ir.Op.
func (b rnnBackward) Infer(in []ir.Type) ([]ir.Type, error) {
	if len(in) < 5 {
		return nil, arity(in, 5)
	}
	specs, err := b.of.Variables(in[1:2])
	if err != nil {
		return nil, err
	}
	dst, err := b.of.result(in[1])
	if err != nil {
		return nil, err
	}
	want, err := b.of.withWorkspace([]ir.Type{dst, in[1], ir.Whole(specs[0].Shape...), ir.Whole(specs[1].Shape...), dst}, in[1])
	if err != nil {
		return nil, err
	}
	if err := arity(in, len(want)); err != nil {
		return nil, err
	}
	for i, name := range []string{"diffDst", "src", "weights", "recurrent", "dst", "workspace"}[:len(want)] {
		if err := expect(name, in[i], want[i]); err != nil {
			return nil, err
		}
	}
	var out []ir.Type
	if b.src {
		out = append(out, in[1])
	}
	if b.weights {
		for _, s := range specs {
			out = append(out, ir.Whole(s.Shape...))
		}
	}
	return out, nil
}

// Lower implements ir.Op.
func (b rnnBackward) Lower(l *ir.Lowering) (ops.Primitive, error) {
	d, err := b.of.desc(l.In[1:2])
	if err != nil {
		return nil, err
	}
	d.N = l.Batch
	p, err := ops.NewRNNBackward(d)
	if err != nil {
		return nil, err
	}
	const initial = none // states of zeros
	from := []int{0, 1, 2, 3, initial, 4, 5}
	if d.Cell == ops.VanillaRNN {
		from[6] = none
	}
	to, next := []int{none, none, none, none, initial}, 0
	wanted := []bool{b.src, b.weights, b.weights, b.weights && d.Bias}
	for i, w := range wanted {
		if w {
			to[i] = next
			next++
		}
	}
	if d.Cell == ops.LSTM {
		from, to = append(from, none, none), append(to, none)
	}
	return newArranged(p, from, to), nil
}
