package optim

import (
	"testing"

	"github.com/cascade-hpc/cascade/nn"
)

// BenchmarkStep updates four million parameters, more than caches hold, in 128
// tensors. GB/s counts the buffers read and written.
func BenchmarkStep(b *testing.B) {
	const n, tensors = 4 << 20, 128
	tests := []struct {
		name  string
		rule  maker
		moved int // bytes per parameter: p read and written, g read, state both; more in each pass
	}{
		{"sgd", SGD{}, 12},
		{"nesterov", SGD{Momentum: 0.9, Nesterov: true}, 20},
		{"momentum, clipped", SGD{Momentum: 0.9, Options: Options{ClipNorm: 1}}, 24},
		{"rmsprop", RMSprop{}, 20},
		{"adam", Adam{}, 28},
		{"lars", LARS{}, 28},
		{"lamb", LAMB{}, 40},
		{"lamb, clipped", LAMB{Options: Options{ClipNorm: 1}}, 44},
		{"momentum, in two", SGD{Momentum: 0.9, Options: Options{Accumulate: 2}}, (8 + 28) / 2},
	}
	for _, tt := range tests {
		b.Run(tt.name, func(b *testing.B) {
			f := &network{flat: *random(n)}
			for i := range tensors {
				begin, end := i*n/tensors, (i+1)*n/tensors
				f.params = append(f.params, nn.Param{Offset: begin, Data: f.weights[begin:end], Grad: f.gradients[begin:end]})
			}
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
