package data

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
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
			benchEpoch(b, filepath.Join(dir, name+".h5"), Plan{Batch: benchBatch, AllowNotFinite: true})
		})
	}
	b.Run("contiguous checked for NaN", func(b *testing.B) {
		benchEpoch(b, filepath.Join(dir, "contiguous.h5"), Plan{Batch: benchBatch})
	})
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

func benchEpoch(b *testing.B, path string, plan Plan) {
	src, err := OpenHDF5Source([]string{path}, "ECAL")
	require.NoError(b, err)
	defer src.Close()
	batches, err := NewBatches(src, plan)
	require.NoError(b, err)
	dst := map[string][]float32{"ECAL": make([]float32, benchBatch*bigField.Size())}
	for b.Loop() {
		for step := range batches.Steps() {
			_, err := batches.Read(0, step, dst)
			require.NoError(b, err)
		}
	}
	reportMB(b, 4*benchRows*bigField.Size())
}

// An epoch of a file of Writer, whose chunks hold 16 showers.
func BenchmarkOurFile(b *testing.B) {
	needHDF5(b)
	path := filepath.Join(b.TempDir(), "a.h5")
	writeBench(b, path)
	for _, bc := range []struct {
		name string
		plan Plan
	}{
		{"sequential", Plan{}},
		{"shuffled in blocks of a chunk", Plan{Shuffle: true, Block: 16}},
		{"shuffled", Plan{Shuffle: true}},
	} {
		b.Run(bc.name, func(b *testing.B) {
			bc.plan.Batch = benchBatch
			benchEpoch(b, path, bc.plan)
		})
	}
}

func writeBench(tb testing.TB, path string) {
	w, err := CreateHDF5(path, bigField)
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

func BenchmarkShuffle(b *testing.B) {
	for b.Loop() {
		Shuffle(1, 0, 100_000, 1)
	}
	b.ReportMetric(1e5*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

func BenchmarkFinite(b *testing.B) {
	x := make([]float32, 1<<20)
	for b.Loop() {
		firstNotFinite(x)
	}
	reportMB(b, 4<<20)
}
