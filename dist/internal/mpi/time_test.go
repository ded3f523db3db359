package mpi

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cascade-hpc/cascade/internal/mpijob"

	"github.com/stretchr/testify/require"
)

// sizes are those of a loss, and of a bucket of gradients, in bytes.
var sizes = []int{4, 4 << 20}

// timeAllreduce prints the bytes of a sum and the microseconds it takes, on rank 0.
func timeAllreduce() error {
	return with(func(_ *Library, c *Comm) error {
		for _, bytes := range sizes {
			buf, rounds := make([]float32, bytes/4), max(20, min(20_000, 100_000_000/bytes))
			var begun time.Time
			for round := range rounds + rounds/10 {
				if round == rounds/10 {
					begun = time.Now()
				}
				if err := c.Allreduce(nil, pointer(buf), len(buf), Float32, Sum); err != nil {
					return err
				}
			}
			if c.Rank() == 0 {
				fmt.Println(bytes, time.Since(begun).Seconds()*1e6/float64(rounds))
			}
		}
		return nil
	})
}

// BenchmarkAllreduce times sums over two ranks of one machine.
func BenchmarkAllreduce(b *testing.B) {
	for _, l := range mpijob.Installed {
		b.Run(l.Name, func(b *testing.B) {
			for b.Loop() {
				out, err := l.Job(b, 2, "time")
				if err != nil {
					b.Skipf("%v: %s", err, out)
				}
				_, numbers, _ := strings.Cut(out, "\n") // after the version
				for range sizes {
					var bytes int
					var us float64
					line, rest, _ := strings.Cut(numbers, "\n")
					_, err := fmt.Sscan(line, &bytes, &us)
					require.NoError(b, err, "%s", out)
					b.ReportMetric(us, fmt.Sprintf("µs/%dB", bytes))
					numbers = rest
				}
			}
		})
	}
}
