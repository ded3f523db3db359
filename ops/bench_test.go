package ops

import "testing"

// benchmark executes a primitive on the default pool and reports the memory
// traffic it cannot do without.
func benchmark(b *testing.B, p Primitive, in [][]float32, lengths ...int) {
	b.Helper()
	x, out := NewExec(Default(), p), make([][]float32, len(lengths))
	for i, n := range lengths {
		out[i] = Alloc(n)
	}
	b.ReportAllocs()
	for b.Loop() {
		p.Exec(x, in, out)
	}
	seconds := b.Elapsed().Seconds()
	b.ReportMetric(float64(p.Info().Bytes)*float64(b.N)/seconds/1e9, "GB/s")
}
