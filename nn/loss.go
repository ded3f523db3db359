package nn

import (
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// Loss is a symbolic loss: one number for the whole batch, the mean over its
// elements. It becomes an output of a graph by [Graph.Loss].
type Loss struct {
	t      Tensor
	weight float32
}

// Weight multiplies the loss's share of the total. It does not change the value
// that the program reports under the loss's own name.
func (l Loss) Weight(w float64) Loss {
	l.weight *= float32(w)
	return l
}

// BCE is the binary cross entropy of logits with targets in [0, 1]:
//
//	mean(ln(1 + eᵖ) − t·p)
//
// It takes what goes into a sigmoid, not what comes out.
func BCE(logits, target Handle) Loss { return newLoss(op.Loss{Loss: ops.BCE}, logits, target) }

// SoftmaxCE is the cross entropy of the softmax of a [Vec] of logits with the class of
// each sample: label is N x 1, whole numbers from 0. Of a [Seq] every step is classified,
// and label is N x T x 1. It takes what goes into the softmax. A label that is no class
// makes the loss NaN.
func SoftmaxCE(logits, label Handle) Loss {
	return newLoss(op.Loss{Loss: ops.SoftmaxCE}, logits, label)
}

// SmoothSoftmaxCE is [SoftmaxCE] in which a share s of a target's weight is spread
// over all classes evenly (Szegedy et al., CVPR 2016, section 7).
func SmoothSoftmaxCE(logits, label Handle, s float64) Loss {
	return newLoss(op.Loss{Loss: ops.SoftmaxCE, Smoothing: float32(s)}, logits, label)
}

// MSE is the mean of (p − t)².
func MSE(pred, target Handle) Loss { return newLoss(op.Loss{Loss: ops.MSE}, pred, target) }

// MAE is the mean of |p − t|.
func MAE(pred, target Handle) Loss { return newLoss(op.Loss{Loss: ops.MAE}, pred, target) }

// MAPE is the mean absolute percentage error, Keras's: 100 · |t − p| / max(|t|, 1e-7).
func MAPE(pred, target Handle) Loss { return newLoss(op.Loss{Loss: ops.MAPE}, pred, target) }

func newLoss(l op.Loss, pred, target Handle) Loss {
	return Loss{t: apply(l, pred.Tensor(), target.Tensor()), weight: 1}
}
