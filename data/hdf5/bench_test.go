package hdf5

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

const (
	benchRows  = 512
	benchBatch = 64
)

// writeLayouts makes files of benchRows showers in the layouts that people use.
const writeLayouts = `
import h5py, numpy as np, sys
x = np.random.default_rng(1).random((512, 25, 25, 25), "f4")
x[x < 0.72] = 0
n = 25
for name, dtype, options in [
    ("contiguous", "f4", {}),
    ("contiguous_float64", "f8", {}),
    ("contiguous_big", ">f4", {}),
    ("chunk_1", "f4", {"chunks": (1, n, n, n)}),
    ("chunk_64", "f4", {"chunks": (64, n, n, n)}),
    ("chunk_64_fletcher32", "f4", {"chunks": (64, n, n, n), "fletcher32": True}),
    ("chunk_64_gzip", "f4", {"chunks": (64, n, n, n), "compression": "gzip"}),
]:
    with h5py.File(sys.argv[1] + "/" + name + ".h5", "w") as f:
        f.create_dataset("ECAL", data=x.astype(dtype), **options)
`

func reportMB(b *testing.B, bytes int) {
	b.ReportMetric(float64(bytes)*float64(b.N)/b.Elapsed().Seconds()/1e6, "MB/s")
}

// Sequential reading in batches, in MB of float32 a second, from the page cache.
func BenchmarkSequential(b *testing.B) {
	needHDF5(b)
	needH5py(b)
	dir := b.TempDir()
	runPython(b, "-c", writeLayouts, dir)
	b.Run("plain file", func(b *testing.B) { benchPlainFile(b, filepath.Join(dir, "contiguous.h5")) })
	for _, name := range []string{
		"contiguous", "contiguous_float64", "contiguous_big", "chunk_1", "chunk_64", "chunk_64_fletcher32", "chunk_64_gzip",
	} {
		b.Run(name, func(b *testing.B) {
			benchEpoch(b, filepath.Join(dir, name+".h5"))
		})
	}
}

// The yardstick: the same bytes with read(2).
func benchPlainFile(b *testing.B, path string) {
	f, err := os.Open(path)
	require.NoError(b, err)
	defer f.Close()
	buf := make([]byte, 4*benchBatch*bigField.Size())
	total := 0
	for b.Loop() {
		total = 0
		for {
			n, err := f.ReadAt(buf, int64(total))
			total += n
			if err == io.EOF {
				break
			}
			require.NoError(b, err)
		}
	}
	reportMB(b, total)
}

func benchEpoch(b *testing.B, path string) {
	src, err := OpenSource([]string{path}, "ECAL")
	require.NoError(b, err)
	defer src.Close()
	var dst source.Columns
	for b.Loop() {
		for _, rows := range source.Cut(src.Rows(), benchBatch) {
			require.NoError(b, src.Read(&dst, rows))
		}
	}
	reportMB(b, 4*benchRows*bigField.Size())
}

// An epoch of a file of Writer, whose chunks hold 16 showers.
func BenchmarkOurFile(b *testing.B) {
	needHDF5(b)
	path := filepath.Join(b.TempDir(), "a.h5")
	writeBench(b, path)
	benchEpoch(b, path)
}

func writeBench(tb testing.TB, path string) {
	w, err := Create(path, bigField)
	require.NoError(tb, err)
	rows := pattern(benchBatch*bigField.Size(), "float")
	for range benchRows / benchBatch {
		require.NoError(tb, w.Append("ECAL", rows))
	}
	require.NoError(tb, w.Close())
}

func BenchmarkWrite(b *testing.B) {
	needHDF5(b)
	path := filepath.Join(b.TempDir(), "a.h5")
	for b.Loop() {
		writeBench(b, path)
	}
	reportMB(b, 4*benchRows*bigField.Size())
}
