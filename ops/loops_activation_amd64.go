//go:build amd64 && !noasm

package ops

import "github.com/cascade-hpc/cascade/ops/avx512"

func (s *streaming) activate(a Activation, dst, src []float32) {
	switch a.Kind {
	case ReLU:
		s.unary(avx512.ReLU, dst, src, constants{})
	case LeakyReLU:
		s.unary(avx512.LeakyReLU, dst, src, constants{a.Alpha})
	case ELU:
		s.unary(avx512.ELU, dst, src, constants{a.Alpha})
	case Tanh:
		s.unary(avx512.Tanh, dst, src, constants{})
	case Sigmoid:
		s.unary(avx512.Sigmoid, dst, src, constants{})
	case Softplus:
		s.unary(avx512.Softplus, dst, src, constants{})
	case SiLU:
		s.unary(avx512.SiLU, dst, src, constants{})
	case GELU:
		s.unary(avx512.GELU, dst, src, constants{})
	default:
		activatePortable(a, dst, src)
	}
}

func (s *streaming) activateBackward(a Activation, diffSrc, diffDst, data []float32) {
	switch a.Kind {
	case ReLU:
		s.binary(avx512.LeakyReLUBackward, diffSrc, diffDst, data, constants{})
	case LeakyReLU:
		s.binary(avx512.LeakyReLUBackward, diffSrc, diffDst, data, constants{a.Alpha})
	case ELU:
		s.binary(avx512.ELUBackward, diffSrc, diffDst, data, constants{a.Alpha})
	case Tanh:
		s.binary(avx512.TanhBackward, diffSrc, diffDst, data, constants{})
	case Sigmoid:
		s.binary(avx512.SigmoidBackward, diffSrc, diffDst, data, constants{})
	case Softplus:
		s.binary(avx512.SoftplusBackward, diffSrc, diffDst, data, constants{})
	case SiLU:
		s.binary(avx512.SiLUBackward, diffSrc, diffDst, data, constants{})
	case GELU:
		s.binary(avx512.GELUBackward, diffSrc, diffDst, data, constants{})
	default:
		activateBackwardPortable(a, diffSrc, diffDst, data)
	}
}
