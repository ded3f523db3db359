package data

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

func rowsOf(t *testing.T, src source.Source, s Split) []int {
	t.Helper()
	l := loader(t, all(src).Split(s).Shuffle(1, 2000).Batch(8, Pad))
	rows := sorted(epoch(t, l)...)
	require.Len(t, rows, l.Rows())
	return rows
}

func TestSplitsMeetWithoutOverlap(t *testing.T) {
	src := filed{newTable(103, 10)}
	src.parts = []source.Range{{From: 0, To: 20}, {From: 20, To: 50}, {From: 50, To: 90}, {From: 90, To: 103}}
	for name, split := range map[string]func(from, to float64) Split{
		"Part":   func(from, to float64) Split { return Part(from, to) },
		"Files":  func(from, to float64) Split { return Files(from, to) },
		"Random": func(from, to float64) Split { return Random(7, from, to) },
	} {
		t.Run(name, func(t *testing.T) {
			a, b, c := rowsOf(t, src, split(0, 0.5)), rowsOf(t, src, split(0.5, 0.8)), rowsOf(t, src, split(0.8, 1))
			assert.Equal(t, upTo(103), sorted(a, b, c))
			assert.Equal(t, sorted(a, b), rowsOf(t, src, split(0, 0.8)))
		})
	}
	assert.Equal(t, upTo(50), rowsOf(t, src, Files(0, 0.5)))
	assert.Equal(t, upTo(52), rowsOf(t, src, Part(0, 0.5)), "round(51.5)")
	assert.Equal(t, []int{3, 4, 5}, rowsOf(t, src, Rows(3, 6)))
}

// TestRandomSplitIsOfTheRow: neither extents nor budget nor ranks change it, and
// each row has its chance.
func TestRandomSplitIsOfTheRow(t *testing.T) {
	want := rowsOf(t, newTable(2000, 10), Random(1, 0.2, 0.5))
	assert.Equal(t, want, rowsOf(t, newTable(2000, 77), Random(1, 0.2, 0.5)))
	assert.NotEqual(t, want, rowsOf(t, newTable(2000, 10), Random(2, 0.2, 0.5)))
	assert.InDelta(t, 600, len(want), 5*math.Sqrt(2000*0.3*0.7))
	longer := rowsOf(t, newTable(3000, 10), Random(1, 0.2, 0.5))
	assert.Equal(t, want, longer[:len(want)], "more rows change no others")
}

func TestSplitRefuses(t *testing.T) {
	src := newTable(10, 5)
	for _, tc := range []struct {
		split Split
		want  error
		says  string
	}{
		{Part(0.5, 0.5), source.ErrRange, "data: Split: Part(0.5, 0.5) of 10 rows: out of range: shares must be 0 <= from < to <= 1"},
		{Part(math.NaN(), 1), source.ErrRange, "Part(NaN, 1)"},
		{Random(1, 0, 1.5), source.ErrRange, "Random(1, 0, 1.5)"},
		{Random(1, 0.5, 0.5000001), source.ErrRange, "leaves none of 10 rows"},
		{Part(0, 0.01), source.ErrRange, "Part(0, 0.01) leaves none of 10 rows"},
		{Rows(5, 5), source.ErrRange, "Rows(5, 5) leaves none"},
		{Rows(5, 11), source.ErrRange, "Rows(5, 11) of 10 rows"},
		{Rows(6, 2), source.ErrRange, "Rows(6, 2)"},
		{Files(0, 1), source.ErrFormat, "does not consist of files"},
		{nil, source.ErrMissing, "data: Split: missing: the split is nil"},
	} {
		_, err := all(src).Split(tc.split).Batch(1, Pad).Loader()
		require.ErrorIs(t, err, tc.want)
		assert.ErrorContains(t, err, tc.says)
	}
	two := filed{src}
	two.parts = []source.Range{{From: 0, To: 5}, {From: 5, To: 10}}
	_, err := all(two).Split(Files(0, 0.2)).Batch(1, Pad).Loader()
	assert.ErrorContains(t, err, "none of 2 files")
}

func TestExtentsMustCoverTheRows(t *testing.T) {
	for _, extents := range [][]source.Range{
		nil,
		{{From: 0, To: 9}},
		{{From: 0, To: 5}, {From: 6, To: 10}},
		{{From: 0, To: 5}, {From: 4, To: 10}},
		{{From: 0, To: 5}, {From: 5, To: 5}, {From: 5, To: 10}},
		{{From: 0, To: 11}},
	} {
		src := newTable(10, 5)
		src.extents = extents
		_, err := From(src).Ints("id").Batch(1, Pad).Loader()
		assert.ErrorIs(t, err, source.ErrFormat, "%v", extents)
	}
}
