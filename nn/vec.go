package nn

import (
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// Vec is a symbolic batch of vectors: N x F.
type Vec struct{ t Tensor }

// Tensor implements [Handle].
func (x Vec) Tensor() Tensor { return x.t }

// Features is F.
func (x Vec) Features() int { return x.t.Size(0) }

// Dense is the affine map dst = W·x + b to units features, with W units x F. It
// costs units·F multiply-adds a sample.
func (x Vec) Dense(units int, options ...DenseOption) Vec {
	return Vec{apply(dense(units, options), x.t)}
}

// BatchNorm normalises every feature over the batch: see [Map.BatchNorm].
func (x Vec) BatchNorm(options ...BatchNormOption) Vec { return Vec{x.t.BatchNorm(options...)} }

// Dropout sets features to 0 with probability rate in training: see [Map.Dropout].
func (x Vec) Dropout(rate float64) Vec { return Vec{apply(op.Dropout{Rate: float32(rate)}, x.t)} }

// ReLU is max(x, 0).
func (x Vec) ReLU() Vec { return x.activate(ops.ReLU, 0) }

// LeakyReLU is x where x > 0, else slope·x (Maas et al., ICML 2013).
func (x Vec) LeakyReLU(slope float64) Vec { return x.activate(ops.LeakyReLU, slope) }

// ELU is x where x > 0, else alpha·(eˣ − 1) (Clevert et al. 2015).
func (x Vec) ELU(alpha float64) Vec { return x.activate(ops.ELU, alpha) }

// Tanh is the hyperbolic tangent.
func (x Vec) Tanh() Vec { return x.activate(ops.Tanh, 0) }

// Sigmoid is 1 / (1 + e⁻ˣ).
func (x Vec) Sigmoid() Vec { return x.activate(ops.Sigmoid, 0) }

// Softplus is ln(1 + eˣ).
func (x Vec) Softplus() Vec { return x.activate(ops.Softplus, 0) }

// SiLU is x · sigmoid(x) (Ramachandran et al. 2017).
func (x Vec) SiLU() Vec { return x.activate(ops.SiLU, 0) }

// GELU is x · Φ(x) (Hendrycks & Gimpel 2016).
func (x Vec) GELU() Vec { return x.activate(ops.GELU, 0) }

func (x Vec) activate(kind ops.ActivationKind, alpha float64) Vec {
	return Vec{apply(activation(kind, alpha), x.t)}
}

// Softmax is eˣ over the features, divided by its sum. A loss of the softmax's
// cross entropy takes what goes into it: [SoftmaxCE].
func (x Vec) Softmax() Vec { return Vec{apply(op.Softmax{}, x.t)} }

// Add is the sum with other vectors of the same size.
func (x Vec) Add(others ...Vec) Vec { return Vec{apply(op.Add{}, tensors(x, others)...)} }

// Mul is the product with another vector, element by element.
func (x Vec) Mul(y Vec) Vec { return Vec{apply(op.Mul{}, x.t, y.t)} }

// Scale multiplies by a constant.
func (x Vec) Scale(factor float64) Vec { return Vec{apply(op.Scale{Factor: float32(factor)}, x.t)} }

// Concat puts other vectors behind x.
func (x Vec) Concat(others ...Vec) Vec { return Vec{apply(op.Concat{}, tensors(x, others)...)} }

// Sum is the sum of the features: N x 1.
func (x Vec) Sum() Vec { return Vec{apply(op.Sum{}, x.t)} }

// Reshape reads the features as C channels of H x W.
func (x Vec) Reshape(c, h, w int) Map { return Map{apply(op.Reshape{Dims: []int{c, h, w}}, x.t)} }

// ToSeq reads the features as steps of as many features each, one after the other.
func (x Vec) ToSeq(steps, features int) Seq {
	return Seq{apply(op.Reshape{Dims: []int{steps, features}}, x.t)}
}

// Repeat makes the vector every step of a sequence, for a decoder to begin with (Keras's
// RepeatVector).
func (x Vec) Repeat(steps int) Seq { return Seq{apply(op.Repeat{Steps: steps}, x.t)} }

// Expand repeats the features over a map of c x h x w, to be multiplied with one or
// added to one: a vector of 1 feature fills the map, one of c features fills each
// channel.
func (x Vec) Expand(c, h, w int) Map { return Map{apply(op.Expand{Dims: []int{c, h, w}}, x.t)} }

// As pins the name of the operation that made x: see [Tensor.As].
func (x Vec) As(name string) Vec { return Vec{x.t.As(name)} }
