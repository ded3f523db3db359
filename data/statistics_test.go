package data

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/philox"
)

// naive finds the moments of all x whose group is g, in two passes.
func naive(x []float32, group func(i int) int, g int) (mean, std, low, high float64, n int) {
	low, high = math.Inf(1), math.Inf(-1)
	for pass := range 2 {
		for i, v := range x {
			if group(i) != g {
				continue
			}
			if v := float64(v); pass == 0 {
				n++
				mean += v
				low, high = min(low, v), max(high, v)
			} else {
				std += (v - mean) * (v - mean)
			}
		}
		if pass == 0 {
			mean /= float64(n)
		}
	}
	return mean, math.Sqrt(std / float64(n)), low, high, n
}

func TestStatisticsAgainstTwoPasses(t *testing.T) {
	const rows = 57
	shape := []int{3, 4, 5}
	x := make([]float32, rows*60)
	s := philox.NewStream(3, 0)
	for i := range x {
		x[i] = float32(1000 + s.Normal())
	}
	src, err := source.Memory(source.Column{Name: "x", Shape: shape, Data: x})
	require.NoError(t, err)
	for _, tc := range []struct {
		axes   []int
		groups int
		group  func(i int) int
	}{
		{nil, 1, func(int) int { return 0 }},
		{[]int{0}, 3, func(i int) int { return i / 20 % 3 }},
		{[]int{1}, 4, func(i int) int { return i / 5 % 4 }},
		{[]int{2}, 5, func(i int) int { return i % 5 }},
		{[]int{0, 2}, 15, func(i int) int { return i/20%3*5 + i%5 }},
		{[]int{2, 0, 1}, 60, func(i int) int { return i % 60 }},
	} {
		m, err := Statistics(t.Context(), From(cut{src, source.Cut(rows, 4)}).Fields("x"), "x", tc.axes...)
		require.NoError(t, err)
		require.Len(t, m.Mean, tc.groups)
		for g := range tc.groups {
			mean, std, low, high, n := naive(x, tc.group, g)
			assert.InEpsilon(t, mean, m.Mean[g], 1e-13)
			assert.InEpsilon(t, std, m.Std[g], 1e-9)
			assert.Equal(t, []float64{low, high}, []float64{m.Min[g], m.Max[g]})
			assert.EqualValues(t, n, m.Count)
		}
	}
}

func TestStatisticsAreTheSameBitsWhateverThePipelineDoes(t *testing.T) {
	p := all(newTable(333, 10)).Map(jitter{}, 1)
	want, err := Statistics(t.Context(), p, "x", 0)
	require.NoError(t, err)
	got, err := Statistics(t.Context(), p.Shard(1, 2).Map(nothing{}, 4).Batch(7, Drop), "x", 0)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	got, err = Statistics(t.Context(), p.Shuffle(0, 1000), "x", 0)
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

func TestStatisticsOfIntegers(t *testing.T) {
	m, err := Statistics(t.Context(), all(newTable(101, 10)), "id")
	require.NoError(t, err)
	assert.InDelta(t, 50, m.Mean[0], 1e-12)
	assert.InDelta(t, math.Sqrt(850), m.Std[0], 1e-9, "(n²-1)/12")
	assert.Equal(t, &Moments{Mean: m.Mean, Std: m.Std, Min: []float64{0}, Max: []float64{100}, Count: 101}, m)
	m, err = Statistics(t.Context(), all(newTable(101, 10)), "pixel", 0)
	require.NoError(t, err)
	assert.Equal(t, []float64{100, 100, 100}, m.Max)
}

func TestStatisticsRefuse(t *testing.T) {
	src := newTable(20, 5)
	src.nan = map[int]bool{13: true}
	_, err := Statistics(t.Context(), all(src).AllowNotFinite(), "x")
	require.ErrorIs(t, err, source.ErrNotFinite)
	assert.ErrorContains(t, err, `row 13: field "x": not a finite number: element [1 0] is NaN`)
	m, err := Statistics(t.Context(), all(src).Skip(1), "id")
	require.NoError(t, err)
	assert.EqualValues(t, 19, m.Count)
	for _, tc := range []struct {
		field string
		axes  []int
		want  error
	}{
		{"y", nil, source.ErrMissing},
		{"name", nil, source.ErrType},
		{"x", []int{2}, source.ErrRange},
		{"x", []int{-1}, source.ErrRange},
		{"x", []int{1, 1}, source.ErrRange},
	} {
		_, err := Statistics(t.Context(), all(newTable(20, 5)), tc.field, tc.axes...)
		assert.ErrorIs(t, err, tc.want)
	}
}
