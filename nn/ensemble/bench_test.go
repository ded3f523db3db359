package ensemble

import (
	"testing"
)

// BenchmarkImageNet is a member's share of a report, for a thousandth of its 50,000 rows.
func BenchmarkImageNet(b *testing.B) {
	const rows, classes = 50, 1000
	z, labels := random(1, rows*classes), make([]int, rows)
	for _, rule := range rules {
		b.Run(rule.String(), func(b *testing.B) {
			p, err := NewPrediction(rule, classes)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := p.Add(z); err != nil {
					b.Fatal(err)
				}
				if _, err := p.Score(labels); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N*rows*classes)*1e9, "ns/logit")
		})
	}
}
