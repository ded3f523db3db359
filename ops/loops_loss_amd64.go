//go:build amd64 && !noasm

package ops

import "github.com/cascade-hpc/cascade/ops/avx512"

// pointwiseLossAVX512 has the losses of regression, which tensors of any size may
// have; others are for a few numbers to a sample.
func pointwiseLossAVX512(kind LossKind) lossKernel {
	switch kind {
	case MSE:
		return lossAVX512(avx512.SquaredError, avx512.SquaredErrorBackward)
	case MAE:
		return lossAVX512(avx512.AbsoluteError, avx512.AbsoluteErrorBackward)
	}
	return pointwiseLossPortable(kind)
}

func lossAVX512(total avx512.ReduceOp, backward avx512.ElementwiseOp) lossKernel {
	return lossKernel{
		total: func(pred, target []float32) float64 {
			var s [1]laneSums
			reduceAVX512(total, s[:], pred, target, len(pred), 0)
			return s[0].total()
		},
		gradient: func(diffPred, pred, target []float32, scale float64) {
			n := len(diffPred)
			args := avx512.ElementwiseArgs{Scale: scale}
			args.In[0], args.In[1], args.Out[0] = operand(pred, n), operand(target, n), operand(diffPred, n)
			elementwiseAVX512(backward, n, &args)
		},
	}
}
