package spec

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// Conv is the convolution with a number of filters, or the spec's mistake.
func (s Spec) Conv(filters int) ir.Op {
	s.floor(op.Conv{}.Kind())
	return s.operation(op.Conv{
		Filters: filters, Groups: max(s.groups, 1), Window: s.window(), Bias: !s.noBias, Init: s.init, BiasInit: s.biasInit,
	})
}

// Deconv is the deconvolution with a number of filters, or the spec's mistake.
func (s Spec) Deconv(filters int) ir.Op {
	return s.operation(op.Deconv{
		Filters: filters, Groups: max(s.groups, 1), Window: s.window(), Bias: !s.noBias, Init: s.init, BiasInit: s.biasInit,
	})
}

// Pool is pooling, or the spec's mistake; its windows lie side by side unless a
// stride is set.
func (s Spec) Pool(kind ops.PoolingKind) ir.Op {
	if s.groups != 0 || s.noBias || s.init != nil || s.biasInit != nil {
		s.fail(op.Pool{Mode: kind}.Kind(), "groups, bias and initialiser are settings of convolutions")
	}
	w := s.window()
	if !s.strided {
		w.Stride = w.Kernel
	}
	return s.operation(op.Pool{Mode: kind, Window: w, Ceil: s.ceil})
}

// floor reports a setting of pooling on a convolution.
func (s *Spec) floor(kind string) {
	if s.ceil {
		s.fail(kind, "windows rounded up are for pooling")
	}
}

func (s Spec) operation(o ir.Op) ir.Op {
	if s.mistake != nil {
		return *s.mistake
	}
	return o
}

func (s Spec) window() op.Window {
	return op.Window{
		Rank: s.rank, Kernel: s.kernel, Stride: s.stride, Dilation: s.dilation,
		PadLo: s.lo, PadHi: s.hi, Same: s.same, OutPad: s.out,
	}
}
