package nn

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// Initializer draws the first values of a parameter.
type Initializer = ir.Initialiser

// The initialisers, fan-in and fan-out being the connections of a unit of output
// and of input.
var (
	// GlorotUniform draws from ±√(6 / (fanIn + fanOut)) (Glorot & Bengio, AISTATS
	// 2010, equation 16). It is the default of weights, as in Keras.
	GlorotUniform Initializer = op.GlorotUniform{}
	// GlorotNormal has mean 0 and variance 2 / (fanIn + fanOut).
	GlorotNormal Initializer = op.GlorotNormal{}
	// HeUniform draws from ±√(6 / fanIn) (He et al., ICCV 2015).
	HeUniform Initializer = op.HeUniform{}
	// HeNormal has mean 0 and variance 2 / fanIn (He et al., ICCV 2015, equation 10).
	HeNormal Initializer = op.HeNormal{}
)

// Normal has mean 0 and the given standard deviation.
func Normal(deviation float64) Initializer { return op.Normal(deviation) }

// Constant makes every value v.
func Constant(v float64) Initializer { return op.Constant(v) }

// DenseOption changes a dense layer.
type DenseOption struct {
	noBias         bool
	init, biasInit Initializer
}

// NoBias leaves out the bias.
func NoBias() DenseOption { return DenseOption{noBias: true} }

// Init sets how the weights begin. The default is [GlorotUniform].
func Init(i Initializer) DenseOption { return DenseOption{init: i} }

// InitBias sets how the bias begins. The default is 0.
func InitBias(i Initializer) DenseOption { return DenseOption{biasInit: i} }

func dense(units int, options []DenseOption) op.Dense {
	d := op.Dense{Units: units, Bias: true}
	for _, o := range options {
		d.Bias = d.Bias && !o.noBias
		if o.init != nil {
			d.Init = o.init
		}
		if o.biasInit != nil {
			d.BiasInit = o.biasInit
		}
	}
	return d
}

// BatchNormOption changes batch normalisation.
type BatchNormOption struct {
	momentum, eps *float32
	gamma         Initializer
}

// Momentum is the share m that the running mean and variance keep of their old
// value: running ← m·running + (1 − m)·batch, as in Keras (PyTorch's momentum is
// 1 − m). The default is 0.9.
func Momentum(m float64) BatchNormOption {
	v := float32(m)
	return BatchNormOption{momentum: &v}
}

// Epsilon is what keeps the division from zero. The default is 1e-5.
func Epsilon(eps float64) BatchNormOption {
	v := float32(eps)
	return BatchNormOption{eps: &v}
}

// Gamma sets how gamma begins. The default is 1. With 0 the layer gives nothing at first:
// a residual block that ends in it begins as the identity (Goyal et al. 2017, section
// 5.1).
func Gamma(i Initializer) BatchNormOption { return BatchNormOption{gamma: i} }

func batchNorm(options []BatchNormOption) op.BatchNorm {
	b := op.BatchNorm{Eps: 1e-5, Momentum: 0.9}
	for _, o := range options {
		if o.momentum != nil {
			b.Momentum = *o.momentum
		}
		if o.eps != nil {
			b.Eps = *o.eps
		}
		if o.gamma != nil {
			b.Gamma = o.gamma
		}
	}
	return b
}

func activation(kind ops.ActivationKind, alpha float64) op.Activation {
	return op.Activation{Fn: ops.Activation{Kind: kind, Alpha: float32(alpha)}}
}
