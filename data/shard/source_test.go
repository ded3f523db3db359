package shard

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

var (
	_ source.Source  = (*Source)(nil)
	_ source.Parted  = (*Source)(nil)
	_ source.Counter = (*Source)(nil)
)

// three shards of 20, 30 and 10 rows, which follow each other.
func three(t testing.TB, o Options) []string {
	dir := t.TempDir()
	paths := []string{filepath.Join(dir, "c"), filepath.Join(dir, "a"), filepath.Join(dir, "b")}
	write(t, o, paths[1], everyKind, 0, 20)
	write(t, o, paths[2], everyKind, 20, 30)
	write(t, o, paths[0], everyKind, 50, 10)
	return paths
}

func TestRowsOfSeveralShardsFollowEachOther(t *testing.T) {
	paths := three(t, Options{BlockRows: 8, Zstd: 1})
	some := []source.Field{everyKind[12], everyKind[3], everyKind[0]} // in another order than stored
	s := open(t, some, paths...)
	assert.Equal(t, 60, s.Rows())
	assert.Equal(t, some, s.Fields())
	assert.Equal(t, []source.Range{{From: 0, To: 20}, {From: 20, To: 50}, {From: 50, To: 60}}, s.Parts())
	assert.Equal(t, filepath.Dir(paths[0])+`/b: field "jpeg", row 1`, s.Locate("jpeg", 21))
	at := 0
	for _, r := range s.Extents() {
		require.Equal(t, at, r.From, "extents have no gaps")
		at = r.To
	}
	require.Equal(t, 60, at)
	var all, c source.Columns
	fill(&all, everyKind, 0, 60)
	for from := range 60 {
		require.NoError(t, s.Read(&c, source.Range{From: from, To: max(from, 60-from/2)}))
		for i, field := range []int{12, 3, 0} {
			for r := range c.Rows() {
				require.Equal(t, string(all.Row(field, from+r)), string(c.Row(i, r)), "row %d of %s", from+r, some[i])
			}
		}
	}
	assert.ErrorIs(t, s.Read(&c, source.Range{From: 59, To: 61}), source.ErrRange)
	assert.ErrorIs(t, s.Read(&c, source.Range{From: -1, To: 1}), source.ErrRange)
}

func TestManyGoroutinesReadTheSameRows(t *testing.T) {
	s := open(t, everyKind, three(t, Options{BlockRows: 8, Zstd: 1})...)
	var wg sync.WaitGroup
	for k := range 8 {
		wg.Go(func() {
			var c source.Columns
			for i := range 30 {
				r := source.Range{From: (7*k + i) % 50, To: (7*k+i)%50 + 10}
				if !assert.NoError(t, s.Read(&c, r)) {
					return
				}
				requireRows(t, &c, everyKind, r.From, 10)
			}
		})
	}
	wg.Wait()
}

func TestReadingDoesNotAllocate(t *testing.T) {
	for name, o := range map[string]Options{"plain": {BlockRows: 8}, "compressed": {BlockRows: 8, Zstd: 1}} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a")
			write(t, o, path, everyKind, 0, 40)
			s := open(t, everyKind[11:], path) // uint64 and bytes
			var c source.Columns
			read := func() {
				if err := s.Read(&c, source.Range{From: 5, To: 24}); err != nil {
					t.Error(err)
				}
			}
			// The least of many: a pool may lose what it keeps, and under the race detector
			// it does so on purpose.
			least := 1.
			for range 30 {
				least = min(least, testing.AllocsPerRun(1, read))
			}
			assert.Zero(t, least)
		})
	}
}

func TestCountsWhatIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	fields := []source.Field{{Name: "x", Shape: []int{100}}}
	write(t, Options{BlockRows: 10}, path, fields, 0, 30)
	s := open(t, fields, path)
	before := s.Counts() // what Open has read
	assert.Zero(t, before.DecodedBytes)
	var c source.Columns
	require.NoError(t, s.Read(&c, source.Range{From: 9, To: 11}))
	counts := s.Counts()
	assert.EqualValues(t, 2*10*400, counts.StoredBytes-before.StoredBytes, "two blocks, whole")
	assert.EqualValues(t, 2*10*400, counts.DecodedBytes)
	assert.Positive(t, counts.ReadNanos)
	assert.Positive(t, counts.DecodeNanos)
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	path, other, kind := filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "c")
	write(t, Options{}, path, showers, 0, 5)
	write(t, Options{}, other, []source.Field{{Name: "ECAL", Shape: []int{4, 3, 5}}}, 0, 5)
	write(t, Options{}, kind, []source.Field{{Name: "ECAL", Shape: []int{3, 4, 5}, Kind: source.Float64}}, 0, 5)
	empty := filepath.Join(dir, "empty")
	require.NoError(t, os.WriteFile(empty, nil, 0o644))
	text := filepath.Join(dir, "text")
	require.NoError(t, os.WriteFile(text, []byte("this is a text of no great length"), 0o644))
	for _, tc := range []struct {
		name   string
		paths  []string
		fields []string
		want   error
		says   string
	}{
		{"no files", nil, []string{"ECAL"}, source.ErrMissing, "no files"},
		{"no fields", []string{path}, nil, source.ErrMissing, "no fields"},
		{"no such file", []string{path, path + "x"}, []string{"ECAL"}, os.ErrNotExist, path + "x"},
		{"no such field", []string{path}, []string{"HCAL"}, source.ErrMissing, `a: missing: no field "HCAL"; there are "ECAL", "pdg"`},
		{"a field twice", []string{path}, []string{"ECAL", "ECAL"}, source.ErrShape, "two fields"},
		{"a file twice", []string{path, path}, []string{"ECAL"}, source.ErrShape, "listed twice"},
		{"other shapes", []string{path, other}, []string{"ECAL"}, source.ErrShape, "a row is ECAL float32 (4, 3, 5), but ECAL float32 (3, 4, 5) in " + path},
		{"other kinds", []string{path, kind}, []string{"ECAL"}, source.ErrShape, "float64"},
		{"an empty file", []string{empty}, []string{"ECAL"}, source.ErrFormat, "0 bytes"},
		{"a text", []string{text}, []string{"ECAL"}, source.ErrFormat, `begins with "this is "`},
		{"a directory", []string{dir}, []string{"ECAL"}, source.ErrFormat, "it is no file"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Open(tc.paths, tc.fields...)
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, tc.says)
		})
	}
}

// More files than a process may have open, on many systems.
func TestManyShardsAreOneSource(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "0000")
	write(t, Options{}, path, showers, 0, 2)
	paths := []string{path}
	for k := 1; k < 300; k++ {
		paths = append(paths, filepath.Join(dir, fmt.Sprintf("%04d", k)))
		require.NoError(t, os.Link(path, paths[k]))
	}
	s := open(t, showers, paths...)
	require.Equal(t, 600, s.Rows())
	descriptors, err := os.ReadDir("/proc/self/fd")
	if err == nil {
		assert.Less(t, len(descriptors), 290)
	}
	var c source.Columns
	for k := range 300 {
		require.NoError(t, s.Read(&c, source.Range{From: 2 * k, To: 2*k + 2}))
		requireRows(t, &c, showers, 0, 2)
	}
}

func TestFileTellsHowItIsStored(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	write(t, Options{BlockRows: 8, Zstd: 3}, path, showers, 0, 20)
	f, err := OpenFile(path)
	require.NoError(t, err)
	defer f.Close()
	assert.Equal(t, path, f.Path())
	assert.Equal(t, showers, f.Fields())
	assert.Equal(t, 20, f.Rows())
	ecal, err := f.Storage("ECAL")
	require.NoError(t, err)
	assert.Equal(t, 3, ecal.Blocks)
	assert.Equal(t, 8, ecal.BlockRows)
	assert.EqualValues(t, 20*240, ecal.Decoded)
	assert.Positive(t, ecal.Compressed)
	assert.Less(t, ecal.Stored, ecal.Decoded)
	_, err = f.Storage("HCAL")
	assert.ErrorIs(t, err, source.ErrMissing)
}
