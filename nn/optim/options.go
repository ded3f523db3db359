package optim

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/nn"
)

// Options are settings that every rule has. The zero value of each changes nothing:
// all parameters decay, no gradient is clipped, every step updates.
type Options struct {
	// NoDecay says which tensors weight decay leaves alone; nil for none of them. See
	// [Vectors] and [Named]. The parameters must be [Tensors].
	NoDecay func(nn.Param) bool
	// ClipNorm scales the gradient of all parameters together down to this Euclidean
	// norm, if its norm is larger:
	//
	//	g ← g · min(1, ClipNorm / ‖g‖)
	//
	// Pascanu, Mikolov and Bengio (ICML 2013), arXiv:1211.5063, algorithm 1. PyTorch
	// adds 1e-6 to ‖g‖. +Inf measures, and clips nothing: see [Optimizer.GradientNorm].
	ClipNorm float64
	// ClipValue limits every element of the gradient to ±ClipValue. It does not go with
	// ClipNorm.
	ClipValue float64
	// Accumulate is the number k of calls of Step that make one update, whose gradient
	// is the mean of theirs: with batches of n and a loss that is a mean it is that of
	// one batch of k·n, but for batch normalisation, which sees n samples at a time.
	// 0 and 1 update in every call. It takes a buffer of the size of the weights.
	Accumulate int
}

func (s *settings) options(o Options) Options {
	if !math.IsInf(o.ClipNorm, 1) {
		o.ClipNorm = s.value("ClipNorm", o.ClipNorm, 0)
	}
	o.ClipValue = s.value("ClipValue", o.ClipValue, 0)
	if o.ClipNorm != 0 && o.ClipValue != 0 {
		s.fail("ClipValue", o.ClipValue, "with ClipNorm, 0")
	}
	if s.err == nil && o.Accumulate < 0 {
		s.err = fmt.Errorf("optim: %s.Accumulate is %d: a number from 0 on is expected", s.rule, o.Accumulate)
	}
	return o
}
