package augment

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

var movedKinds = []source.Kind{source.Float32, source.Uint8, source.Int64}

func TestFlipMirrorsItsAxes(t *testing.T) {
	for _, tc := range []struct {
		name  string
		shape []int
		axes  []int
		want  []float32
	}{
		{"a vector", []int{3}, nil, []float32{2, 1, 0}},
		{"the last axis by default", []int{2, 3}, nil, []float32{2, 1, 0, 5, 4, 3}},
		{"the first axis", []int{2, 3}, []int{0}, []float32{3, 4, 5, 0, 1, 2}},
		{"both axes", []int{2, 3}, []int{0, -1}, []float32{5, 4, 3, 2, 1, 0}},
		{"channels stay", []int{2, 2, 2}, []int{-1, -2}, []float32{3, 2, 1, 0, 7, 6, 5, 4}},
		{"depth alone", []int{1, 2, 2, 2}, []int{1}, []float32{4, 5, 6, 7, 0, 1, 2, 3}},
	} {
		for _, kind := range movedKinds {
			t.Run(fmt.Sprint(tc.name, " of ", kind), func(t *testing.T) {
				flip := Flip{Field: "x", Axes: tc.axes, P: 1}
				r := ramp(1, field("x", kind, tc.shape...))
				assert.Equal(t, tc.want, x(apply(t, r, flip)))
				r = ramp(1, field("x", kind, tc.shape...))
				assert.Equal(t, counted(len(tc.want)), x(apply(t, r, flip, flip)), "twice is not at all")
			})
		}
	}
}

func TestFlipDrawsEachAxisOnItsOwn(t *testing.T) {
	seen := map[string]int{}
	const draws = 4000
	for seed := range uint64(draws) {
		r := apply(t, ramp(seed, field("x", source.Uint8, 2, 2)), Flip{Field: "x", Axes: []int{0, 1}})
		seen[fmt.Sprint(r.Uint8("x"))]++
	}
	require.Len(t, seen, 4)
	for state, n := range seen {
		assert.InDelta(t, draws/4, n, 150, "%s: five standard deviations", state)
	}
	rare := 0
	for seed := range uint64(draws) {
		if apply(t, ramp(seed, field("x", source.Uint8, 2)), Flip{Field: "x", P: .1}).Uint8("x")[0] == 1 {
			rare++
		}
	}
	assert.InDelta(t, draws/10, rare, 95)
}

// rot90 is numpy.rot90 of a matrix, k quarters.
func rot90(m [][]float32, k int) [][]float32 {
	for range k {
		h, w := len(m), len(m[0])
		turned := make([][]float32, w)
		for i := range turned {
			for j := range h {
				turned[i] = append(turned[i], m[j][w-1-i])
			}
		}
		m = turned
	}
	return m
}

func TestTurnIsExactAndEquallyLikely(t *testing.T) {
	m := [][]float32{{0, 1, 2}, {3, 4, 5}, {6, 7, 8}}
	want := map[string]int{}
	for k := range 4 {
		want[fmt.Sprint(rot90(m, k))] = k
	}
	require.Equal(t, 1, want["[[2 5 8] [1 4 7] [0 3 6]]"], "NumPy's result for k=1")
	var seen [4]int
	const draws = 4000
	for seed := range uint64(draws) {
		r := apply(t, ramp(seed, field("x", source.Float32, 3, 3)), Turn{Field: "x"})
		y := r.Float32("x")
		k, ok := want[fmt.Sprint([][]float32{y[:3], y[3:6], y[6:]})]
		require.True(t, ok, "%v", y)
		seen[k]++
	}
	for k, n := range seen {
		assert.InDelta(t, draws/4, n, 150, "%d quarters", k)
	}
}

func TestTurnOfARectangleIsByHalves(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(50) {
		seen[fmt.Sprint(x(apply(t, ramp(seed, field("x", source.Uint8, 2, 3)), Turn{Field: "x"})))] = true
	}
	assert.Equal(t, map[string]bool{"[0 1 2 3 4 5]": true, "[5 4 3 2 1 0]": true}, seen)
}

// A volume turns in the plane of its first two axes, whatever lies along the third.
func TestTurnsOfAVolume(t *testing.T) {
	const n, depth = 4, 3
	for k := range 4 {
		r := ramp(1, field("x", source.Int64, n, n, depth))
		w := over([]int{n, n, depth})
		w.turn(0, 1, k)
		w.into([]int{n, n, depth})
		w.row(r, r, r.Fields()[0], false)
		m := make([][]float32, n)
		for i := range n {
			m[i] = make([]float32, n)
			for j := range n {
				m[i][j] = float32(n*i + j)
			}
		}
		m = rot90(m, k)
		for i, v := range r.Int64("x") {
			require.Equal(t, int64(depth)*int64(m[i/depth/n][i/depth%n])+int64(i%depth), v, "%d quarters, element %d", k, i)
		}
	}
}

func TestFieldsMoveTogether(t *testing.T) {
	fields := []source.Field{field("x", source.Float32, 2, 4, 4), field("mask", source.Uint8, 4, 4)}
	for seed := range uint64(40) {
		r := apply(t, ramp(seed, fields...),
			Flip{Field: "x", With: []string{"mask"}, Axes: []int{-1, -2}},
			Turn{Field: "x", With: []string{"mask"}},
			Crop{Field: "x", With: []string{"mask"}, Size: []int{3, 3}, Pad: 1})
		require.Equal(t, []int{2, 3, 3}, r.Fields()[0].Shape)
		require.Equal(t, []int{3, 3}, r.Fields()[1].Shape)
		for i, m := range r.Uint8("mask") {
			if m != 0 {
				require.Equal(t, float32(m), r.Float32("x")[i])
			}
		}
	}
}

func TestTranspose(t *testing.T) {
	for _, kind := range movedKinds {
		r := apply(t, ramp(1, field("x", kind, 2, 2, 3)), Transpose{Field: "x", Axes: []int{2, 0, 1}})
		assert.Equal(t, field("x", kind, 3, 2, 2), r.Fields()[0])
		assert.Equal(t, []float32{0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11}, x(r))
		r = apply(t, r, Transpose{Field: "x", Axes: []int{1, -1, 0}})
		assert.Equal(t, counted(12), x(r), "and back")
	}
}

func TestCropInTheMiddle(t *testing.T) {
	for _, tc := range []struct {
		name  string
		shape []int
		size  []int
		pad   int
		want  []float32
	}{
		{"nothing to cut", []int{2, 3}, []int{2, 3}, 0, []float32{0, 1, 2, 3, 4, 5}},
		{"both axes", []int{4, 4}, []int{2, 2}, 0, []float32{5, 6, 9, 10}},
		{"an odd place too many", []int{5}, []int{2}, 0, []float32{1, 2}},
		{"one axis of two", []int{2, 4}, []int{2}, 0, []float32{1, 2, 5, 6}},
		{"a volume", []int{1, 3, 3, 3}, []int{1, 1, 1}, 0, []float32{13}},
		{"zeros around", []int{2, 2}, []int{4, 4}, 1, []float32{0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 3, 0, 0, 0, 0, 0}},
		{"padded and cut to the same size", []int{3}, []int{3}, 2, []float32{0, 1, 2}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := apply(t, ramp(1, field("x", source.Uint8, tc.shape...)), Crop{Field: "x", Size: tc.size, Pad: tc.pad, Centre: true})
			assert.Equal(t, tc.want, x(r))
		})
	}
}

func TestRandomCropsAreEquallyLikelyWindows(t *testing.T) {
	seen := map[string]int{}
	const draws = 5000
	for seed := range uint64(draws) {
		r := ramp(seed, field("x", source.Float32, 1, 3))
		count(r.Float32("x")[:3])
		r.Float32("x")[0] = 9
		seen[fmt.Sprint(x(apply(t, r, Crop{Field: "x", Size: []int{3}, Pad: 2})))]++
	}
	want := []string{"[0 0 9]", "[0 9 1]", "[9 1 2]", "[1 2 0]", "[2 0 0]"}
	require.Len(t, seen, len(want))
	for _, w := range want {
		assert.InDelta(t, draws/5, seen[w], 145, w)
	}
}

func TestMovesRefuse(t *testing.T) {
	in := []source.Field{
		field("x", source.Float32, 3, 8, 8), field("wide", source.Uint8, 4, 8),
		field("half", source.Float16, 8, 8), field("deep", source.Uint8, 1, 1, 1, 1, 1, 1, 1, 1, 1),
	}
	for name, tc := range map[string]struct {
		transform data.Transform
		want      error
	}{
		"no such field":            {Flip{Field: "y"}, source.ErrMissing},
		"no such other field":      {Flip{Field: "x", With: []string{"y"}}, source.ErrMissing},
		"a field twice":            {Flip{Field: "x", With: []string{"x"}}, source.ErrShape},
		"a kind without accessor":  {Flip{Field: "half"}, source.ErrType},
		"too many axes":            {Flip{Field: "deep"}, source.ErrShape},
		"an axis too many":         {Flip{Field: "x", Axes: []int{3}}, source.ErrShape},
		"an axis before the first": {Flip{Field: "x", Axes: []int{-4}}, source.ErrShape},
		"an axis twice":            {Flip{Field: "x", Axes: []int{2, -1}}, source.ErrShape},
		"no probability":           {Flip{Field: "x", P: 1.5}, source.ErrRange},
		"a plane of one axis":      {Turn{Field: "x", Axes: [2]int{1, 1}}, source.ErrShape},
		"a square with a wide one": {Turn{Field: "x", With: []string{"wide"}}, source.ErrShape},
		"axes left out":            {Transpose{Field: "x", Axes: []int{0, 1}}, source.ErrShape},
		"no window":                {Crop{Field: "x"}, source.ErrRange},
		"an empty window":          {Crop{Field: "x", Size: []int{0, 1}}, source.ErrRange},
		"a window too large":       {Crop{Field: "x", Size: []int{9, 8}}, source.ErrRange},
		"a negative padding":       {Crop{Field: "x", Size: []int{8, 8}, Pad: -1}, source.ErrRange},
		"a window of more axes":    {Crop{Field: "wide", Size: []int{1, 4, 8}}, source.ErrShape},
		"other axes":               {Crop{Field: "x", With: []string{"wide"}, Size: []int{4, 4}}, source.ErrShape},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tc.transform.Fields(in)
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, "augment: ")
		})
	}
}
