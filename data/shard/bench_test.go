package shard

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

var (
	benchFields = []source.Field{{Name: "ECAL", Shape: []int{25, 25, 25}}, {Name: "target", Shape: []int{2}}}
	benchRows   = 1024
)

// benchFile is 64 MB of showers, of which 28% of the cells are not zero.
func benchFile(tb testing.TB, o Options) string {
	path := filepath.Join(tb.TempDir(), "a.shard")
	w, err := o.Create(path, benchFields...)
	require.NoError(tb, err)
	var c source.Columns
	benchColumns(&c)
	for range benchRows / c.Rows() {
		require.NoError(tb, w.AppendColumns(&c))
	}
	require.NoError(tb, w.Close())
	return path
}

func benchColumns(c *source.Columns) {
	c.Reset(benchFields, 64)
	x := source.Float32View(c.All(0))
	for i := range x {
		if h := uint32(i) * 2654435761; h < 1<<32/100*28 {
			x[i] = float32(h) * 0x1p-32
		}
	}
}

func reportMB(b *testing.B, bytes int64) {
	b.ReportMetric(float64(bytes)*float64(b.N)/b.Elapsed().Seconds()/1e6, "MB/s")
}

// The yardstick: the same bytes with read(2), in pieces of a block.
func BenchmarkPlainFile(b *testing.B) {
	path := benchFile(b, Options{})
	info, err := os.Stat(path)
	require.NoError(b, err)
	f, err := os.Open(path)
	require.NoError(b, err)
	defer f.Close()
	b.RunParallel(func(pb *testing.PB) {
		buf := make([]byte, blockBytes)
		for pb.Next() {
			for at := int64(0); at < info.Size(); at += int64(len(buf)) {
				f.ReadAt(buf[:min(int64(len(buf)), info.Size()-at)], at)
			}
		}
	})
	reportMB(b, info.Size())
}

// An epoch in the order of the file, from the page cache; -cpu 1,2 shows how it
// scales.
func BenchmarkSequential(b *testing.B) {
	for _, tc := range []struct {
		name string
		o    Options
	}{{"plain", Options{}}, {"zstd", Options{Zstd: 1}}} {
		b.Run(tc.name, func(b *testing.B) { benchEpochs(b, tc.o) })
	}
}

func benchEpochs(b *testing.B, o Options) {
	s := open(b, benchFields, benchFile(b, o))
	extents := s.Extents()
	var bytes atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		var c source.Columns
		for pb.Next() {
			for _, r := range extents {
				if err := s.Read(&c, r); err != nil {
					b.Error(err)
				}
				bytes.Add(c.Bytes())
			}
		}
	})
	reportMB(b, bytes.Load()/int64(b.N))
}

func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		benchFile(b, Options{})
	}
	reportMB(b, int64(benchRows)*62508)
}
