package ops

import (
	"fmt"
	"math"
)

// LossKind names a loss.
type LossKind uint8

// The losses, p being the prediction and t the target. All are means.
const (
	BCE       LossKind = iota // binary cross entropy of the logit p: ln(1 + eᵖ) − t·p, 0 ≤ t ≤ 1
	SoftmaxCE                 // cross entropy of the softmax of a row of logits with the class t
	MSE                       // (p − t)²
	MAE                       // |p − t|
	MAPE                      // 100 · |t − p| / max(|t|, 1e-7), as in Keras
)

var lossNames = [...]string{"bce", "softmax_ce", "mse", "mae", "mape"}

// String returns the name used in logs.
func (k LossKind) String() string {
	if int(k) < len(lossNames) {
		return lossNames[k]
	}
	return fmt.Sprintf("LossKind(%d)", uint8(k))
}

// LossDesc describes a loss between a prediction of Rows x Cols and a target.
//
// The target has the shape of the prediction, but for SoftmaxCE: there it is one
// class index for each row, a whole number from 0 to Cols−1 as a float32.
// Primitives have no errors at execution: a target that is no such number makes
// the loss, and the row of its gradient, NaN.
type LossDesc struct {
	Kind       LossKind
	Rows, Cols int
	// Smoothing, in [0, 1], is the share of the target's weight that SoftmaxCE
	// spreads over all classes evenly (Szegedy et al., CVPR 2016, section 7).
	Smoothing float32
}

func (d LossDesc) validate() error {
	op := d.Kind.String() + " loss"
	if _, err := elements(op, d.Rows, d.Cols); err != nil {
		return err
	}
	switch {
	case int(d.Kind) >= len(lossNames):
		return invalid("loss", "unknown kind %d", uint8(d.Kind))
	case d.Cols < 1:
		return invalid(op, "%d columns: at least 1 is needed", d.Cols)
	case !(d.Smoothing >= 0 && d.Smoothing <= 1):
		return invalid(op, "label smoothing %g: it must lie in [0, 1]", d.Smoothing)
	case d.Smoothing != 0 && d.Kind != SoftmaxCE:
		return invalid(op, "label smoothing %g: only softmax_ce knows it", d.Smoothing)
	}
	return nil
}

// lossKernel is a loss over a whole number of rows. total is the sum of the
// terms; gradient writes scale times the derivative of that sum.
type lossKernel struct {
	total    func(pred, target []float32) float64
	gradient func(diffPred, pred, target []float32, scale float64)
}

func (d LossDesc) kernel(l *loops) lossKernel {
	if d.Kind == SoftmaxCE {
		s := softmaxLoss{loops: l, cols: d.Cols, smoothing: float64(d.Smoothing)}
		return lossKernel{s.total, s.gradient}
	}
	return l.pointwiseLoss(d.Kind)
}

// pointwiseLossPortable is any loss but SoftmaxCE.
func pointwiseLossPortable(kind LossKind) lossKernel {
	switch kind {
	case MSE:
		return pointwiseLoss(squaredError, squaredErrorSlope)
	case MAE:
		return pointwiseLoss(absoluteError, absoluteErrorSlope)
	case MAPE:
		return pointwiseLoss(percentageError, percentageErrorSlope)
	}
	return pointwiseLoss(binaryCrossEntropy, binaryCrossEntropySlope)
}

// flat is the same loss with one target to a row: a pointwise loss does not
// mind where its rows end.
func (d LossDesc) flat() LossDesc {
	if d.Kind != SoftmaxCE {
		d.Rows, d.Cols = d.Rows*d.Cols, 1
	}
	return d
}

func (d LossDesc) info(prop string) Info {
	n := d.Rows * d.Cols
	return Info{
		Kind:    "loss",
		Prop:    prop,
		Problem: fmt.Sprintf("alg:%s smoothing:%g %dx%d", d.Kind, d.Smoothing, d.Rows, d.Cols),
		FLOPs:   4 * int64(n),
		Bytes:   floatBytes(n + d.flat().Rows),
	}
}

// NewLoss returns the loss as a primitive: the mean over all elements, for
// SoftmaxCE over the rows, added up in float64. The mean of an empty batch is NaN.
//
//	in:  pred [Rows, Cols], target [Rows, Cols] ([Rows] for SoftmaxCE)
//	out: loss [1]
func NewLoss(d LossDesc) (Primitive, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	l, info := currentLoops(), d.info("forward_training")
	info.Impl = l.impl()
	k, flat := d.kernel(l), d.flat()
	rows := divideRows(flat.Rows, flat.Cols)
	partial := make([]float64, rows.parts)
	add := phase{rows.parts, func(c *call, _, part int) {
		lo, hi := rows.bounds(part)
		partial[part] = k.total(c.in[0][lo*flat.Cols:hi*flat.Cols], c.in[1][lo:hi])
	}}
	mean := phase{1, func(c *call, _, _ int) {
		s := 0.0
		for _, v := range partial {
			s += v
		}
		c.out[0][0] = float32(s / float64(flat.Rows))
	}}
	return newPhased(info, add, mean), nil
}

// NewLossBackward returns the gradient of [NewLoss] with respect to pred.
//
//	in:  pred, target as in NewLoss, diffLoss [1]
//	out: diffPred [Rows, Cols], which may be pred
//
// Where MAE and MAPE have no derivative, at pred = target, it is 0.
func NewLossBackward(d LossDesc) (Primitive, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	info := d.info("backward_data")
	info.Bytes += floatBytes(d.Rows * d.Cols)
	info.InPlace = true
	l := currentLoops()
	info.Impl = l.impl()
	k, flat := d.kernel(l), d.flat()
	return newPhased(info, overRanges(divideRows(flat.Rows, flat.Cols), func(c *call, lo, hi int) {
		from, to := lo*flat.Cols, hi*flat.Cols
		scale := float64(c.in[2][0]) / float64(flat.Rows)
		k.gradient(c.out[0][from:to], c.in[0][from:to], c.in[1][lo:hi], scale)
	})), nil
}

// pointwiseLoss makes a loss of a function of one prediction and its target,
// and of the derivative of that function with respect to the prediction.
func pointwiseLoss(f, slope func(p, t float64) float64) lossKernel {
	return lossKernel{
		total: func(pred, target []float32) float64 {
			var s laneSums
			for i, p := range pred {
				s[i%len(s)] += f(float64(p), float64(target[i]))
			}
			return s.total()
		},
		gradient: func(diffPred, pred, target []float32, scale float64) {
			pred, target = pred[:len(diffPred)], target[:len(diffPred)]
			for i, p := range pred {
				diffPred[i] = float32(scale * slope(float64(p), float64(target[i])))
			}
		},
	}
}

// sign is −1, 0 or 1, and NaN for NaN.
func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x * 0 // 0 for either zero, and NaN stays NaN
}

func nan32() float32 { return float32(math.NaN()) }
