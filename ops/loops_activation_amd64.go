//go:build amd64 && !noasm

package ops

import "github.com/cascade-hpc/cascade/ops/avx512"

func (s *streaming) activate(a Activation, dst, src []float32) {
	switch a.Kind {
	case ReLU:
		s.unary(avx512.ReLU, dst, src, &avx512.ElementwiseArgs{})
	case LeakyReLU:
		s.unary(avx512.LeakyReLU, dst, src, &avx512.ElementwiseArgs{C: constants{a.Alpha}})
	case ELU:
		s.unary(avx512.ELU, dst, src, &avx512.ElementwiseArgs{C: constants{a.Alpha}})
	case Tanh:
		s.unary(avx512.Tanh, dst, src, &avx512.ElementwiseArgs{})
	case Sigmoid:
		s.unary(avx512.Sigmoid, dst, src, &avx512.ElementwiseArgs{})
	case Softplus:
		s.unary(avx512.Softplus, dst, src, &avx512.ElementwiseArgs{})
	case SiLU:
		s.unary(avx512.SiLU, dst, src, &avx512.ElementwiseArgs{})
	case GELU:
		s.unary(avx512.GELU, dst, src, &avx512.ElementwiseArgs{})
	default:
		activatePortable(a, dst, src)
	}
}

func (s *streaming) activateBackward(a Activation, diffSrc, diffDst, data []float32) {
	switch a.Kind {
	case ReLU:
		s.binary(avx512.LeakyReLUBackward, diffSrc, diffDst, data, &avx512.ElementwiseArgs{})
	case LeakyReLU:
		s.binary(avx512.LeakyReLUBackward, diffSrc, diffDst, data, &avx512.ElementwiseArgs{C: constants{a.Alpha}})
	case ELU:
		s.binary(avx512.ELUBackward, diffSrc, diffDst, data, &avx512.ElementwiseArgs{C: constants{a.Alpha}})
	case Tanh:
		s.binary(avx512.TanhBackward, diffSrc, diffDst, data, &avx512.ElementwiseArgs{})
	case Sigmoid:
		s.binary(avx512.SigmoidBackward, diffSrc, diffDst, data, &avx512.ElementwiseArgs{})
	case Softplus:
		s.binary(avx512.SoftplusBackward, diffSrc, diffDst, data, &avx512.ElementwiseArgs{})
	case SiLU:
		s.binary(avx512.SiLUBackward, diffSrc, diffDst, data, &avx512.ElementwiseArgs{})
	case GELU:
		s.binary(avx512.GELUBackward, diffSrc, diffDst, data, &avx512.ElementwiseArgs{})
	default:
		activateBackwardPortable(a, diffSrc, diffDst, data)
	}
}
