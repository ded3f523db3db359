package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

func TestWindowsLieWhereTheyAreAskedFor(t *testing.T) {
	row := data.NewRow([]source.Field{{Name: "x", Shape: []int{2, 5, 7}, Kind: source.Uint8}}, 0)
	for i := range row.Uint8("x") {
		row.Uint8("x")[i] = uint8(i)
	}
	for _, test := range []struct {
		w    window
		y, x int
	}{
		{window{"x", 3, 0, 0}, 0, 0},
		{window{"x", 3, 0, 1}, 0, 4},
		{window{"x", 3, 1, 0}, 2, 0},
		{window{"x", 3, 1, 1}, 2, 4},
		{window{"x", 3, .5, .5}, 1, 2},
		{window{"x", 5, .5, .5}, 0, 1},
	} {
		copied := data.NewRow(row.Fields(), 0)
		copy(copied.Uint8("x"), row.Uint8("x"))
		got, err := copied.Apply(test.w)
		require.NoError(t, err)
		for c := range 2 {
			for y := range test.w.side {
				for x := range test.w.side {
					want := uint8((c*5+test.y+y)*7 + test.x + x)
					require.Equal(t, want, got.Uint8("x")[(c*test.w.side+y)*test.w.side+x], "%+v", test.w)
				}
			}
		}
	}
	_, err := row.Apply(window{"x", 6, 0, 0})
	assert.ErrorIs(t, err, source.ErrShape)
	_, err = row.Apply(window{"y", 3, 0, 0})
	assert.ErrorIs(t, err, source.ErrMissing)
}

// TestEveryViewOfAnImageIsAnother: of an image without symmetry, ten crops are ten
// images, each of the network's size.
func TestEveryViewOfAnImageIsAnother(t *testing.T) {
	dir := converted(t, made(t, 8, 64), 64)
	src, err := openImages(dir + "/" + testFile)
	require.NoError(t, err)
	defer src.Close()
	a, err := architectureNamed("small")
	require.NoError(t, err)
	var seen [][]float32
	for _, v := range append(tenCrops(), wholeImage) {
		l, err := v(a, data.From(src).Raw(nih.ImageField)).Batch(1, data.Pad).Loader()
		require.NoError(t, err)
		b, err := l.Next(t.Context())
		require.NoError(t, err)
		pixels := append([]float32(nil), b.Float32(nih.ImageField)...)
		require.NoError(t, l.Close())
		require.Len(t, pixels, 3*64*64)
		for _, other := range seen {
			assert.NotEqual(t, other, pixels)
		}
		seen = append(seen, pixels)
	}
	middle, mirrored := seen[0], seen[1]
	for y := range 64 {
		for x := range 64 {
			require.Equal(t, middle[y*64+x], mirrored[y*64+63-x])
		}
	}
	// Black, at the corner of an image, is -mean/deviation of ImageNet's red.
	assert.InDelta(t, -0.485/0.229, seen[10][0], 0.15)
}
