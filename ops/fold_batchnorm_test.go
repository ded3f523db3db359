package ops

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFoldBatchNorm(t *testing.T) {
	for _, tc := range []struct {
		name    string
		d       FoldBatchNormDesc
		channel func(i int) int // of weight i
	}{
		{"one weight", FoldBatchNormDesc{Groups: 1, In: 1, Out: 1, Taps: 1}, func(int) int { return 0 }},
		{"convolution", FoldBatchNormDesc{Groups: 1, In: 1, Out: 5, Taps: 27, Bias: true}, func(i int) int { return i / 27 }},
		{"dense, no bias", FoldBatchNormDesc{Groups: 1, In: 1, Out: 300, Taps: 70}, func(i int) int { return i / 70 }},
		{"deconvolution", FoldBatchNormDesc{Groups: 1, In: 3, Out: 4, Taps: 9, Bias: true}, func(i int) int { return i / 9 % 4 }},
		{"deconvolution in groups", FoldBatchNormDesc{Groups: 2, In: 3, Out: 4, Taps: 5}, func(i int) int { return i/60*4 + i/5%4 }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := tc.d
			d.Eps = 1e-3
			channels := d.Groups * d.Out
			weights, bias := noise(d.Len(), 1), noise(channels, 2)
			gamma, beta, mean, variance := noise(channels, 3), noise(channels, 4), noise(channels, 5), noise(channels, 6)
			in := [][]float32{weights, bias, gamma, beta, mean, variance}
			if !d.Bias {
				in = append(in[:1:1], in[2:]...)
				clear(bias)
			}
			slope := make([]float64, channels)
			wantWeights, wantBias := make([]float64, d.Len()), make([]float64, channels)
			for c := range slope {
				variance[c] *= variance[c]
				slope[c] = float64(gamma[c]) / math.Sqrt(float64(variance[c])+float64(d.Eps))
				wantBias[c] = slope[c]*(float64(bias[c])-float64(mean[c])) + float64(beta[c])
			}
			for i, w := range weights {
				wantWeights[i] = slope[tc.channel(i)] * float64(w)
			}
			p, err := NewFoldBatchNorm(d)
			got := check(t, must(t, p, err), in, d.Len(), channels)
			assertNear(t, wantWeights, got[0], 2e-7, "weights")
			assertNear(t, wantBias, got[1], 2e-7, "bias")
			assert.Equal(t, int64(d.Len()), p.Info().FLOPs)
		})
	}
}
