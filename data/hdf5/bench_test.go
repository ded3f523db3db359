package hdf5

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
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
    ("chunk_1_gzip", "f4", {"chunks": (1, n, n, n), "compression": "gzip"}),
    ("chunk_64_shuffle_gzip", "f4", {"chunks": (64, n, n, n), "compression": "gzip", "shuffle": True}),
    ("chunk_64_lzf", "f4", {"chunks": (64, n, n, n), "compression": "lzf"}),
]:
    with h5py.File(sys.argv[1] + "/" + name + ".h5", "w") as f:
        f.create_dataset("ECAL", data=x.astype(dtype), **options)
`

func reportMB(b *testing.B, bytes int) {
	b.ReportMetric(float64(bytes)*float64(b.N)/b.Elapsed().Seconds()/1e6, "MB/s")
}

// Sequential reading in batches, in MB of decoded numbers a second, from the page
// cache, by one goroutine and by two; and h5py's rate on the same file.
//
//	go test -run - -bench Sequential ./data/hdf5
func BenchmarkSequential(b *testing.B) {
	needHDF5(b)
	needH5py(b)
	dir := b.TempDir()
	runPython(b, "-c", writeLayouts, dir)
	for _, name := range []string{
		"contiguous", "contiguous_float64", "contiguous_big", "chunk_1", "chunk_64", "chunk_64_fletcher32",
		"chunk_64_gzip", "chunk_1_gzip", "chunk_64_shuffle_gzip", "chunk_64_lzf",
	} {
		path := filepath.Join(dir, name+".h5")
		b.Run(name+"/plain", func(b *testing.B) { benchPlainFile(b, path) })
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/%d", name, workers), func(b *testing.B) { benchEpoch(b, path, workers) })
		}
		b.Run(name+"/h5py", func(b *testing.B) { benchH5py(b, path) })
	}
}

// The yardstick: the same file, as stored, with read(2). How the file was written
// decides how its pages lie in memory, so each has its own.
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

// benchEpoch reads batches that workers take in turn.
func benchEpoch(b *testing.B, path string, workers int) {
	src, err := OpenSource([]string{path}, "ECAL")
	require.NoError(b, err)
	defer src.Close()
	batches := source.Cut(src.Rows(), benchBatch)
	buffers := make([]source.Columns, workers)
	for b.Loop() {
		var wg sync.WaitGroup
		var next atomic.Int64
		for w := range workers {
			wg.Go(func() {
				for i := next.Add(1) - 1; int(i) < len(batches); i = next.Add(1) - 1 {
					if err := src.Read(&buffers[w], batches[i]); err != nil {
						b.Error(err)
					}
				}
			})
		}
		wg.Wait()
	}
	reportMB(b, benchRows*src.Fields()[0].RowBytes())
}

// benchH5py reads the same batches with read_direct, h5py's fastest way, into the
// same memory of native numbers.
func benchH5py(b *testing.B, path string) {
	const read = `
import h5py, numpy as np, sys, time
with h5py.File(sys.argv[1]) as f:
    d = f["ECAL"]
    x = np.empty((64,) + d.shape[1:], d.dtype.newbyteorder("="))
    for k in range(int(sys.argv[2]) + 1):
        if k == 1:
            start = time.perf_counter()
        for i in range(0, len(d), 64):
            d.read_direct(x, np.s_[i:i + 64])
    print(time.perf_counter() - start, d.size * d.dtype.itemsize)
`
	for b.Loop() { // what takes long is python's start, so b.N stays small
		var seconds, bytes float64
		const epochs = 5
		_, err := fmt.Sscan(runPython(b, "-c", read, path, fmt.Sprint(epochs)), &seconds, &bytes)
		require.NoError(b, err)
		b.ReportMetric(epochs*bytes/seconds/1e6, "MB/s")
	}
}

// The places of a hundred thousand chunks, in the index of the oldest version of
// the format and of the newest; H5Dget_chunk_info would take minutes.
func BenchmarkListChunks(b *testing.B) {
	for _, version := range []string{"earliest", "latest"} {
		path := filepath.Join(b.TempDir(), version+".h5")
		makeFile(b, path, fmt.Sprintf(`
f.close()
f = h5py.File(sys.argv[1], "w", libver="%s")
f.create_dataset("x", data=np.zeros((100000, 4), "f4"), chunks=(1, 4))`, version))
		f := open(b, path)
		c := dataset(b, f, "x").storage.(*chunked)
		b.Run(version, func(b *testing.B) {
			for b.Loop() {
				_, err := c.grid.list(f.handle.lib, "x")
				require.NoError(b, err)
			}
			b.ReportMetric(float64(b.N)*1e5/b.Elapsed().Seconds(), "chunks/s")
		})
	}
}

// An epoch of a file of Writer, whose chunks hold 16 showers.
func BenchmarkOurFile(b *testing.B) {
	needHDF5(b)
	path := filepath.Join(b.TempDir(), "a.h5")
	writeBench(b, path)
	benchEpoch(b, path, 1)
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
