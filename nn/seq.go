package nn

import (
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// Seq is a symbolic batch of sequences: N x T x F, T steps of F features.
type Seq struct{ t Tensor }

// Tensor implements [Handle].
func (x Seq) Tensor() Tensor { return x.t }

// Steps is T.
func (x Seq) Steps() int { return x.t.Size(0) }

// Features is F.
func (x Seq) Features() int { return x.t.Size(1) }

// Dense is the affine map dst = W·x + b of every step to units features, with the
// same W, units x F (Keras's TimeDistributed).
func (x Seq) Dense(units int, options ...DenseOption) Seq {
	return Seq{apply(dense(units, options), x.t)}
}

// BatchNorm normalises every feature over the batch and the steps: see
// [Map.BatchNorm].
func (x Seq) BatchNorm(options ...BatchNormOption) Seq { return Seq{x.t.BatchNorm(options...)} }

// Dropout sets elements to 0 with probability rate in training: see [Map.Dropout].
// Each step draws anew.
func (x Seq) Dropout(rate float64) Seq { return Seq{apply(op.Dropout{Rate: float32(rate)}, x.t)} }

// ReLU is max(x, 0).
func (x Seq) ReLU() Seq { return x.activate(ops.ReLU, 0) }

// LeakyReLU is x where x > 0, else slope·x (Maas et al., ICML 2013).
func (x Seq) LeakyReLU(slope float64) Seq { return x.activate(ops.LeakyReLU, slope) }

// ELU is x where x > 0, else alpha·(eˣ − 1) (Clevert et al. 2015).
func (x Seq) ELU(alpha float64) Seq { return x.activate(ops.ELU, alpha) }

// Tanh is the hyperbolic tangent.
func (x Seq) Tanh() Seq { return x.activate(ops.Tanh, 0) }

// Sigmoid is 1 / (1 + e⁻ˣ).
func (x Seq) Sigmoid() Seq { return x.activate(ops.Sigmoid, 0) }

// Softplus is ln(1 + eˣ).
func (x Seq) Softplus() Seq { return x.activate(ops.Softplus, 0) }

// SiLU is x · sigmoid(x) (Ramachandran et al. 2017).
func (x Seq) SiLU() Seq { return x.activate(ops.SiLU, 0) }

// GELU is x · Φ(x) (Hendrycks & Gimpel 2016).
func (x Seq) GELU() Seq { return x.activate(ops.GELU, 0) }

func (x Seq) activate(kind ops.ActivationKind, alpha float64) Seq {
	return Seq{apply(activation(kind, alpha), x.t)}
}

// Softmax is eˣ over the features of every step, divided by its sum.
func (x Seq) Softmax() Seq { return Seq{apply(op.Softmax{}, x.t)} }

// Add is the sum with other sequences of the same shape.
func (x Seq) Add(others ...Seq) Seq { return Seq{apply(op.Add{}, tensors(x, others)...)} }

// Mul is the product with another sequence, element by element.
func (x Seq) Mul(y Seq) Seq { return Seq{apply(op.Mul{}, x.t, y.t)} }

// Scale multiplies by a constant.
func (x Seq) Scale(factor float64) Seq { return Seq{apply(op.Scale{Factor: float32(factor)}, x.t)} }

// Concat puts the features of other sequences of as many steps behind those of x.
func (x Seq) Concat(others ...Seq) Seq { return Seq{apply(op.Concat{}, tensors(x, others)...)} }

// Step is step t, from 0 on: N x F.
func (x Seq) Step(t int) Vec { return Vec{apply(op.Step{At: t}, x.t)} }

// First is the first step: the final state of a recurrent layer with
// [RNNSpec.Reverse].
func (x Seq) First() Vec { return x.Step(0) }

// Last is the last step: the final state of a recurrent layer. What has seen the whole
// sequence in both directions is
//
//	x.LSTM(64).Last().Concat(x.LSTM(64, nn.Recurrent().Reverse()).First())
func (x Seq) Last() Vec { return x.Step(x.Steps() - 1) }

// Mean is the mean of the steps: N x F.
func (x Seq) Mean() Vec { return Vec{apply(op.StepMean{}, x.t)} }

// Sum is the sum of all elements of a sample: N x 1.
func (x Seq) Sum() Vec { return Vec{apply(op.Sum{}, x.t)} }

// Flatten reads a sample as one vector, one step after the other.
func (x Seq) Flatten() Vec { return Vec{apply(op.Flatten{}, x.t)} }

// Reshape reads a sample, one step after the other, as C channels of H x W.
func (x Seq) Reshape(c, h, w int) Map { return Map{apply(op.Reshape{Dims: []int{c, h, w}}, x.t)} }

// As pins the name of the operation that made x: see [Tensor.As].
func (x Seq) As(name string) Seq { return Seq{x.t.As(name)} }
