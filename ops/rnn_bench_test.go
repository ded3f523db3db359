package ops

import (
	"fmt"
	"testing"
)

// rateOf reports the rate of the multiply-adds and the share of what the cores can do
// at most.
func rateOf(b *testing.B, p Primitive) {
	rate := float64(p.Info().FLOPs) * float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate/1e9, "GFLOP/s")
	if peak := peakRate(); peak > 0 {
		b.ReportMetric(100*rate/(peak*float64(Default().Workers())), "%peak")
	}
}

func BenchmarkRNN(b *testing.B) {
	for _, d := range []RNNDesc{
		{Cell: VanillaRNN, Activation: Activation{Kind: ReLU}, T: 20, N: 64, IC: 512, HC: 512},
		{Cell: LSTM, T: 20, N: 64, IC: 512, HC: 512},
		{Cell: LSTM, T: 20, N: 1, IC: 512, HC: 512},
		{Cell: LSTM, T: 50, N: 32, IC: 64, HC: 128},
		{Cell: GRU, T: 20, N: 64, IC: 512, HC: 512},
		{Cell: LBRGRU, T: 20, N: 64, IC: 512, HC: 512},
	} {
		d.Bias = true
		in := rnnInputs(d)
		name := fmt.Sprintf("%s/t%dmb%dic%dhc%d", d.Cell, d.T, d.N, d.IC, d.HC)
		b.Run(name+"/fwd", func(b *testing.B) {
			p, err := NewRNN(d)
			benchmark(b, must(b, p, err), in, rnnOutputs(d)...)
			rateOf(b, p)
		})
		b.Run(name+"/bwd", func(b *testing.B) {
			p, err := NewRNNBackward(d)
			backward, lengths := rnnBackwardCase(b, d, in)
			benchmark(b, must(b, p, err), backward, lengths...)
			rateOf(b, p)
		})
	}
}
