package nn

import (
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// Map is a symbolic batch of images or feature maps: N x C x H x W.
type Map struct{ t Tensor }

// Tensor implements [Handle].
func (x Map) Tensor() Tensor { return x.t }

// Channels is C.
func (x Map) Channels() int { return x.t.Size(0) }

// Height is H.
func (x Map) Height() int { return x.t.Size(1) }

// Width is W.
func (x Map) Width() int { return x.t.Size(2) }

// Conv is a convolution with a number of filters (a cross-correlation, as in all
// frameworks), with weights filters x C/groups x KH x KW:
//
//	dst[f, o] = bias[f] + Σ_c Σ_k weights[f, c, k] · x[c, o·stride + k·dilation − pad]
func (x Map) Conv(filters int, window Spec) Map { return Map{apply(window.s.Conv(filters), x.t)} }

// Deconv is a deconvolution (transposed convolution): the gradient, with respect to
// its input, of the convolution with the same window, with weights
// C x filters/groups x KH x KW. Its output has
// (in − 1)·stride − padding + (k − 1)·dilation + 1 + OutPad positions.
func (x Map) Deconv(filters int, window DeconvSpec) Map {
	return Map{apply(window.s.Deconv(filters), x.t)}
}

// MaxPool is the maximum over windows. The default stride is the window.
func (x Map) MaxPool(window Spec) Map { return Map{apply(window.s.Pool(ops.MaxPooling), x.t)} }

// AvgPool is the mean over windows; padding does not count. The default stride is
// the window.
func (x Map) AvgPool(window Spec) Map { return Map{apply(window.s.Pool(ops.AveragePooling), x.t)} }

// GlobalAvgPool is the mean of every channel: N x C.
func (x Map) GlobalAvgPool() Vec { return Vec{apply(op.Mean{Spatial: true}, x.t)} }

// Upsample repeats every element h x w times: nearest-neighbour up-sampling.
func (x Map) Upsample(h, w int) Map {
	return Map{apply(op.Upsample{Scale: [3]int{1, h, w}, Rank: 2}, x.t)}
}

// Pad puts zeros on both sides.
func (x Map) Pad(h, w int) Map {
	return Map{apply(op.Pad{Lo: [3]int{0, h, w}, Hi: [3]int{0, h, w}, Rank: 2}, x.t)}
}

// BatchNorm normalises every channel over the batch and its positions (Ioffe &
// Szegedy, ICML 2015):
//
//	dst = gamma · (x − mean) / √(variance + eps) + beta
//
// In training mean and variance are the batch's, and averages of them are kept for
// inference. See [Momentum] and [Epsilon].
func (x Map) BatchNorm(options ...BatchNormOption) Map { return Map{x.t.BatchNorm(options...)} }

// LRN is local response normalisation across the channels of each position
// (Krizhevsky et al., NIPS 2012):
//
//	dst[c] = x[c] / (k + alpha/size · Σ x[i]²)^beta,  i from c − (size−1)/2 to c + (size−1)/2
//
// Channels that there are not count as 0, and the sum is divided by size everywhere.
// These are Caffe's and PyTorch's numbers, for windows of an odd size; those of
// TensorFlow are size = 2·depth_radius + 1, alpha = size·(its alpha) and k = bias, and
// AlexNet's are LRN(5, 5e-4, 0.75, 2), with alpha = 1e-4 in the paper, which does not
// divide.
func (x Map) LRN(size int, alpha, beta, k float64) Map {
	return x.normalise(op.LRN{Size: size}, alpha, beta, k)
}

// LRNWithin is local response normalisation over windows of size x size positions of
// each channel, Caffe's WITHIN_CHANNEL: see [Map.LRN], the sum being divided by
// size².
func (x Map) LRNWithin(size int, alpha, beta, k float64) Map {
	return x.normalise(op.LRN{Size: size, Within: true}, alpha, beta, k)
}

func (x Map) normalise(o op.LRN, alpha, beta, k float64) Map {
	o.Rank, o.Alpha, o.Beta, o.K = 2, float32(alpha), float32(beta), float32(k)
	return Map{apply(o, x.t)}
}

// Dropout multiplies elements by 0 with probability rate, in [0, 1), and by
// 1 / (1 − rate) otherwise, in training (Srivastava et al., JMLR 15 (2014) 1929);
// in inference it does nothing. The draws follow from the program's seed and the
// number of the run.
func (x Map) Dropout(rate float64) Map { return Map{apply(op.Dropout{Rate: float32(rate)}, x.t)} }

// ReLU is max(x, 0).
func (x Map) ReLU() Map { return x.activate(ops.ReLU, 0) }

// LeakyReLU is x where x > 0, else slope·x (Maas et al., ICML 2013).
func (x Map) LeakyReLU(slope float64) Map { return x.activate(ops.LeakyReLU, slope) }

// ELU is x where x > 0, else alpha·(eˣ − 1) (Clevert et al. 2015).
func (x Map) ELU(alpha float64) Map { return x.activate(ops.ELU, alpha) }

// Tanh is the hyperbolic tangent.
func (x Map) Tanh() Map { return x.activate(ops.Tanh, 0) }

// Sigmoid is 1 / (1 + e⁻ˣ).
func (x Map) Sigmoid() Map { return x.activate(ops.Sigmoid, 0) }

// Softplus is ln(1 + eˣ).
func (x Map) Softplus() Map { return x.activate(ops.Softplus, 0) }

// SiLU is x · sigmoid(x) (Ramachandran et al. 2017).
func (x Map) SiLU() Map { return x.activate(ops.SiLU, 0) }

// GELU is x · Φ(x) (Hendrycks & Gimpel 2016).
func (x Map) GELU() Map { return x.activate(ops.GELU, 0) }

func (x Map) activate(kind ops.ActivationKind, alpha float64) Map {
	return Map{apply(activation(kind, alpha), x.t)}
}

// Softmax is eˣ over the channels of every position, divided by its sum.
func (x Map) Softmax() Map { return Map{apply(op.Softmax{}, x.t)} }

// Add is the sum with other maps of the same shape.
func (x Map) Add(others ...Map) Map { return Map{apply(op.Add{}, tensors(x, others)...)} }

// Mul is the product with another map, element by element.
func (x Map) Mul(y Map) Map { return Map{apply(op.Mul{}, x.t, y.t)} }

// Scale multiplies by a constant.
func (x Map) Scale(factor float64) Map { return Map{apply(op.Scale{Factor: float32(factor)}, x.t)} }

// Concat puts the channels of other maps behind those of x.
func (x Map) Concat(others ...Map) Map { return Map{apply(op.Concat{}, tensors(x, others)...)} }

// Sum is the sum of all elements of a sample: N x 1.
func (x Map) Sum() Vec { return Vec{apply(op.Sum{}, x.t)} }

// Flatten reads a sample as one vector, in the order C, H, W.
func (x Map) Flatten() Vec { return Vec{apply(op.Flatten{}, x.t)} }

// Reshape reads a sample, in the order C, H, W, as another shape of as many elements.
func (x Map) Reshape(c, h, w int) Map { return Map{apply(op.Reshape{Dims: []int{c, h, w}}, x.t)} }

// Rows reads an image from top to bottom, as a sequence of H steps: the features of one
// are its C·W values, in the order C, W.
func (x Map) Rows() Seq {
	c, h, w := x.Channels(), x.Height(), x.Width()
	rows := x.t
	if c > 1 {
		rows = apply(op.Transpose{}, rows)
	}
	return Seq{apply(op.Reshape{Dims: []int{h, c * w}}, rows)}
}

// Columns reads an image from left to right, as a sequence of W steps: the features of
// one are its C·H values, in the order C, H.
func (x Map) Columns() Seq {
	c, h, w := x.Channels(), x.Height(), x.Width()
	return Seq{apply(op.Transpose{}, apply(op.Reshape{Dims: []int{c * h, w}}, x.t))}
}

// As pins the name of the operation that made x: see [Tensor.As].
func (x Map) As(name string) Map { return Map{x.t.As(name)} }
