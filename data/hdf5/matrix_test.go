package hdf5

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// expected is what h5py read from a data set.
type expected struct {
	Name, Kind string
	Shape      []int
	Offset     int
}

// matrix makes the files of testdata/matrix.py and calls fn for each.
func matrix(t *testing.T, fn func(t *testing.T, path string, sets []expected, raw []byte)) {
	needHDF5(t)
	needH5py(t)
	dir := t.TempDir()
	runPython(t, "testdata/matrix.py", dir)
	files, err := filepath.Glob(filepath.Join(dir, "*.h5"))
	require.NoError(t, err)
	require.Len(t, files, 5)
	for _, path := range files {
		base := path[:len(path)-len(".h5")]
		t.Run(filepath.Base(base), func(t *testing.T) {
			text, err := os.ReadFile(base + ".json")
			require.NoError(t, err)
			var sets []expected
			require.NoError(t, json.Unmarshal(text, &sets))
			raw, err := os.ReadFile(base + ".raw")
			require.NoError(t, err)
			fn(t, path, sets, raw)
		})
	}
}

// Every type, layout and filter of h5py, in every version of the format, gives
// the bytes that h5py gives, whole and in pieces; and only what must be is left to
// libhdf5.
func TestEveryFileOfH5pyReadsAsH5pyReadsIt(t *testing.T) {
	matrix(t, func(t *testing.T, path string, sets []expected, raw []byte) {
		sameRows := map[int][]expected{}
		for _, s := range sets {
			sameRows[s.Shape[0]] = append(sameRows[s.Shape[0]], s)
		}
		for rows, sets := range sameRows {
			checkSets(t, path, rows, sets, raw)
		}
	})
}

func checkSets(t *testing.T, path string, rows int, sets []expected, raw []byte) {
	var names []string
	for _, want := range sets {
		names = append(names, want.Name)
	}
	src, err := OpenSource([]string{path}, names...)
	require.NoError(t, err)
	defer src.Close()
	rng := rand.New(rand.NewPCG(3, 5))
	ranges := append([]source.Range{{To: rows}}, src.Extents()...)
	for range 12 {
		from := rng.IntN(rows)
		ranges = append(ranges, source.Range{From: from, To: from + rng.IntN(rows-from+1)})
	}
	var dst source.Columns
	for _, r := range ranges {
		require.NoError(t, src.Read(&dst, r))
		for k, want := range sets {
			_, left := src.parts[0].sets[k].storage.(*library)
			require.Equal(t, needsLibhdf5(want.Name), left, "%s: read by libhdf5", want.Name)
			field := source.Field{Name: want.Name, Shape: want.Shape[1:]}
			field.Kind, err = source.ParseKind(want.Kind)
			require.NoError(t, err)
			require.True(t, field.Equal(src.Fields()[k]), "%v, not %v", src.Fields()[k], field)
			rowBytes := field.RowBytes()
			require.Equal(t, raw[want.Offset+r.From*rowBytes:want.Offset+r.To*rowBytes], dst.All(k), "%s %v", field, r)
		}
	}
}

func needsLibhdf5(name string) bool {
	for _, pattern := range []string{
		"type/*_compact*", "filter/szip_*", "filter/scaleoffset_*", "odd/nbit", "odd/offset_bits", "odd/three_bytes", "odd/long_double",
	} {
		if ok, _ := filepath.Match(pattern, name); ok {
			return true
		}
	}
	return false
}

// Fields whose chunks do not line up, from several goroutines.
func TestGoroutinesShareChunks(t *testing.T) {
	needHDF5(t)
	needH5py(t)
	dir := t.TempDir()
	runPython(t, "-c", `
import h5py, numpy as np, sys
for k in range(3):
    with h5py.File(f"{sys.argv[1]}/{k}.h5", "w") as f:
        i = np.arange(1000) + 1000 * k
        f.create_dataset("image", data=i[:, None] * np.ones(12, "i4"), chunks=(16, 12), compression="gzip")
        f.create_dataset("label", data=i, chunks=(250,), compression="gzip", shuffle=True)
        f.create_dataset("split", data=i[:, None] * np.ones(7, ">i2"), chunks=(100, 3), compression="lzf")
        f.create_dataset("compact", data=i, chunks=(100,), scaleoffset=0)
        f.create_dataset("name", data=[f"row {n}" for n in i])
`, dir)
	src, err := openSource(paths(dir, "0.h5", "1.h5", "2.h5"), []string{"image", "label", "split", "compact", "name"}, newOpenFiles(1))
	require.NoError(t, err)
	defer src.Close()
	src.chunks.limit = 5000 // room for two chunks of labels
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(9, uint64(g)))
			var dst source.Columns
			for range 60 {
				from := rng.IntN(src.Rows())
				r := source.Range{From: from, To: min(src.Rows(), from+rng.IntN(300))}
				if !assert.NoError(t, src.Read(&dst, r)) {
					return
				}
				for row := range dst.Rows() {
					want := float32(from + row)
					for k, f := range dst.Fields()[:4] {
						got := make([]float32, f.Size())
						source.Float32s(got, dst.Row(k, row), f.Kind)
						for _, v := range got {
							if v != want {
								t.Errorf("%s, row %d: %v", f, from+row, got)
								return
							}
						}
					}
					assert.Equal(t, fmt.Sprintf("row %d", from+row), string(dst.Row(4, row)))
				}
			}
		})
	}
	wg.Wait()
	counts := src.Counts()
	assert.Positive(t, counts.StoredBytes)
	assert.Positive(t, counts.DecodeNanos)
	assert.Less(t, counts.StoredBytes, counts.DecodedBytes)
	src.files.mu.Lock()
	assert.LessOrEqual(t, src.files.order.Len(), 8, "files that nobody uses are closed")
	src.files.mu.Unlock()
}
