package shard

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	for _, tc := range []struct {
		name    string
		options Options
		fields  []source.Field
		blocks  int
	}{
		{"plain", Options{}, showers, 1},
		{"every kind", Options{}, everyKind, 1},
		{"blocks of one row", Options{BlockRows: 1}, everyKind, 50},
		{"blocks that no piece fits", Options{BlockRows: 7}, everyKind, 8},
		{"compressed", Options{BlockRows: 7, Zstd: 3}, everyKind, 8},
		{"compressed as far as it goes", Options{Zstd: 22}, showers, 1},
		{"bytes only", Options{BlockRows: 20}, everyKind[len(everyKind)-1:], 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a.shard")
			write(t, tc.options, path, tc.fields, 0, 50)
			assert.Equal(t, []string{"a.shard"}, listDir(t, dir), "no temporary file stays")
			s := open(t, tc.fields, path)
			require.Equal(t, 50, s.Rows())
			assert.Len(t, s.Extents(), tc.blocks)
			var c source.Columns
			for from := range 50 {
				for to := from; to <= 50; to += 1 + to/3 {
					require.NoError(t, s.Read(&c, source.Range{From: from, To: to}))
					requireRows(t, &c, tc.fields, from, to-from)
				}
			}
			for _, r := range s.Extents() {
				require.NoError(t, s.Read(&c, r))
				requireRows(t, &c, tc.fields, r.From, r.Len())
			}
		})
	}
}

func TestAttributesOfFileAndFields(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.shard")
	w, err := Create(path, showers...)
	require.NoError(t, err)
	var c source.Columns
	fill(&c, showers, 0, 1)
	require.NoError(t, w.AppendColumns(&c))
	want := map[string]any{"text": "a\x00\"b\" ü", "least": int64(math.MinInt64), "third": 1. / 3, "whole": 2.0, "none": "", "infinite": math.Inf(-1)}
	for name, v := range want {
		require.NoError(t, w.SetAttr(name, "something else"))
		require.NoError(t, w.SetAttr(name, v))
		require.NoError(t, w.SetFieldAttr("pdg", name, v))
	}
	require.NoError(t, w.Close())
	f, err := OpenFile(path)
	require.NoError(t, err)
	defer f.Close()
	assert.Equal(t, want, f.Attributes())
	assert.Equal(t, want, f.FieldAttributes("pdg"))
	assert.Empty(t, f.FieldAttributes("ECAL"))
	assert.Empty(t, f.FieldAttributes("HCAL"))
}

func TestBlocksAreOfAMegabyteUnlessAsked(t *testing.T) {
	big := []source.Field{{Name: "ECAL", Shape: []int{25, 25, 25}}}
	path := filepath.Join(t.TempDir(), "a.shard")
	write(t, Options{}, path, big, 0, 80)
	s := open(t, big, path)
	assert.Equal(t, source.Range{From: 0, To: 16}, s.Extents()[0], "16 rows of 62500 bytes")

	jpeg := []source.Field{{Name: "jpeg", Kind: source.Bytes}, {Name: "label", Kind: source.Uint8}}
	w, err := Create(path, jpeg...)
	require.NoError(t, err)
	var c source.Columns
	for range 4 {
		c.Reset(jpeg, 6)
		for range 6 {
			c.Append(0, make([]byte, 300_000))
		}
		require.NoError(t, w.AppendColumns(&c))
	}
	require.NoError(t, w.Close())
	s = open(t, jpeg, path)
	assert.Equal(t, source.Cut(24, 4), s.Extents())
}

func TestTheSameRowsMakeTheSameFile(t *testing.T) {
	assert.Equal(t, shardBytes(t, Options{Zstd: 3}, 20), shardBytes(t, Options{Zstd: 3}, 20))
}

// A file that cannot be finished must leave what was there before.
func TestWhatFailsIsNotPublished(t *testing.T) {
	fields := []source.Field{{Name: "x", Shape: []int{2}}, {Name: "b", Kind: source.Bytes}}
	for _, tc := range []struct {
		name string
		use  func(w *Writer) error
		want error
		says string
	}{
		{"nothing appended", func(*Writer) error { return nil }, source.ErrShape, "it has no rows"},
		{"rows of other fields", func(w *Writer) error {
			var c source.Columns
			fill(&c, showers, 0, 1)
			return w.AppendColumns(&c)
		}, source.ErrShape, "rows of [ECAL float32 (3, 4, 5) pdg int16] for a file of [x float32 (2,) b bytes]"},
		{"rows of bytes that are missing", func(w *Writer) error {
			var c source.Columns
			c.Reset(fields, 3)
			c.Append(1, []byte("only one"))
			return w.AppendColumns(&c)
		}, source.ErrShape, `field "b": wrong shape: 1 rows of bytes were appended for 3 rows`},
		{"attribute of a wrong type", func(w *Writer) error { return w.SetAttr("a", []int{1}) }, source.ErrType, "[]int"},
		{"attribute that is no text", func(w *Writer) error { return w.SetAttr("a", "\xff") }, source.ErrType, "not UTF-8"},
		{"attribute without a name", func(w *Writer) error { return w.SetFieldAttr("x", "", 1) }, source.ErrType, "cannot be used"},
		{"attribute of a field there is not", func(w *Writer) error { return w.SetFieldAttr("z", "a", 1) }, source.ErrMissing, `no field "z"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a.shard")
			require.NoError(t, os.WriteFile(path, []byte("before"), 0o644))
			w, err := Create(path, fields...)
			require.NoError(t, err)
			if err := tc.use(w); err != nil {
				require.ErrorIs(t, err, tc.want)
			}
			err = w.Close()
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, path)
			assert.ErrorContains(t, err, tc.says)
			assert.Error(t, w.Close(), "it stays failed")
			w.Abort()
			b, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, "before", string(b))
			assert.Equal(t, []string{"a.shard"}, listDir(t, dir))
		})
	}
}

func TestAttributesBeyondWhatAReaderTakesAreRefused(t *testing.T) {
	w, err := Create(filepath.Join(t.TempDir(), "a.shard"), showers...)
	require.NoError(t, err)
	var c source.Columns
	fill(&c, showers, 0, 1)
	require.NoError(t, w.AppendColumns(&c))
	require.NoError(t, w.SetAttr("a", strings.Repeat("x", maxDescription)))
	assert.ErrorIs(t, w.Close(), source.ErrRange)
}

func TestAbort(t *testing.T) {
	dir := t.TempDir()
	w, err := Create(filepath.Join(dir, "a.shard"), showers...)
	require.NoError(t, err)
	require.NotEmpty(t, listDir(t, dir))
	w.Abort()
	w.Abort()
	assert.Empty(t, listDir(t, dir))
	assert.ErrorContains(t, w.Close(), "aborted")
	assert.ErrorIs(t, w.AppendColumns(new(source.Columns)), os.ErrClosed)
	assert.ErrorIs(t, w.SetAttr("a", 1), os.ErrClosed)
	assert.ErrorIs(t, w.SetFieldAttr("ECAL", "a", 1), os.ErrClosed)
}

func TestCreateRefuses(t *testing.T) {
	dir := t.TempDir()
	x := []source.Field{{Name: "x", Shape: []int{2}}}
	for _, tc := range []struct {
		name    string
		path    string
		options Options
		fields  []source.Field
		want    error
	}{
		{"no fields", "a.shard", Options{}, nil, source.ErrShape},
		{"the same name twice", "a.shard", Options{}, append(x, x...), source.ErrShape},
		{"an axis of zero", "a.shard", Options{}, []source.Field{{Name: "x", Shape: []int{2, 0}}}, source.ErrShape},
		{"a kind there is not", "a.shard", Options{}, []source.Field{{Name: "x", Kind: 99}}, source.ErrType},
		{"bytes with a shape", "a.shard", Options{}, []source.Field{{Name: "x", Kind: source.Bytes, Shape: []int{2}}}, source.ErrShape},
		{"a row of 2 GiB", "a.shard", Options{}, []source.Field{{Name: "x", Shape: []int{1 << 29}}}, source.ErrShape},
		{"an absurd row", "a.shard", Options{}, []source.Field{{Name: "x", Shape: []int{math.MaxInt}}}, source.ErrShape},
		{"blocks of 2 GiB", "a.shard", Options{BlockRows: 1 << 28}, x, source.ErrRange},
		{"Zstandard 23", "a.shard", Options{Zstd: 23}, x, source.ErrRange},
		{"negative block", "a.shard", Options{BlockRows: -1}, x, source.ErrRange},
		{"no such directory", "nowhere/a.shard", Options{}, x, os.ErrNotExist},
		{"a name that is no text", "a.shard", Options{}, []source.Field{{Name: "\xff"}}, source.ErrType},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := tc.options.Create(filepath.Join(dir, tc.path), tc.fields...)
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, tc.path)
			assert.Empty(t, listDir(t, dir))
		})
	}
}
