package dist

import (
	"fmt"
	"testing"
)

// BenchmarkAllreduce is of float32 among two ranks; GB/s counts the bytes of a rank's vector.
func BenchmarkAllreduce(b *testing.B) {
	for _, size := range []int{4 << 10, 64 << 10, 1 << 20, 4 << 20, 100 << 20} {
		b.Run(fmt.Sprintf("local/%dKiB", size>>10), func(b *testing.B) {
			err := Run(2, func(c *Comm) error {
				x, err := Alloc[float32](size / 4)
				if err != nil {
					return err
				}
				if c.Rank() == 0 {
					b.SetBytes(int64(size))
					b.ResetTimer()
				}
				for range b.N {
					if err := Allreduce(c, x, Sum); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}
