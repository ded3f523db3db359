package ops

import (
	"fmt"
	"testing"
	"time"
)

// pause is a task whose parts take a time.
type pause time.Duration

func (p pause) Part(int, int) {
	for start := time.Now(); time.Since(start) < time.Duration(p); {
	}
}

// BenchmarkPoolRun is what a task of two parts on two workers takes beyond its parts, by
// block time and by the time that lies between two tasks.
func BenchmarkPoolRun(b *testing.B) {
	const part = pause(5 * time.Microsecond)
	for _, blockTime := range []time.Duration{NoBlockTime, DefaultBlockTime} {
		for _, between := range []pause{0, pause(20 * time.Microsecond), pause(time.Millisecond)} {
			b.Run(fmt.Sprintf("block=%v/between=%v", max(blockTime, 0), time.Duration(between)), func(b *testing.B) {
				p, err := PoolOptions{Workers: 2, BlockTime: blockTime}.New()
				if err != nil {
					b.Fatal(err)
				}
				defer p.Close()
				var task Task = part
				var took time.Duration
				for b.Loop() {
					between.Part(0, 0)
					start := time.Now()
					p.Run(2, task)
					took += time.Since(start)
				}
				b.ReportMetric(float64((took/time.Duration(b.N) - time.Duration(part)).Nanoseconds()), "ns-beyond/op")
			})
		}
	}
}
