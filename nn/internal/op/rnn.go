package op

import (
	"fmt"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// RNN is a recurrent layer in one direction over a sequence of steps x features, from
// a state of zeros; its result is the state after every step, steps x Units: see
// [ops.RNNDesc]. Its weights are gates·Units, features; the recurrent ones
// gates·Units, Units; the biases one or, of an LBR GRU, four times Units for every
// three gates: sets of Units rows, in the order of [ops.RNNCell].
type RNN struct {
	Cell            ops.RNNCell
	Units           int
	Fn              ops.Activation // of a vanilla cell
	Bias            bool           // they start at 0, those of an LSTM's forget gate at 1
	Reverse         bool           // from the last step to the first
	Init, Recurrent ir.Initialiser // of the weights; nil is GlorotUniform
}

// Inputs of an RNN after src.
const (
	inputWeights = 1 + iota
	recurrentWeights
	recurrentBias
)

// Kind implements ir.Op.
func (r RNN) Kind() string {
	switch r.Cell {
	case ops.LSTM:
		return "LSTM"
	case ops.GRU, ops.LBRGRU:
		return "GRU"
	}
	return "RNN"
}

// Detail describes the operation in summaries.
func (r RNN) Detail() string {
	s := fmt.Sprintf("%d units", r.Units)
	switch r.Cell {
	case ops.VanillaRNN:
		s += " " + r.Fn.Kind.String()
	case ops.GRU:
		s += " reset before"
	}
	if r.Reverse {
		s += " reverse"
	}
	return s + unbiased(r.Bias)
}

// Variables implements ir.Parametric. Fans are those of one gate.
func (r RNN) Variables(in []ir.Type) ([]ir.VariableSpec, error) {
	d, err := r.desc(in)
	if err != nil {
		return nil, err
	}
	rows := d.Cell.Gates() * r.Units
	w, err := variables(ir.VariableSpec{Shape: []int{rows, d.IC}, FanIn: d.IC, FanOut: r.Units}, r.Init, nil, r.Bias, d.BiasLen())
	if err != nil {
		return nil, err
	}
	u, err := variables(ir.VariableSpec{Shape: []int{rows, r.Units}, FanIn: r.Units, FanOut: r.Units}, r.Recurrent, nil, false, 0)
	if err != nil {
		return nil, err
	}
	u[0].Name = "recurrent"
	specs := append([]ir.VariableSpec{w[0], u[0]}, w[1:]...)
	if r.Bias && r.Cell == ops.LSTM {
		specs[2].Init = forgetBias{r.Units}
	}
	return specs, nil
}

// forgetBias makes the biases of an LSTM's forget gate 1 and the others 0, so that a
// cell remembers before it has learnt to (Jozefowicz et al., ICML 2015; Keras).
type forgetBias struct{ units int }

// Fill implements ir.Initialiser.
func (f forgetBias) Fill(dst []float32, _, _ int, _ *philox.Stream) {
	clear(dst)
	for i := f.units; i < 2*f.units; i++ {
		dst[i] = 1
	}
}

// Infer implements ir.Op.
func (r RNN) Infer(in []ir.Type) ([]ir.Type, error) { return infer(r, in) }

// Lower implements ir.Op. It is the form of inference.
func (r RNN) Lower(l *ir.Lowering) (ops.Primitive, error) { return rnnInference{r}.Lower(l) }

// Specialise implements ir.Modal.
func (r RNN) Specialise(s *ir.Specialiser, in []ir.Value) ir.Value {
	if s.Training {
		return ir.Value{Node: s.Emit(rnnTraining{r}, in...)}
	}
	return ir.Value{Node: s.Emit(rnnInference{r}, in...)}
}

// MACs implements ir.Counted.
func (r RNN) MACs(in, _ []ir.Type) int64 {
	d, err := r.desc(in[:1])
	if err != nil {
		return 0
	}
	return d.MACs()
}

func (r RNN) result(src ir.Type) (ir.Type, error) {
	d, err := r.desc([]ir.Type{src})
	if err != nil {
		return ir.Type{}, err
	}
	return ir.Sample(d.T, d.HC), nil
}

// desc is the descriptor for one sample.
func (r RNN) desc(in []ir.Type) (d ops.RNNDesc, err error) {
	steps, features, err := sequence(in)
	if err != nil {
		return d, err
	}
	if err := r.check(); err != nil {
		return d, err
	}
	return ops.RNNDesc{
		Cell: r.Cell, T: steps, N: 1, IC: features, HC: r.Units, Bias: r.Bias,
		Reverse: r.Reverse, BatchFirst: true, Activation: r.Fn,
	}, nil
}

// maxUnits bounds a layer, far above any that makes sense, so that the sizes of its
// weights cannot overflow.
const maxUnits = 1 << 20

// check looks at the settings that have no tensor to fit to.
func (r RNN) check() error {
	switch {
	case r.Cell > ops.LBRGRU:
		return unsupported("cell %s", r.Cell)
	case r.Units < 1 || r.Units > maxUnits:
		return shapeError("%d units: there must be at least 1, and at most %d", r.Units, maxUnits)
	case r.Cell != ops.VanillaRNN && r.Fn != ops.Activation{}:
		return unsupported("activation %s of a cell that has its own", r.Fn.Kind)
	case r.Cell == ops.VanillaRNN && (r.Fn.Kind == ops.Identity || !r.Fn.FromDst()):
		return unsupported("activation %s: it must be relu, leaky_relu, elu, tanh or sigmoid", r.Fn.Kind)
	case !(r.Fn.Alpha >= 0):
		return shapeError("activation %s with %g: it must not be negative", r.Fn.Kind, r.Fn.Alpha)
	}
	return nil
}

// sequence reads an only input as steps x features.
func sequence(in []ir.Type) (steps, features int, err error) {
	if err := samples(in, 1); err != nil {
		return 0, 0, err
	}
	if len(in[0].Dims) != 2 {
		return 0, 0, shapeError("a sample of %s: it must be a sequence, steps x features", in[0])
	}
	return in[0].Dims[0], in[0].Dims[1], nil
}
