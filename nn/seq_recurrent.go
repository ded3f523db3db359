package nn

import (
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// RNN is a layer of vanilla recurrent cells (Elman 1990), from a state of zeros. Its
// result is the state after every step; a stack of layers is one called on the
// result of another.
//
//	h[t] = tanh(W·x[t] + U·h[t−1] + b)
//
// weights are W, units x F; recurrent are U, units x units; bias is b. [RNNSpec] has
// other activations and directions.
func (x Seq) RNN(units int, spec ...RNNSpec) Seq { return x.recur(ops.VanillaRNN, units, spec) }

// LSTM is a layer of long short-term memory cells (Hochreiter & Schmidhuber 1997;
// Gers et al. 2000), from states of zeros. Its result is h after every step, σ being
// the sigmoid:
//
//	i, f, o = σ(W·x[t] + U·h[t−1] + b)
//	g       = tanh(W·x[t] + U·h[t−1] + b)
//	c[t]    = f·c[t−1] + i·g
//	h[t]    = o·tanh(c[t])
//
// weights are 4·units x F, recurrent 4·units x units and bias 4·units: the rows of the
// gates i, f, g, o one after the other, as PyTorch has them (its two biases are to be
// added) and Keras transposed. The bias of f begins at 1 (Jozefowicz et al. 2015), as
// in Keras.
func (x Seq) LSTM(units int, spec ...RNNSpec) Seq { return x.recur(ops.LSTM, units, spec) }

// GRU is a layer of gated recurrent units (Cho et al. 2014), from a state of zeros.
// Its result is the state after every step:
//
//	u, r = σ(W·x[t] + U·h[t−1] + b)
//	o    = tanh(W·x[t] + b + r·(U·h[t−1] + b′))
//	h[t] = u·h[t−1] + (1 − u)·o
//
// weights are 3·units x F and recurrent 3·units x units, in the order u, r, o of Keras
// (PyTorch's is r, u, o); bias is 4·units, the last being b′. With
// [RNNSpec.ResetBefore] o is tanh(W·x[t] + U·(r·h[t−1]) + b), and bias 3·units.
func (x Seq) GRU(units int, spec ...RNNSpec) Seq { return x.recur(ops.LBRGRU, units, spec) }

func (x Seq) recur(cell ops.RNNCell, units int, specs []RNNSpec) Seq {
	s := Recurrent()
	for i, given := range specs {
		s = given
		if i > 0 {
			s.fail(op.RNN{Cell: cell}.Kind(), "%d specs: there can be one", len(specs))
		}
	}
	o := s.operation(cell, units)
	y := Seq{apply(o, x.t)}
	r, ok := o.(op.RNN)
	if !ok || s.direction < bothConcatenated {
		return y
	}
	r.Reverse = true
	z := Seq{apply(r, x.t)}
	if s.direction == bothAdded {
		return y.Add(z)
	}
	return y.Concat(z)
}
