package optim

import "testing"

// BenchmarkStep updates four million parameters, more than caches hold. GB/s
// counts the buffers read and written.
func BenchmarkStep(b *testing.B) {
	const n = 4 << 20
	tests := []struct {
		name  string
		rule  maker
		moved int // bytes per parameter: p read and written, g read, state both
	}{
		{"sgd", SGD{}, 12},
		{"nesterov", SGD{Momentum: 0.9, Nesterov: true}, 20},
		{"rmsprop", RMSprop{}, 20},
		{"adam", Adam{}, 28},
	}
	for _, tt := range tests {
		b.Run(tt.name, func(b *testing.B) {
			f := random(n)
			fill(f.gradients, 2)
			o := made(b, tt.rule, f)
			for b.Loop() {
				o.Step()
			}
			seconds := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(seconds*1e9/n, "ns/param")
			b.ReportMetric(float64(tt.moved)*n/seconds/1e9, "GB/s")
		})
	}
}
