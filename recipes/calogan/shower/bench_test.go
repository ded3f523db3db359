package shower

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/cascade-hpc/cascade/internal/philox"
)

func BenchmarkEvent(b *testing.B) {
	s, err := New(Config{})
	if err != nil {
		b.Fatal(err)
	}
	dst := make([]float32, Cells)
	for _, energy := range []float64{10, 100, 500} {
		b.Run(fmt.Sprintf("%gGeV", energy), func(b *testing.B) {
			b.ReportAllocs()
			rng := philox.NewStream(1, 0)
			for b.Loop() {
				if err := s.Event(dst, energy, &rng); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "showers/s")
		})
	}
}

func BenchmarkGenerate(b *testing.B) {
	const n = 1024
	for b.Loop() {
		err := Generate(Config{}, n, 1, runtime.GOMAXPROCS(0), func(int, []float32, []float32) error { return nil })
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "showers/s")
}
