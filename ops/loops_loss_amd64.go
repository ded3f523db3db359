//go:build amd64 && !noasm

package ops

import "github.com/cascade-hpc/cascade/ops/avx512"

func (s *streaming) pointwiseLoss(kind LossKind) lossKernel {
	switch kind {
	case MSE:
		return s.loss(avx512.SquaredError, avx512.SquaredErrorBackward)
	case MAE:
		return s.loss(avx512.AbsoluteError, avx512.AbsoluteErrorBackward)
	case MAPE:
		return s.loss(avx512.PercentageError, avx512.PercentageErrorBackward)
	}
	return s.loss(avx512.BCE, avx512.BCEBackward)
}

// loss makes a loss of two kernels, which find in their arguments what each of them
// needs.
func (s *streaming) loss(total avx512.ReduceOp, backward avx512.ElementwiseOp) lossKernel {
	return lossKernel{
		total: func(pred, target []float32) float64 {
			return s.total(total, pred, target, minTarget)
		},
		gradient: func(diffPred, pred, target []float32, scale float64) {
			n := len(diffPred)
			args := avx512.ElementwiseArgs{C: constants{float32(scale)}, D: [2]float64{scale, minTarget}}
			args.In[0], args.In[1], args.Out[0] = operand(pred, n), operand(target, n), operand(diffPred, n)
			s.elementwise(backward, n, &args)
		},
	}
}
