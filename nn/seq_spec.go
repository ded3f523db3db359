package nn

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// RNNSpec is what a recurrent layer can be told beside its units, begun with
// [Recurrent]. It is an immutable value: every method returns a changed copy. A
// setting that cannot be is reported by Build, with the line of the setter or, where
// it does not fit the cell, of the layer.
type RNNSpec struct {
	fn              ops.Activation // Identity is not set
	direction       direction
	resetBefore     bool
	noBias          bool
	init, recurrent Initializer
	mistake         *ir.Mistake // the first
}

type direction uint8

const (
	forwards direction = iota
	backwards
	bothConcatenated
	bothAdded
)

// Recurrent is a layer from the first step to the last with biases, the tanh of a
// vanilla cell, and the reset gate of a GRU after its product.
//
//	x.LSTM(64, nn.Recurrent().Bidirectional().NoBias())
func Recurrent() RNNSpec { return RNNSpec{} }

// ReLU makes max(x, 0) the activation of [Seq.RNN].
func (s RNNSpec) ReLU() RNNSpec { return s.activate("ReLU", ops.ReLU, 0) }

// LeakyReLU makes x where x > 0, else slope·x, the activation of [Seq.RNN].
func (s RNNSpec) LeakyReLU(slope float64) RNNSpec {
	return s.activate("LeakyReLU", ops.LeakyReLU, slope)
}

// ELU makes x where x > 0, else alpha·(eˣ − 1), the activation of [Seq.RNN].
func (s RNNSpec) ELU(alpha float64) RNNSpec { return s.activate("ELU", ops.ELU, alpha) }

// Sigmoid makes 1 / (1 + e⁻ˣ) the activation of [Seq.RNN].
func (s RNNSpec) Sigmoid() RNNSpec { return s.activate("Sigmoid", ops.Sigmoid, 0) }

func (s RNNSpec) activate(setter string, kind ops.ActivationKind, alpha float64) RNNSpec {
	if s.fn.Kind != ops.Identity {
		s.fail(setter, "the activation is set twice")
	}
	if !(alpha >= 0) {
		s.fail(setter, "%g: it must not be negative", alpha)
	}
	s.fn = ops.Activation{Kind: kind, Alpha: float32(alpha)}
	return s
}

// ResetBefore applies the reset gate of [Seq.GRU] to the state, before its product
// with the weights, as Cho et al. wrote it in 2014 and Keras does with
// reset_after=False. By default it comes after, as in PyTorch, cuDNN and Keras.
func (s RNNSpec) ResetBefore() RNNSpec {
	s.resetBefore = true
	return s
}

// Reverse goes from the last step to the first. The result of a step stays in its
// place: the final state is that of step 0.
func (s RNNSpec) Reverse() RNNSpec { return s.turn("Reverse", backwards) }

// Bidirectional makes two layers, one in each direction with weights of its own, and
// concatenates their results (Schuster & Paliwal 1997): there are 2·units features.
func (s RNNSpec) Bidirectional() RNNSpec { return s.turn("Bidirectional", bothConcatenated) }

// BidirectionalSum makes two layers, one in each direction, and adds their results.
func (s RNNSpec) BidirectionalSum() RNNSpec { return s.turn("BidirectionalSum", bothAdded) }

func (s RNNSpec) turn(setter string, d direction) RNNSpec {
	if s.direction != forwards {
		s.fail(setter, "the direction is set twice")
	}
	s.direction = d
	return s
}

// NoBias leaves out the biases.
func (s RNNSpec) NoBias() RNNSpec {
	s.noBias = true
	return s
}

// Init sets how the weights of the input begin. The default is [GlorotUniform], with
// the connections of one gate.
func (s RNNSpec) Init(i Initializer) RNNSpec {
	if i == nil {
		s.fail("Init", "a nil initialiser")
	}
	s.init = i
	return s
}

// InitRecurrent sets how the weights of the state begin. The default is
// [GlorotUniform], with the connections of one gate.
func (s RNNSpec) InitRecurrent(i Initializer) RNNSpec {
	if i == nil {
		s.fail("InitRecurrent", "a nil initialiser")
	}
	s.recurrent = i
	return s
}

// operation is the layer in its first direction, or the spec's mistake.
func (s RNNSpec) operation(cell ops.RNNCell, units int) ir.Op {
	r := op.RNN{
		Cell: cell, Units: units, Fn: s.fn, Bias: !s.noBias, Reverse: s.direction == backwards,
		Init: s.init, Recurrent: s.recurrent,
	}
	switch {
	case cell == ops.VanillaRNN && s.fn.Kind == ops.Identity:
		r.Fn.Kind = ops.Tanh
	case cell != ops.VanillaRNN && s.fn.Kind != ops.Identity:
		s.fail(r.Kind(), "activation %s: only an RNN has a choice", s.fn.Kind)
	}
	switch {
	case cell == ops.LBRGRU && s.resetBefore:
		r.Cell = ops.GRU
	case s.resetBefore:
		s.fail(r.Kind(), "reset before the product: only a GRU has a reset gate")
	}
	if s.mistake != nil {
		return *s.mistake
	}
	return r
}

func (s *RNNSpec) fail(setter, format string, args ...any) {
	if s.mistake == nil {
		s.mistake = &ir.Mistake{Setter: setter, Err: shapeError(format, args...), Site: ir.Caller()}
	}
}
