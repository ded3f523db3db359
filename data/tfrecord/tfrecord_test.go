package tfrecord

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

func opened(t testing.TB, path string, fields ...source.Field) source.Source {
	t.Helper()
	s, err := Open([]string{path}, fields...)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func ints(b []byte) []int64 {
	x := make([]int64, len(b)/8)
	_ = source.Int64s(x, b, source.Int64)
	return x
}

// testdata/make.py wrote the files with protoc and a CRC-32C of its own.
func TestFilesOfProtoc(t *testing.T) {
	image := source.Field{Name: "image", Shape: []int{1, 2, 3}, Kind: source.Uint8}
	for _, name := range []string{"packed.tfrecord", "packed.tfrecord.gz", "loose.tfrecord"} {
		t.Run(name, func(t *testing.T) {
			s := opened(t, "testdata/"+name,
				image, source.Field{Name: "name", Kind: source.Bytes},
				source.Field{Name: "label", Kind: source.Int64}, source.Field{Name: "point", Shape: []int{3}})
			require.Equal(t, 5, s.Rows())
			var c source.Columns
			require.NoError(t, s.Read(&c, source.Range{From: 1, To: 5}))
			for i := range 4 {
				row := byte(i + 1)
				assert.Equal(t, []byte{row, row + 1, row + 2, row + 3, row + 4, row + 5}, c.Row(0, i))
				assert.Equal(t, fmt.Sprint("row ", row), string(c.Row(1, i)))
				assert.Equal(t, []int64{int64(row) - 2}, ints(c.Row(2, i)))
				assert.Equal(t, []float32{float32(row) / 2, -1e-3, float32(row)}, source.Float32View(c.Row(3, i)))
			}
			assert.Equal(t, "testdata/"+name+`: record 4, feature "image"`, s.Locate("image", 4))
			assert.ErrorIs(t, s.Read(&c, source.Range{From: 4, To: 6}), source.ErrRange)
		})
	}
}

func TestFieldsAreThoseOfTheFirstRecord(t *testing.T) {
	s := opened(t, "testdata/packed.tfrecord")
	assert.Equal(t, []source.Field{
		{Name: "image", Kind: source.Bytes},
		{Name: "label", Kind: source.Int64},
		{Name: "name", Kind: source.Bytes},
		{Name: "point", Kind: source.Float32, Shape: []int{3}},
	}, s.Fields())
	var c source.Columns
	require.NoError(t, s.Read(&c, source.Range{To: 5}))
	assert.Equal(t, []byte{4, 5, 6, 7, 8, 9}, c.Row(0, 4))
	assert.Equal(t, []int64{-2, -1, 0, 1, 2}, ints(c.All(1)))

	for name, features := range map[string][]byte{
		"no features":     {},
		"no values":       entry("x", floats()),
		"an empty one":    entry("x", nil),
		"several strings": entry("x", strs("a", "b")),
		"a nameless one":  entry("", int64s(1)),
	} {
		_, err := Open([]string{write(t, example(features))})
		assert.ErrorIs(t, err, source.ErrShape, name)
		assert.ErrorContains(t, err, "record 0", name)
	}
}

func TestElementsOfAnyKindInAString(t *testing.T) {
	path := write(t, example(entry("x", strs("\x00\x3c\x00\xc0"))))
	for kind, want := range map[source.Kind][]float32{source.Float16: {1, -2}, source.Int16: {15360, -16384}} {
		s := opened(t, path, source.Field{Name: "x", Shape: []int{2}, Kind: kind})
		var c source.Columns
		require.NoError(t, s.Read(&c, source.Range{To: 1}))
		x := make([]float32, 2)
		source.Float32s(x, c.All(0), kind)
		assert.Equal(t, want, x)
	}
}

// What protobuf allows: entries twice, messages in pieces, fields nobody knows.
func TestOddButLegalMessages(t *testing.T) {
	unknown := append(field(9, wireVarint), 0x96, 0x01)
	unknown = append(append(unknown, field(10, wireFixed64)...), 1, 2, 3, 4, 5, 6, 7, 8)
	for name, record := range map[string][]byte{
		"twice, the later counts": example(entry("x", floats(7)), entry("x", floats(1, 2))),
		"features in two pieces":  append(example(entry("y", floats(7))), example(entry("x", floats(1, 2)))...),
		"a list in two pieces":    example(entry("x", append(floats(1), floats(2)...))),
		"one by one":              example(entry("x", nested(int(floatList), field(1, wireFixed32), []byte{0, 0, 0x80, 0x3f}, field(1, wireFixed32), []byte{0, 0, 0, 0x40}))),
		"unknown fields":          append(unknown, example(unknown, entry("x", append(unknown, floats(1, 2)...)))...),
	} {
		t.Run(name, func(t *testing.T) {
			s := opened(t, write(t, record), source.Field{Name: "x", Shape: []int{2}})
			var c source.Columns
			require.NoError(t, s.Read(&c, source.Range{To: 1}))
			assert.Equal(t, []float32{1, 2}, source.Float32View(c.All(0)))
		})
	}
}

func TestRecordsThatDoNotFit(t *testing.T) {
	for _, tc := range []struct {
		name    string
		record  []byte
		field   source.Field
		want    error
		message string
	}{
		{"no such feature", example(entry("y", floats(1)), entry("z", floats(1))), source.Field{Name: "x"}, source.ErrMissing, `no feature "x", but "y", "z"`},
		{"no features", nil, source.Field{Name: "x"}, source.ErrMissing, "but none"},
		{"a value too few", example(entry("x", floats(1))), source.Field{Name: "x", Shape: []int{2}}, source.ErrShape, "1 values"},
		{"a value too many", example(entry("x", floats(1, 2, 3))), source.Field{Name: "x", Shape: []int{2}}, source.ErrShape, "3 values or more"},
		{"an int64 too many", example(entry("x", int64s(1, 2))), source.Field{Name: "x", Kind: source.Int64}, source.ErrShape, "2 values or more"},
		{"no value", example(entry("x", floats())), source.Field{Name: "x"}, source.ErrShape, "0 values"},
		{"an empty feature", example(entry("x", nil)), source.Field{Name: "x"}, source.ErrShape, "it is empty"},
		{"no string", example(entry("x", strs())), source.Field{Name: "x", Kind: source.Bytes}, source.ErrShape, "no string"},
		{"two strings", example(entry("x", strs("a", "b"))), source.Field{Name: "x", Kind: source.Bytes}, source.ErrShape, "several strings"},
		{"a string of another size", example(entry("x", strs("abc"))), source.Field{Name: "x", Shape: []int{2}, Kind: source.Uint8}, source.ErrShape, "3 bytes"},
		{"floats for integers", example(entry("x", floats(1))), source.Field{Name: "x", Kind: source.Int64}, source.ErrType, "list of floats"},
		{"integers for floats", example(entry("x", int64s(1))), source.Field{Name: "x"}, source.ErrType, "list of int64s"},
		{"floats for strings", example(entry("x", floats(1))), source.Field{Name: "x", Kind: source.Bytes}, source.ErrType, "not bytes"},
		{"no message", []byte{0xff}, source.Field{Name: "x"}, source.ErrCorrupt, "no protobuf"},
		{"a field cut off", example(entry("x", floats(1)))[:8], source.Field{Name: "x"}, source.ErrCorrupt, "are left"},
		{"a group", []byte{1<<3 | 3}, source.Field{Name: "x"}, source.ErrCorrupt, "wire type 3"},
		{"half a float", example(entry("x", nested(int(floatList), nested(1, []byte{1, 2})))), source.Field{Name: "x"}, source.ErrCorrupt, "wire type 2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := write(t, example(entry("x", nested(1, nested(1, []byte("first"))))), tc.record)
			s := opened(t, path, tc.field)
			err := s.Read(new(source.Columns), source.Range{From: 1, To: 2})
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, "tfrecord: "+path+": record 1: ")
			assert.ErrorContains(t, err, tc.message)
		})
	}
	_, err := Open([]string{"testdata/sequence.tfrecord"})
	require.ErrorIs(t, err, source.ErrType)
	assert.ErrorContains(t, err, "SequenceExample")
}

func TestManyFilesAreOneSource(t *testing.T) {
	dir := t.TempDir()
	const files = 40
	for i := range files {
		var b []byte
		for row := range i % 4 { // the first of four is empty
			b = append(b, frame(example(entry("x", int64s(int64(100*i+row)))))...)
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%02d.tfrecord", i)), b, 0o644))
	}
	s := opened(t, filepath.Join(dir, "*.tfrecord"))
	assert.Equal(t, 60, s.Rows())
	assert.Len(t, s.(source.Parted).Parts(), 30)
	var c source.Columns
	require.NoError(t, s.Read(&c, source.Range{To: 60}))
	want := []int64{}
	for i := range files {
		for row := range i % 4 {
			want = append(want, int64(100*i+row))
		}
	}
	assert.Equal(t, want, ints(c.All(0)))

	_, err := Open([]string{filepath.Join(dir, "00.tfrecord"), filepath.Join(dir, "04.tfrecord")})
	assert.ErrorIs(t, err, source.ErrShape)
	_, err = Open([]string{filepath.Join(dir, "*.tfr")})
	assert.ErrorIs(t, err, source.ErrMissing)
	require.NoError(t, os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, "gone.tfrecord")))
	_, err = Open([]string{filepath.Join(dir, "*.tfrecord")})
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

func TestExtentsAreAboutAMegabyte(t *testing.T) {
	var records [][]byte
	for i := range 5 {
		records = append(records, example(entry("x", strs(string(make([]byte, 400_000+400_000*(i/4)))))))
	}
	records = append(records, example(entry("x", strs(string(make([]byte, 2<<20))))))
	s := opened(t, write(t, records...), source.Field{Name: "x", Kind: source.Bytes})
	assert.Equal(t, []source.Range{{From: 0, To: 2}, {From: 2, To: 4}, {From: 4, To: 5}, {From: 5, To: 6}}, s.Extents())
}

func TestReadIsParallelAndDoesNotAllocate(t *testing.T) {
	s := opened(t, "testdata/packed.tfrecord")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			var c source.Columns
			for i := range 100 {
				if !assert.NoError(t, s.Read(&c, source.Range{From: i % 5, To: i%5 + 1})) {
					return
				}
				assert.Equal(t, []int64{int64(i%5) - 2}, ints(c.All(1)))
			}
		})
	}
	wg.Wait()
	var c source.Columns
	least := 1.
	for range 30 { // a pool may lose what it keeps
		least = min(least, testing.AllocsPerRun(1, func() { _ = s.Read(&c, source.Range{To: 5}) }))
	}
	assert.Zero(t, least)
}
