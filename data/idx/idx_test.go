package idx

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

func open(t testing.TB, columns ...Column) *Source {
	t.Helper()
	s, err := Open(columns...)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// read is rows of field k, as float32.
func read(t testing.TB, s *Source, k int, rows source.Range) []float32 {
	t.Helper()
	var c source.Columns
	require.NoError(t, s.Read(&c, rows))
	x := make([]float32, rows.Len()*s.Fields()[k].Size())
	source.Float32s(x, c.All(k), s.Fields()[k].Kind)
	return x
}

// testdata/make.py wrote the files with NumPy.
func TestEveryTypeIsReadAsNumPyWroteIt(t *testing.T) {
	for file, kind := range map[string]source.Kind{
		"uint8.idx": source.Uint8, "int8.idx": source.Int8, "int16.idx": source.Int16, "int32.idx": source.Int32,
		"float32.idx": source.Float32, "float64.idx": source.Float64, "float32.idx.gz": source.Float32,
	} {
		t.Run(file, func(t *testing.T) {
			s := open(t, Column{Name: "x", Path: filepath.Join("testdata", file)})
			assert.Equal(t, 4, s.Rows())
			assert.Equal(t, []source.Field{{Name: "x", Shape: []int{2, 3}, Kind: kind}}, s.Fields())
			want := make([]float32, 24)
			for i := range want {
				want[i] = float32(7 * i % 23)
				if kind != source.Uint8 {
					want[i] -= 11
				}
				if kind == source.Float32 || kind == source.Float64 {
					want[i] /= 2
				}
			}
			assert.Equal(t, want, read(t, s, 0, source.Range{To: 4}))
			assert.Equal(t, want[6:18], read(t, s, 0, source.Range{From: 1, To: 3}))
			assert.Equal(t, int64(36*kind.Size()), s.Counts().DecodedBytes)
			assert.Equal(t, "testdata/"+file+": row 3", s.Locate("x", 3))
			assert.ErrorIs(t, s.Read(new(source.Columns), source.Range{From: 2, To: 5}), source.ErrRange)
		})
	}
}

// Debian's dataset-fashion-mnist has the files of Zalando Research.
const fashion = "/usr/share/datasets/fashion-mnist"

func TestFashionMNIST(t *testing.T) {
	images := filepath.Join(fashion, "t10k-images-idx3-ubyte.gz")
	if _, err := os.Stat(images); err != nil {
		t.Skipf("Debian's dataset-fashion-mnist is not installed: %v", err)
	}
	s, err := Images(images, filepath.Join(fashion, "t10k-labels-idx1-ubyte.gz"))
	require.NoError(t, err)
	defer s.Close()
	assert.Equal(t, 10000, s.Rows())
	assert.Equal(t, []source.Field{{Name: "image", Shape: []int{1, 28, 28}, Kind: source.Uint8}, {Name: "label", Shape: []int{}, Kind: source.Uint8}}, s.Fields())
	var classes [10]int
	for _, v := range read(t, s, 1, source.Range{To: 10000}) {
		classes[int(v)]++
	}
	for class, n := range classes {
		assert.Equal(t, 1000, n, "class %d", class)
	}
	mean := 0.
	for _, v := range read(t, s, 0, source.Range{To: 10000}) {
		mean += float64(v)
	}
	assert.InDelta(t, 0.2868, mean/255/(10000*28*28), 1e-4)
	assert.Len(t, s.Extents(), 31)
}

// file is an IDX file of bytes.
func file(kind byte, elements int, shape ...uint32) []byte {
	b := []byte{0, 0, kind, byte(len(shape))}
	for _, n := range shape {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return append(b, make([]byte, elements)...)
}

func write(t testing.TB, contents []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.idx")
	require.NoError(t, os.WriteFile(path, contents, 0o644))
	return path
}

func TestOpenRefuses(t *testing.T) {
	for _, tc := range []struct {
		name     string
		contents []byte
		want     error
		message  string
	}{
		{"nothing", nil, source.ErrFormat, "0 bytes"},
		{"another format", []byte("\x89HDF\r\n\x1a\n"), source.ErrFormat, "89 48 44 46"},
		{"an unknown type", file(10, 6, 6), source.ErrFormat, "00 00 0a 01"},
		{"no axes", file(8, 6), source.ErrFormat, "00 00 08 00"},
		{"ten axes", file(8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), source.ErrFormat, "1 to 9 axes"},
		{"a header cut short", file(8, 0, 3, 2)[:10], source.ErrCorrupt, "ends at byte 10"},
		{"a byte missing", file(8, 5, 3, 2), source.ErrCorrupt, "declares uint8 (3, 2), 6 bytes, and 5 follow"},
		{"a byte too many", file(8, 7, 3, 2), source.ErrCorrupt, "and 7 follow"},
		{"no rows", file(8, 0, 0, 2), source.ErrShape, "at least 1"},
		{"an empty axis", file(8, 0, 2, 0), source.ErrShape, "at least 1"},
		{"a size that overflows", file(14, 0, 1<<31, 1<<31, 1<<31), source.ErrShape, "more elements"},
		{"an absurd size", file(8, 0, 1<<31, 1<<20), source.ErrCorrupt, "and 0 follow"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := write(t, tc.contents)
			_, err := Open(Column{Name: "x", Path: path})
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, tc.message)
			assert.ErrorContains(t, err, "idx: "+path)
		})
	}
}

func TestOpenRefusesColumnsThatDoNotFit(t *testing.T) {
	three, four := write(t, file(8, 3, 3)), write(t, file(8, 4, 4))
	_, err := Images(three, four)
	assert.ErrorIs(t, err, source.ErrShape)
	assert.ErrorContains(t, err, "4 rows")
	_, err = Open(Column{Name: "x", Path: three}, Column{Name: "x", Path: three})
	assert.ErrorIs(t, err, source.ErrShape)
	_, err = Open()
	assert.ErrorIs(t, err, source.ErrShape)
	_, err = Open(Column{Name: "x", Path: filepath.Join(t.TempDir(), "none")})
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

func TestAFileThatShrinksIsNoticed(t *testing.T) {
	path := write(t, file(8, 4, 4))
	s := open(t, Column{Name: "x", Path: path})
	require.NoError(t, os.Truncate(path, 10))
	err := s.Read(new(source.Columns), source.Range{From: 1, To: 4})
	assert.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, "rows [1, 4)")
}

func TestReadIsParallel(t *testing.T) {
	s := open(t, Column{Name: "x", Path: "testdata/int16.idx"}, Column{Name: "y", Path: "testdata/float32.idx.gz"})
	want := read(t, s, 0, source.Range{To: 4})
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			var c source.Columns
			for i := range 50 {
				row := (g + i) % 4
				if err := s.Read(&c, source.Range{From: row, To: row + 1}); !assert.NoError(t, err) {
					return
				}
				x := make([]float32, 6)
				source.Float32s(x, c.All(0), source.Int16)
				assert.Equal(t, want[6*row:6*row+6], x)
			}
		})
	}
	wg.Wait()
}

// FuzzOpen opens arbitrary bytes: an error of the package, or as many rows as it
// declares, all of which can be read.
func FuzzOpen(f *testing.F) {
	f.Add(file(8, 6, 3, 2))
	f.Add(file(14, 16, 2))
	f.Add(file(12, 5, 1, 1))
	zipped, err := os.ReadFile("testdata/float32.idx.gz")
	require.NoError(f, err)
	f.Add(zipped)
	path := filepath.Join(f.TempDir(), "x.idx")
	f.Fuzz(func(t *testing.T, b []byte) {
		require.NoError(t, os.WriteFile(path, b, 0o644))
		s, err := Open(Column{Name: "x", Path: path})
		if err != nil {
			require.True(t, errors.Is(err, source.ErrFormat) || errors.Is(err, source.ErrCorrupt) || errors.Is(err, source.ErrShape), "%v", err)
			return
		}
		defer s.Close()
		var c source.Columns
		require.NoError(t, s.Read(&c, source.Range{To: s.Rows()}))
		if s.Fields()[0].Kind == source.Uint8 && !bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
			require.True(t, bytes.HasSuffix(b, c.All(0)))
		}
	})
}
