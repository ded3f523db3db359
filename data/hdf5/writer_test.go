package hdf5

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

var showerFields = []source.Field{{Name: "ECAL", Shape: []int{3, 4, 5}}, {Name: "target", Shape: []int{2}}, {Name: "group/weight"}}

// writeShowers writes rows of the pattern in pieces of growing size.
func writeShowers(t testing.TB, o Options, path string, rows int) {
	t.Helper()
	w, err := o.Create(path, showerFields...)
	require.NoError(t, err)
	for _, f := range showerFields {
		x, n := pattern(rows*f.Size(), "float"), f.Size()
		for piece := 1; len(x) > 0; piece++ {
			k := min(piece*n, len(x))
			require.NoError(t, w.Append(f.Name, x[:k]))
			x = x[k:]
		}
	}
	require.NoError(t, w.SetAttr("model", "Grüße"))
	require.NoError(t, w.SetAttr("seed", 3))
	require.NoError(t, w.SetAttr("seed", 42))
	require.NoError(t, w.SetAttr("threshold", 1e-6))
	require.NoError(t, w.Close())
}

func listDir(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	needHDF5(t)
	for _, tc := range []struct {
		name    string
		options Options
		chunk   int
		filters []string
	}{
		{"checksummed by default", Options{}, 1024, []string{"fletcher32"}},
		{"shuffle and gzip", Options{Gzip: 4, Shuffle: true}, 1024, []string{"shuffle", "gzip", "fletcher32"}},
		{"gzip", Options{Gzip: 4}, 1024, []string{"gzip", "fletcher32"}},
		{"no checksum", Options{NoChecksum: true}, 1024, nil},
		{"chunks of one row", Options{ChunkRows: 1}, 1, []string{"fletcher32"}},
		{"chunks that no piece fits", Options{ChunkRows: 7, Gzip: 9}, 7, []string{"gzip", "fletcher32"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a.h5")
			writeShowers(t, tc.options, path, 50)
			assert.Equal(t, []string{"a.h5"}, listDir(t, dir), "no temporary file stays")
			f := open(t, path)
			for _, field := range showerFields {
				ds := dataset(t, f, field.Name)
				assert.Equal(t, append([]int{50}, field.Shape...), ds.Shape())
				assert.Equal(t, pattern(50*field.Size(), "float"), readAll(t, ds))
				assert.Equal(t, tc.filters, ds.Info().Filters)
				assert.Equal(t, tc.chunk, ds.Info().Chunk[0])
			}
			for name, want := range map[string]any{"model": "Grüße", "seed": int64(42), "threshold": 1e-6, "complete": int64(1)} {
				got, err := f.Attr(name)
				require.NoError(t, err)
				assert.Equal(t, want, got)
			}
		})
	}
}

func TestChunkRows(t *testing.T) {
	for _, tc := range []struct{ bytes, rows int }{
		{4, 1024},
		{8, 1024},
		{25 * 25 * 25 * 4, 16},
		{51 * 51 * 25 * 4, 4},
		{1 << 20, 1},
		{1 << 26, 1},
	} {
		assert.Equal(t, tc.rows, Options{}.chunkRows(tc.bytes), "%d bytes", tc.bytes)
	}
}

func TestPythonReadsOurFile(t *testing.T) {
	needHDF5(t)
	needH5py(t)
	path := filepath.Join(t.TempDir(), "a.h5")
	writeShowers(t, Options{Gzip: 1, ChunkRows: 8}, path, 50)
	out := runPython(t, "-c", `
import h5py, json, sys
f = h5py.File(sys.argv[1])
e = f["ECAL"]
print(json.dumps({
    "model": f.attrs["model"], "seed": int(f.attrs["seed"]), "threshold": float(f.attrs["threshold"]), "complete": int(f.attrs["complete"]),
    "dtype": str(e.dtype), "shape": e.shape, "chunks": e.chunks, "compression": e.compression, "fletcher32": bool(e.fletcher32),
    "maxshape": e.maxshape, "ECAL": e[()].ravel().tolist(), "weight": f["group/weight"][()].tolist()}))`, path)
	var got struct {
		Model, Dtype, Compression string
		Seed, Complete            int
		Threshold                 float64
		Shape, Chunks             []int
		Maxshape                  []*int
		Fletcher32                bool
		ECAL, Weight              []float32
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got), out)
	assert.Equal(t, "Grüße", got.Model)
	assert.Equal(t, 42, got.Seed)
	assert.Equal(t, 1, got.Complete)
	assert.Equal(t, 1e-6, got.Threshold)
	assert.Equal(t, "float32", got.Dtype)
	assert.Equal(t, "gzip", got.Compression)
	assert.True(t, got.Fletcher32)
	assert.Equal(t, []int{50, 3, 4, 5}, got.Shape)
	assert.Equal(t, []int{8, 3, 4, 5}, got.Chunks)
	assert.Nil(t, got.Maxshape[0], "the rows have no limit")
	assert.Equal(t, pattern(50*60, "float"), got.ECAL)
	assert.Equal(t, pattern(50, "float"), got.Weight)
}

func TestH5dumpReadsOurFile(t *testing.T) {
	needHDF5(t)
	if _, err := exec.LookPath("h5dump"); err != nil {
		t.Skip("no h5dump (Debian: apt-get install hdf5-tools)")
	}
	path := filepath.Join(t.TempDir(), "a.h5")
	writeShowers(t, Options{}, path, 5)
	out, err := exec.Command("h5dump", "-p", "-d", "target", path).CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "CHECKSUM FLETCHER32")
	assert.Contains(t, string(out), "(0,0): -2.75, -1,")
}

func TestTheSameRowsMakeTheSameFile(t *testing.T) {
	needHDF5(t)
	dir := t.TempDir()
	var files [2][]byte
	for i := range files {
		path := filepath.Join(dir, fmt.Sprint(i))
		writeShowers(t, Options{Gzip: 4}, path, 20)
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		files[i] = b
	}
	assert.Equal(t, files[0], files[1])
}

// A file that cannot be finished must leave what was there before.
func TestWhatFailsIsNotPublished(t *testing.T) {
	needHDF5(t)
	for _, tc := range []struct {
		name string
		use  func(w *Writer) error // the error expected before Close, if any
		want error
		says string
	}{
		{"nothing appended", func(*Writer) error { return nil }, source.ErrShape, `"x" has 0 rows`},
		{"unequal rows", func(w *Writer) error {
			w.Append("x", make([]float32, 4))
			return w.Append("y", make([]float32, 3))
		}, source.ErrShape, `"x" has 2 rows and "y" has 3`},
		{"float32 for integers", func(w *Writer) error { return w.Append("n", make([]float32, 3)) }, source.ErrType, "rows of float32 for n int16"},
		{"rows of another shape", func(w *Writer) error {
			return w.AppendColumns(columns(1, source.Field{Name: "x", Shape: []int{2, 1}}))
		}, source.ErrShape, "rows of x float32 (2, 1) for the data set x float32 (2,)"},
		{"rows of another kind", func(w *Writer) error {
			return w.AppendColumns(columns(1, source.Field{Name: "x", Kind: source.Int64, Shape: []int{2}}))
		}, source.ErrType, "rows of x int64 (2,) for the data set x float32 (2,)"},
		{"rows of no data set", func(w *Writer) error {
			return w.AppendColumns(columns(1, source.Field{Name: "z"}))
		}, source.ErrMissing, `no data set "z" was created`},
		{"rows of bytes that are missing", func(w *Writer) error {
			return w.AppendColumns(columns(2, source.Field{Name: "b", Kind: source.Bytes}))
		}, source.ErrShape, "0 rows of bytes were appended for 2 rows"},
		{"attribute of no data set", func(w *Writer) error { return w.SetFieldAttr("z", "a", 1) }, source.ErrMissing, `no data set "z" was created`},
		{"half a row", func(w *Writer) error { return w.Append("x", make([]float32, 3)) }, source.ErrShape, `data set "x": wrong shape: 3 elements are not a number of rows (2,) of 2`},
		{"unknown field", func(w *Writer) error { return w.Append("z", nil) }, source.ErrMissing, `no data set "z" was created`},
		{"attribute of a wrong type", func(w *Writer) error { return w.SetAttr("a", []int{1}) }, source.ErrType, "[]int"},
		{"attribute with a zero byte", func(w *Writer) error { return w.SetAttr("a", "b\x00c") }, source.ErrType, "zero byte"},
		{"attribute without a name", func(w *Writer) error { return w.SetAttr("", 1) }, source.ErrType, "cannot be used"},
		{"the writer's own attribute", func(w *Writer) error { return w.SetAttr("complete", 1) }, source.ErrType, "cannot be used"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a.h5")
			require.NoError(t, os.WriteFile(path, []byte("before"), 0o644))
			w, err := Create(path, source.Field{Name: "x", Shape: []int{2}}, source.Field{Name: "y"},
				source.Field{Name: "n", Kind: source.Int16}, source.Field{Name: "b", Kind: source.Bytes})
			require.NoError(t, err)
			if err := tc.use(w); err != nil {
				require.ErrorIs(t, err, tc.want)
			}
			err = w.Close()
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, path)
			assert.ErrorContains(t, err, tc.says)
			assert.Error(t, w.Close(), "it stays failed")
			assert.NoError(t, w.Abort())
			b, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, "before", string(b))
			assert.Equal(t, []string{"a.h5"}, listDir(t, dir))
		})
	}
}

func TestAbort(t *testing.T) {
	needHDF5(t)
	dir := t.TempDir()
	w, err := Create(filepath.Join(dir, "a.h5"), source.Field{Name: "x"})
	require.NoError(t, err)
	require.NoError(t, w.Append("x", []float32{1}))
	require.NotEmpty(t, listDir(t, dir))
	require.NoError(t, w.Abort())
	require.NoError(t, w.Abort())
	assert.Empty(t, listDir(t, dir))
	assert.ErrorContains(t, w.Close(), "aborted")
	assert.ErrorIs(t, w.Append("x", []float32{1}), os.ErrClosed)
	assert.ErrorIs(t, w.SetAttr("a", 1), os.ErrClosed)
}

func TestAbortAfterCloseKeepsTheFile(t *testing.T) {
	needHDF5(t)
	path := filepath.Join(t.TempDir(), "a.h5")
	w, err := Create(path, source.Field{Name: "x"})
	require.NoError(t, err)
	require.NoError(t, w.Append("x", []float32{1}))
	require.NoError(t, w.Append("x", nil), "no rows are fine")
	require.NoError(t, w.Close())
	require.NoError(t, w.Close())
	require.NoError(t, w.Abort())
	assert.Equal(t, []float32{1}, readAll(t, dataset(t, open(t, path), "x")))
}

func TestCreateRefuses(t *testing.T) {
	needHDF5(t)
	dir := t.TempDir()
	x := []source.Field{{Name: "x", Shape: []int{2}}}
	for _, tc := range []struct {
		name    string
		path    string
		options Options
		fields  []source.Field
		want    error
	}{
		{"no fields", "a.h5", Options{}, nil, source.ErrShape},
		{"the same name twice", "a.h5", Options{}, append(x, x...), source.ErrShape},
		{"an axis of zero", "a.h5", Options{}, []source.Field{{Name: "x", Shape: []int{2, 0}}}, source.ErrShape},
		{"too many axes", "a.h5", Options{}, []source.Field{{Name: "x", Shape: []int{1, 1, 1, 1, 1, 1, 1, 1}}}, source.ErrShape},
		{"a row of 2 GiB", "a.h5", Options{}, []source.Field{{Name: "x", Shape: []int{1 << 29}}}, source.ErrShape},
		{"an absurd row", "a.h5", Options{}, []source.Field{{Name: "x", Shape: []int{math.MaxInt}}}, source.ErrShape},
		{"chunks of 2 GiB", "a.h5", Options{ChunkRows: 1 << 28}, x, source.ErrShape},
		{"gzip 10", "a.h5", Options{Gzip: 10}, x, source.ErrRange},
		{"negative chunk", "a.h5", Options{ChunkRows: -1}, x, source.ErrRange},
		{"a kind there is not", "a.h5", Options{}, []source.Field{{Name: "x", Kind: 99}}, source.ErrType},
		{"no such directory", "nowhere/a.h5", Options{}, x, nil},
		{"a name inside a data set", "a.h5", Options{}, []source.Field{{Name: "x"}, {Name: "x/y"}}, nil},
		{"a name that is the root", "a.h5", Options{}, []source.Field{{Name: "/"}}, nil},
		{"a zero byte in the path", "a\x00.h5", Options{}, x, nil},
		{"a zero byte in a name", "a.h5", Options{}, []source.Field{{Name: "x\x00y"}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := tc.options.Create(filepath.Join(dir, tc.path), tc.fields...)
			require.Error(t, err)
			assert.ErrorContains(t, err, tc.path)
			if tc.want != nil {
				assert.ErrorIs(t, err, tc.want)
			}
			assert.Empty(t, listDir(t, dir))
		})
	}
}
