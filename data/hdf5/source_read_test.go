package hdf5

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// makeFile runs lines of Python on an open file f of the path.
func makeFile(t testing.TB, path, lines string) {
	t.Helper()
	needHDF5(t)
	needH5py(t)
	runPython(t, "-c", "import h5py, numpy as np, sys\nf = h5py.File(sys.argv[1], 'w')\n"+lines+"\nf.close()", path)
}

func openOne(t testing.TB, path string, fields ...string) *Source {
	t.Helper()
	src, err := OpenSource([]string{path}, fields...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, src.Close()) })
	return src
}

// Labels in chunks of 1024 beside images in chunks of 16: a chunk of labels is
// read and decoded once, not for each of its 64 runs of images.
func TestAChunkOfWhichRowsAreReadBitByBitIsDecodedOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.h5")
	makeFile(t, path, `
f.create_dataset("image", data=np.ones((4096, 32), "u1"), chunks=(16, 32), compression="gzip")
f.create_dataset("label", data=np.random.default_rng(1).integers(0, 2**60, 4096), chunks=(1024,), compression="gzip")`)
	src := openOne(t, path, "image", "label")
	f := open(t, path)
	stored := dataset(t, f, "image").Info().Stored + dataset(t, f, "label").Info().Stored
	var dst source.Columns
	for _, r := range source.Cut(4096, 16) {
		require.NoError(t, src.Read(&dst, r))
	}
	assert.Equal(t, stored, src.Counts().StoredBytes, "every stored byte is read once")
	assert.Equal(t, int64(4096*(32+8)), src.Counts().DecodedBytes)
}

func TestTheChunkCacheKeepsToItsLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.h5")
	makeFile(t, path, `f.create_dataset("x", data=np.arange(8000), chunks=(100,), compression="gzip")`)
	src := openOne(t, path, "x")
	src.chunks.limit = 2000 // of chunks of 800 bytes
	var dst source.Columns
	for row := range 8000 {
		require.NoError(t, src.Read(&dst, source.Range{From: row, To: row + 1}))
		require.LessOrEqual(t, src.chunks.used, 2000)
		require.Equal(t, src.chunks.used, 800*src.chunks.order.Len())
		require.Equal(t, float32(row), float32s(&dst, 0)[0])
	}
	src.chunks.limit = 10 // a chunk beyond the limit is kept until the next
	before := src.Counts().StoredBytes
	for row := range 100 {
		require.NoError(t, src.Read(&dst, source.Range{From: row, To: row + 1}))
	}
	assert.Less(t, src.Counts().StoredBytes-before, int64(800))
}

func TestManyFilesOfWhichFewAreOpen(t *testing.T) {
	needHDF5(t)
	dir := t.TempDir()
	var files []string
	for k := range 12 {
		path := filepath.Join(dir, fmt.Sprintf("%02d.h5", k))
		writeShowers(t, Options{ChunkRows: 8}, path, 20+k)
		files = append(files, path)
	}
	open := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("no /proc")
		}
		return len(entries)
	}
	before := open()
	src, err := openSource(files, []string{showerFields[0].Name}, newOpenFiles(3))
	require.NoError(t, err)
	var dst source.Columns
	for _, r := range append(src.Parts(), src.Extents()...) {
		require.NoError(t, src.Read(&dst, r))
		require.LessOrEqual(t, open()-before, 2*3, "a file takes a descriptor here and one in libhdf5")
	}
	require.NoError(t, src.Close())
	assert.Equal(t, before, open())
	assert.ErrorIs(t, src.Read(&dst, source.Range{To: 1}), os.ErrClosed)
}

// A file that is written again while its source is at rest has another schema,
// perhaps; it must not be read by the old one.
func TestAFileThatChangesBetweenReadsIsNoticed(t *testing.T) {
	needHDF5(t)
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.h5"), filepath.Join(dir, "b.h5")
	writeShowers(t, Options{}, a, 20)
	writeShowers(t, Options{}, b, 20)
	src, err := openSource([]string{a, b}, []string{showerFields[0].Name}, newOpenFiles(1))
	require.NoError(t, err)
	defer src.Close()
	var dst source.Columns
	require.NoError(t, src.Read(&dst, source.Range{From: 20, To: 40}))
	require.NoError(t, os.Chtimes(a, time.Time{}, time.Now().Add(time.Hour)))
	err = src.Read(&dst, source.Range{To: 20})
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, "a.h5")
	assert.ErrorContains(t, err, "has changed since it was opened")
	require.NoError(t, src.Read(&dst, source.Range{From: 20, To: 40}), "the other file is as it was")
}

// The list of chunks is made by the name of the file, and rows come from what was
// opened: a file that another has replaced must not be read by the other's list.
func TestAFileThatIsReplacedBeforeItsFirstReadIsNoticed(t *testing.T) {
	needHDF5(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "a.h5")
	writeShowers(t, Options{}, path, 40)
	src, err := OpenSource([]string{path}, showerFields[0].Name)
	require.NoError(t, err)
	defer src.Close()
	writeShowers(t, Options{}, path, 20)
	err = src.Read(new(source.Columns), source.Range{To: 40})
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, "has changed since it was opened")
}

func TestExtentsAreWholeChunksOfAboutAMebibyte(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.h5")
	makeFile(t, path, `
n = 20000
for name, chunks, options in [
    ("gzip_small", (3, 64), {"compression": "gzip"}), ("gzip_large", (9000, 64), {"compression": "gzip"}),
    ("plain_small", (3, 64), {}), ("plain_large", (9000, 64), {}), ("plain_split", (9000, 32), {}), ("contiguous", None, {})]:
    f.create_dataset(name, data=np.zeros((n, 64), "f4"), chunks=chunks, **options)
f.create_dataset("label", data=np.zeros(n, "u1"), chunks=(7,), compression="gzip")`)
	for name, rows := range map[string]int{ // rows of 256 bytes, 4096 of them in a mebibyte
		"gzip_small": 4095, "gzip_large": 9000, "plain_small": 4096, "plain_large": 4096, "plain_split": 9000, "contiguous": 4096,
	} {
		src := openOne(t, path, "label", name)
		assert.Equal(t, source.Cut(20000, rows), src.Extents(), name)
	}
}

// Kinds of numbers that differ between files become one that holds them all.
func TestKindsThatDiffer(t *testing.T) {
	dir := t.TempDir()
	cases := []struct {
		kinds string // of NumPy, a file each
		want  source.Kind
	}{
		{"f4 f4", source.Float32},
		{"f4 >f8", source.Float64},
		{"u1 i1", source.Int16},
		{"u1 >u4", source.Uint32},
		{"u4 i1", source.Int64},
		{"u1 u2 i1", source.Int32},
		{"i4 f4", source.Float64},
		{"u2 f4", source.Float32},
		{"f2 i2", source.Float32},
		{"u1 f2", source.Float32},
		{"f2 f2", source.Float16},
		{"u8 i1", source.Float32},
		{"i8 f8", source.Float32},
		{"i8 f4 f8", source.Float32},
		{"u1 u8", source.Uint64},
	}
	var all []string
	for _, tc := range cases {
		all = append(all, tc.kinds)
	}
	makeFile(t, filepath.Join(dir, "unused"), fmt.Sprintf(`
for case, kinds in enumerate("%s".split(",")):
    for k, t in enumerate(kinds.split()):
        with h5py.File(sys.argv[1].replace("unused", f"{case}_{k}.h5"), "w") as g:
            g["x"] = (np.arange(30).reshape(10, 3) + 30 * k).astype(t)`, strings.Join(all, ",")))
	for i, tc := range cases {
		t.Run(tc.kinds, func(t *testing.T) {
			files, err := filepath.Glob(filepath.Join(dir, fmt.Sprintf("%d_*.h5", i)))
			require.NoError(t, err)
			src, err := OpenSource(files, "x")
			require.NoError(t, err)
			defer src.Close()
			require.Equal(t, tc.want, src.Fields()[0].Kind)
			var dst source.Columns
			require.NoError(t, src.Read(&dst, source.Range{From: 3, To: src.Rows()}))
			for i, v := range float32s(&dst, 0) {
				require.Equal(t, float32(9+i), v)
			}
		})
	}
}

func TestSteadyReadingDoesNotAllocate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.h5")
	makeFile(t, path, `
x = np.arange(4096, dtype="f4").reshape(512, 8)
f["contiguous"] = x
f.create_dataset("gzip", data=x, chunks=(16, 8), compression="gzip")
f.create_dataset("split", data=x, chunks=(16, 3), compression="gzip", shuffle=True)
f.create_dataset("big", data=x.astype(">f8"), chunks=(5, 8))`)
	for _, name := range []string{"contiguous", "gzip", "split", "big"} {
		src := openOne(t, path, name)
		var dst source.Columns
		// The least of many: under the race detector a pool loses what it keeps.
		least, err := 1., error(nil)
		for range 200 {
			least = min(least, testing.AllocsPerRun(1, func() { err = src.Read(&dst, source.Range{From: 160, To: 176}) }))
		}
		require.NoError(t, err)
		assert.Zero(t, least, name)
	}
}
