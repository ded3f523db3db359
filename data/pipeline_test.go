package data

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/shard"
	"github.com/cascade-hpc/cascade/data/source"
)

func TestLoaderReportsAllMistakes(t *testing.T) {
	_, err := Open().Fields("x").Ints("y", "x").Raw().Shard(3, 3).Shuffle(1, -1).Map(nil, 1).
		Map(nothing{}, -1).Batch(0, 7).Skip(-1).Cache(-1).Prefetch(0).Loader()
	for _, says := range []string{
		"data: Open: missing: no files were named",
		`data: Ints: wrong shape: "x" was asked for already`,
		"data: Raw: missing: no fields were named",
		"data: Shard: out of range: rank 3 of 3",
		"data: Shuffle: out of range: a budget of -1 bytes",
		"data: Map: missing: the transform is nil",
		"data: Map: out of range: -1 workers",
		"data: Batch: out of range: 0 rows",
		"data: Batch: out of range: policy 7",
		"data: Skip: out of range: a limit of -1 rows",
		"data: Cache: out of range: -1 bytes",
		"data: Prefetch: out of range: 0 batches",
	} {
		assert.ErrorContains(t, err, says)
	}
}

func TestLoaderRefuses(t *testing.T) {
	src := newTable(10, 5)
	for _, tc := range []struct {
		name string
		p    Pipeline
		want error
		says string
	}{
		{"nothing to begin with", Pipeline{}.Fields("x").Batch(1, Drop), source.ErrMissing, "begin with Open or From"},
		{"no source", From(nil).Fields("x").Batch(1, Drop), source.ErrMissing, "data: From: missing: the source is nil"},
		{"no fields", From(src).Batch(1, Drop), source.ErrMissing, "use Fields, Ints or Raw"},
		{"no batch", From(src).Fields("x"), source.ErrMissing, "the size of a batch was not set"},
		{"a field that is not there", From(src).Fields("y").Batch(1, Drop), source.ErrMissing, `no field "y"; there are "x", "id", "pixel", "name"`},
		{"strings as numbers", From(src).Fields("name").Batch(1, Drop), source.ErrType, `field "name": unsupported element type: it is stored as strings`},
		{"too few rows", all(src).Shard(0, 4).Batch(3, Drop), source.ErrRange, "10 rows are too few for a batch of 3 on 4 ranks"},
		{"an absurd batch", From(wide{}).Fields("x").Batch(math.MaxInt32, Pad), source.ErrRange, "more than can be addressed"},
		{"a transform that does not suit", all(src).Map(halve{}, 1).Batch(1, Drop), nil, "data: Map 1 (data.halve): not uint8"},
		{"a strict source", From(src).Strict().Fields("x").Batch(1, Drop), source.ErrFormat, "data: Strict: "},
		{"a pattern without files", Open("nowhere/*.h5").Fields("x").Batch(1, Drop), source.ErrMissing, `no file matches "nowhere/*.h5"`},
		{"neither HDF5 nor shard", Open("doc.go").Fields("x").Batch(1, Drop), source.ErrFormat, "doc.go"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := tc.p.Loader()
			require.Error(t, err)
			if tc.want != nil {
				assert.ErrorIs(t, err, tc.want)
			}
			assert.ErrorContains(t, err, tc.says)
		})
	}
}

// wide is a source of rows that are larger than memory.
type wide struct{ source.Source }

func (wide) Rows() int { return 1 }
func (wide) Fields() []source.Field {
	return []source.Field{{Name: "x", Shape: []int{1 << 40}}}
}

func TestPipelinesShareABeginning(t *testing.T) {
	base := From(newTable(100, 10)).Fields("x").Map(nothing{}, 1).Map(nothing{}, 1).Map(nothing{}, 1)
	a := base.Ints("id").Map(jitter{}, 1)
	b := base.Raw("name").Map(zero{}, 1)
	bad := base.Batch(0, Drop)
	for i, p := range []Pipeline{a, b} {
		l := loader(t, p.Batch(5, Drop))
		batch, err := l.Next(t.Context())
		require.NoError(t, err)
		assert.Equal(t, i == 1, batch.Float32("x")[1] == 0)
		assert.Len(t, batch.Fields(), 2)
	}
	_, err := bad.Batch(5, Drop).Loader()
	assert.Error(t, err, "a mistake stays one")
	loader(t, base.Batch(5, Drop))
}

func TestStepsAreTheSameForEveryRank(t *testing.T) {
	for _, tc := range []struct{ rows, batch, ranks, drop, pad int }{
		{100, 10, 1, 10, 10}, {101, 10, 1, 10, 11}, {101, 10, 3, 3, 4}, {101, 33, 3, 1, 2}, {3, 1, 3, 1, 1},
	} {
		for rank := range tc.ranks {
			p := all(newTable(tc.rows, 7)).Shard(rank, tc.ranks)
			for policy, steps := range map[Policy]int{Drop: tc.drop, Pad: tc.pad} {
				l := loader(t, p.Batch(tc.batch, policy))
				require.Equal(t, steps, l.Steps())
				require.Len(t, epoch(t, l), steps)
				require.Equal(t, tc.rows, l.Rows())
			}
		}
	}
}

func TestOpenTellsShardsFromHDF5(t *testing.T) {
	dir := t.TempDir()
	src := newTable(50, 10)
	var paths []string
	for i, rows := range []source.Range{{From: 30, To: 50}, {From: 0, To: 30}} {
		path := filepath.Join(dir, fmt.Sprintf("%d.shard", 1-i))
		w, err := shard.Create(path, tableFields...)
		require.NoError(t, err)
		var c source.Columns
		require.NoError(t, src.Read(&c, rows))
		require.NoError(t, w.AppendColumns(&c))
		require.NoError(t, w.Close())
		paths = append(paths, path)
	}
	want := func(p Pipeline) {
		l := loader(t, p.Fields("x").Ints("id").Raw("pixel", "name").Batch(50, Drop))
		b, err := l.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, upTo(50), requireWhole(t, b))
		assert.Positive(t, l.Stats().Reading.StoredBytes)
		require.NoError(t, l.Close())
	}
	want(Open(filepath.Join(dir, "*.shard")))
	want(Open(paths...))
	want(Open(paths[0], filepath.Join(dir, "*")).Strict())
	other := filepath.Join(dir, "a.h5")
	require.NoError(t, os.WriteFile(other, []byte("\x89HDF\r\n\x1a\n"), 0o600))
	_, err := Open(filepath.Join(dir, "*")).Fields("x").Batch(1, Drop).Loader()
	require.ErrorIs(t, err, source.ErrFormat)
	assert.ErrorContains(t, err, "only one is a shard")
}

// TestOpenReadsHDF5 goes through compressed files with a strict open, a split by
// files, a shuffle and two ranks.
func TestOpenReadsHDF5(t *testing.T) {
	dir := t.TempDir()
	src := newTable(300, 50)
	for i, rows := range source.Cut(300, 100) {
		w, err := hdf5.Options{Gzip: 1, ChunkRows: 16}.Create(filepath.Join(dir, fmt.Sprintf("%d.h5", i)), tableFields...)
		if errors.Is(err, hdf5.ErrUnavailable) {
			t.Skip("built without HDF5")
		}
		require.NoError(t, err)
		var c source.Columns
		require.NoError(t, src.Read(&c, rows))
		require.NoError(t, w.AppendColumns(&c))
		require.NoError(t, w.Close())
	}
	p := Open(filepath.Join(dir, "*.h5")).Strict().Fields("x").Ints("id").Raw("pixel", "name").Split(Files(0.3, 1)).Shuffle(1, 0)
	var rows []int
	for rank := range 2 {
		l := loader(t, p.Shard(rank, 2).Batch(9, Pad))
		require.Equal(t, 200, l.Rows())
		for b, err := range l.Epoch(t.Context()) {
			require.NoError(t, err)
			for i, row := range b.Rows {
				if row >= 0 {
					require.Equal(t, int64(row), b.Int64("id")[i])
					require.Equal(t, float32(10*row), b.Float32("x")[4*i])
					require.Equal(t, byte(row), b.Uint8("pixel")[3*i])
					require.Equal(t, row, rowOf(t, b.Bytes("name", i)))
					rows = append(rows, row)
				}
			}
		}
		assert.Positive(t, l.Stats().DecodeRate())
	}
	assert.Equal(t, upTo(300)[100:], sorted(rows))
}

func TestBatchPanicsForAFieldItHasNot(t *testing.T) {
	l := loader(t, all(newTable(10, 5)).Batch(5, Drop))
	b, err := l.Next(t.Context())
	require.NoError(t, err)
	assert.PanicsWithValue(t, `data: Batch: no field "id" of float32 among [x float32 (2, 2) id int64 pixel uint8 (3,) name bytes]`, func() { b.Float32("id") })
	assert.Panics(t, func() { b.Stored("name") })
	assert.Len(t, b.Stored("x"), 5*4*4)
}
