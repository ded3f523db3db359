package ops

import (
	"fmt"
	"math"
)

// FoldBatchNormDesc describes how batch normalisation with given statistics becomes
// part of the convolution, deconvolution or inner product before it. Their result is
// linear in weights and bias, so that for every output channel, with
// slope = gamma/√(variance + Eps),
//
//	slope·(Σ weights·src + bias − mean) + beta = Σ (slope·weights)·src + slope·(bias − mean) + beta
//
// Weights are Groups x In x Out x Taps, and o of group g belongs to output channel
// g·Out + o. For the weights of a convolution, OC x IC/G x Kernel, Out is OC and Taps
// all of the rest; for those of a deconvolution, IC x OC/G x Kernel, In is IC/G and Out
// OC/G.
type FoldBatchNormDesc struct {
	Groups, In, Out, Taps int
	Bias                  bool // there is a bias before; there always is one after
	Eps                   float32
}

func (d FoldBatchNormDesc) validate() error {
	const op = "folded batch normalisation"
	switch {
	case d.Groups < 1 || d.In < 1 || d.Out < 1 || d.Taps < 1:
		return invalid(op, "weights of %d groups x %d x %d x %d: each must be at least 1", d.Groups, d.In, d.Out, d.Taps)
	case !(d.Eps > 0) || math.IsInf(float64(d.Eps), 1):
		return invalid(op, "eps %g: it must be positive and finite", d.Eps)
	}
	_, err := elements(op, d.Groups, d.In, d.Out, d.Taps)
	return err
}

// Len is the number of weights.
func (d FoldBatchNormDesc) Len() int { return d.Groups * d.In * d.Out * d.Taps }

// NewFoldBatchNorm returns the computation of the weights and the bias that include
// the normalisation.
//
//	in:  weights [Groups, In, Out, Taps]; with Bias bias [Groups·Out]; gamma, beta, mean and variance [Groups·Out]
//	out: folded [Groups, In, Out, Taps], which may be weights; foldedBias [Groups·Out]
func NewFoldBatchNorm(d FoldBatchNormDesc) (Primitive, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	l, channels := currentLoops(), d.Groups*d.Out
	slopes := make([]float32, channels)
	prepare := perChannel(channels, func(c *call, ch int) {
		bias, at := 0.0, c.in[1:]
		if d.Bias {
			bias, at = float64(at[0][ch]), at[1:]
		}
		slope := float64(at[0][ch]) / math.Sqrt(float64(at[3][ch])+float64(d.Eps))
		slopes[ch] = float32(slope)
		c.out[1][ch] = float32((bias-float64(at[2][ch]))*slope + float64(at[1][ch]))
	})
	rows := d.Groups * d.In * d.Out
	scale := overRanges(divideRows(rows, d.Taps), func(c *call, lo, hi int) {
		for row := lo; row < hi; row++ {
			ch := row/(d.In*d.Out)*d.Out + row%d.Out
			at := row * d.Taps
			l.scale(c.out[0][at:at+d.Taps], c.in[0][at:at+d.Taps], slopes[ch])
		}
	})
	return newPhased(Info{
		Kind:    "fold_batch_normalization",
		Impl:    l.impl(),
		Problem: fmt.Sprintf("g%dic%doc%dtaps%d eps:%g", d.Groups, d.In, d.Out, d.Taps, d.Eps),
		FLOPs:   int64(d.Len()),
		Bytes:   floatBytes(2 * d.Len()),
		InPlace: true,
	}, prepare, scale), nil
}
