package filter

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The rate of decoded bytes of one goroutine: chunks of 4 MB of float32, of which
// three in ten are not zero.
func BenchmarkDecode(b *testing.B) {
	want := showers(4_000_000, 1)
	block := []uint32{0, 4, 4, 0, 2}
	bench := func(name string, size int, steps []Step, stored []byte) {
		b.Run(name, func(b *testing.B) {
			p, err := New(steps, len(want), size)
			require.NoError(b, err)
			dst, src := make([]byte, len(want)), make([]byte, len(stored))
			for b.Loop() {
				copy(src, stored) // as if it came from a file
				if err := p.Decode(dst, src, 0); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(want))*float64(b.N)/1e9/b.Elapsed().Seconds(), "GB/s")
			b.ReportMetric(0, "ns/op")
		})
	}
	for _, size := range []int{2, 4, 8, 16} {
		name := map[int]string{2: "shuffle2", 4: "shuffle4", 8: "shuffle8", 16: "shuffle16"}[size]
		bench(name, size, []Step{{idShuffle, []uint32{uint32(size)}}}, shuffled(want, size))
	}
	bench("none", 4, nil, want)
	bench("fletcher32", 4, []Step{{ID: idFletcher32}}, summed(want))
	bench("gzip", 4, []Step{{ID: idDeflate}}, deflated(b, want))
	bench("shuffle+gzip", 4, []Step{{idShuffle, []uint32{4}}, {ID: idDeflate}}, deflated(b, shuffled(want, 4)))
	bench("zstd", 4, []Step{{ID: idZstd}}, zstandard(b, want))
	bench("shuffle+zstd", 4, []Step{{idShuffle, []uint32{4}}, {ID: idZstd}}, zstandard(b, shuffled(want, 4)))
	bench("lz4", 4, []Step{{ID: idLZ4}}, lz4ed(b, want, 1<<20))
	bench("lzf", 4, []Step{{ID: idLZF}}, lzfed(want))
	bench("bitshuffle", 4, []Step{{idBitshuffle, block[:3]}}, bitshuffled(want, 4, 2048))
	bench("bitshuffle+lz4", 4, []Step{{idBitshuffle, block}}, bitshuffledLZ4(b, want, 4, 2048))
}
