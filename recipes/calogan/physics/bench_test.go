package physics

import "testing"

func BenchmarkAdd(b *testing.B) {
	ecal, energies := sampleShowers(b, 64, 1)
	c := NewCollector("sample")
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Add(ecal, energies); err != nil {
			b.Fatal(err)
		}
	}
	n := float64(b.N * len(energies))
	b.ReportMetric(n/b.Elapsed().Seconds(), "showers/s")
	b.ReportMetric(n*Cells*4/b.Elapsed().Seconds()/1e9, "GB/s")
}
