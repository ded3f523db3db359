package conv3d

import (
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// Vol is a symbolic batch of volumes: N x C x D x H x W.
type Vol struct{ t nn.Tensor }

// Input declares an input of N x c x d x h x w.
func Input(g *nn.Graph, name string, c, d, h, w int) Vol { return Vol{g.Input(name, c, d, h, w)} }

// Reshape reads the features of a vector as c channels of d x h x w.
func Reshape(x nn.Vec, c, d, h, w int) Vol {
	return Vol{nn.Apply(op.Reshape{Dims: []int{c, d, h, w}}, x)}
}

// Expand repeats the features of a vector over a volume of c x d x h x w, to be
// multiplied with one or added to one: a vector of 1 feature fills the volume, one of
// c features fills each channel.
func Expand(x nn.Vec, c, d, h, w int) Vol {
	return Vol{nn.Apply(op.Expand{Dims: []int{c, d, h, w}}, x)}
}

// Of is a tensor as a volume; another rank is a mistake.
func Of(h nn.Handle) Vol { return Vol{h.Tensor().Expect("Of", 4)} }

// Tensor implements [nn.Handle].
func (x Vol) Tensor() nn.Tensor { return x.t }

// Channels is C.
func (x Vol) Channels() int { return x.t.Size(0) }

// Depth is D.
func (x Vol) Depth() int { return x.t.Size(1) }

// Height is H.
func (x Vol) Height() int { return x.t.Size(2) }

// Width is W.
func (x Vol) Width() int { return x.t.Size(3) }

// Conv is a convolution with a number of filters (a cross-correlation, as in all
// frameworks), with weights filters x C/groups x KD x KH x KW:
//
//	dst[f, o] = bias[f] + Σ_c Σ_k weights[f, c, k] · x[c, o·stride + k·dilation − pad]
func (x Vol) Conv(filters int, window Spec) Vol { return Vol{nn.Apply(window.s.Conv(filters), x)} }

// Deconv is a deconvolution (transposed convolution): the gradient, with respect to
// its input, of the convolution with the same window, with weights
// C x filters/groups x KD x KH x KW. Its output has
// (in − 1)·stride − padding + (k − 1)·dilation + 1 + OutPad positions.
func (x Vol) Deconv(filters int, window DeconvSpec) Vol {
	return Vol{nn.Apply(window.s.Deconv(filters), x)}
}

// MaxPool is the maximum over windows. The default stride is the window.
func (x Vol) MaxPool(window Spec) Vol { return Vol{nn.Apply(window.s.Pool(ops.MaxPooling), x)} }

// AvgPool is the mean over windows; padding does not count. The default stride is
// the window.
func (x Vol) AvgPool(window Spec) Vol { return Vol{nn.Apply(window.s.Pool(ops.AveragePooling), x)} }

// GlobalAvgPool is the mean of every channel: N x C.
func (x Vol) GlobalAvgPool() nn.Vec { return nn.Apply(op.Mean{Spatial: true}, x).Vec() }

// Upsample repeats every element d x h x w times: nearest-neighbour up-sampling.
func (x Vol) Upsample(d, h, w int) Vol {
	return Vol{nn.Apply(op.Upsample{Scale: [3]int{d, h, w}, Rank: 3}, x)}
}

// Pad puts zeros on both sides.
func (x Vol) Pad(d, h, w int) Vol {
	return Vol{nn.Apply(op.Pad{Lo: [3]int{d, h, w}, Hi: [3]int{d, h, w}, Rank: 3}, x)}
}

// BatchNorm normalises every channel over the batch and its positions: see
// [nn.Map.BatchNorm].
func (x Vol) BatchNorm(options ...nn.BatchNormOption) Vol {
	return Vol{x.t.BatchNorm(options...)}
}

// LRN is local response normalisation across the channels of each position: see
// [nn.Map.LRN].
func (x Vol) LRN(size int, alpha, beta, k float64) Vol {
	return x.normalise(op.LRN{Size: size}, alpha, beta, k)
}

// LRNWithin is local response normalisation over windows of size x size x size
// positions of each channel: see [nn.Map.LRN], the sum being divided by size³.
func (x Vol) LRNWithin(size int, alpha, beta, k float64) Vol {
	return x.normalise(op.LRN{Size: size, Within: true}, alpha, beta, k)
}

func (x Vol) normalise(o op.LRN, alpha, beta, k float64) Vol {
	o.Rank, o.Alpha, o.Beta, o.K = 3, float32(alpha), float32(beta), float32(k)
	return Vol{nn.Apply(o, x)}
}

// Dropout drops elements with probability rate in training: see [nn.Map.Dropout].
func (x Vol) Dropout(rate float64) Vol { return Vol{nn.Apply(op.Dropout{Rate: float32(rate)}, x)} }

// ReLU is max(x, 0).
func (x Vol) ReLU() Vol { return x.activate(ops.ReLU, 0) }

// LeakyReLU is x where x > 0, else slope·x (Maas et al., ICML 2013).
func (x Vol) LeakyReLU(slope float64) Vol { return x.activate(ops.LeakyReLU, slope) }

// ELU is x where x > 0, else alpha·(eˣ − 1) (Clevert et al. 2015).
func (x Vol) ELU(alpha float64) Vol { return x.activate(ops.ELU, alpha) }

// Tanh is the hyperbolic tangent.
func (x Vol) Tanh() Vol { return x.activate(ops.Tanh, 0) }

// Sigmoid is 1 / (1 + e⁻ˣ).
func (x Vol) Sigmoid() Vol { return x.activate(ops.Sigmoid, 0) }

// Softplus is ln(1 + eˣ).
func (x Vol) Softplus() Vol { return x.activate(ops.Softplus, 0) }

// SiLU is x · sigmoid(x) (Ramachandran et al. 2017).
func (x Vol) SiLU() Vol { return x.activate(ops.SiLU, 0) }

// GELU is x · Φ(x) (Hendrycks & Gimpel 2016).
func (x Vol) GELU() Vol { return x.activate(ops.GELU, 0) }

func (x Vol) activate(kind ops.ActivationKind, alpha float64) Vol {
	return Vol{nn.Apply(op.Activation{Fn: ops.Activation{Kind: kind, Alpha: float32(alpha)}}, x)}
}

// Softmax is eˣ over the channels of every position, divided by its sum.
func (x Vol) Softmax() Vol { return Vol{nn.Apply(op.Softmax{}, x)} }

// Add is the sum with other volumes of the same shape.
func (x Vol) Add(others ...Vol) Vol { return Vol{nn.Apply(op.Add{}, handles(x, others)...)} }

// Mul is the product with another volume, element by element.
func (x Vol) Mul(y Vol) Vol { return Vol{nn.Apply(op.Mul{}, x, y)} }

// Scale multiplies by a constant.
func (x Vol) Scale(factor float64) Vol { return Vol{nn.Apply(op.Scale{Factor: float32(factor)}, x)} }

// Concat puts the channels of other volumes behind those of x.
func (x Vol) Concat(others ...Vol) Vol { return Vol{nn.Apply(op.Concat{}, handles(x, others)...)} }

// Sum is the sum of all elements of a sample: N x 1.
func (x Vol) Sum() nn.Vec { return nn.Apply(op.Sum{}, x).Vec() }

// Flatten reads a sample as one vector, in the order C, D, H, W.
func (x Vol) Flatten() nn.Vec { return nn.Apply(op.Flatten{}, x).Vec() }

// Reshape reads a sample, in the order C, D, H, W, as another shape of as many
// elements.
func (x Vol) Reshape(c, d, h, w int) Vol {
	return Vol{nn.Apply(op.Reshape{Dims: []int{c, d, h, w}}, x)}
}

// Slices reads a volume along its depth, as a sequence of D steps: the features of one
// are its C·H·W values, in the order C, H, W.
func (x Vol) Slices() nn.Seq {
	slices := nn.Apply(op.Transpose{}, x)
	return nn.Apply(op.Reshape{Dims: []int{x.Depth(), x.Channels() * x.Height() * x.Width()}}, slices).Seq()
}

// As pins the name of the operation that made x: see [nn.Tensor.As].
func (x Vol) As(name string) Vol { return Vol{x.t.As(name)} }

func handles(first Vol, others []Vol) []nn.Handle {
	all := []nn.Handle{first}
	for _, h := range others {
		all = append(all, h)
	}
	return all
}
