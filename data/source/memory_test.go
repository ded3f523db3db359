package source

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMemoryGivesItsRows(t *testing.T) {
	src, err := Memory(
		Column{Name: "x", Shape: []int{2, 3}, Data: make([]float32, 60)},
		Column{Name: "y", Data: []float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
	)
	require.NoError(t, err)
	assert.Equal(t, 10, src.Rows())
	var dst Columns
	require.NoError(t, src.Read(&dst, Range{From: 2, To: 5}))
	assert.Equal(t, []float32{2, 3, 4}, Float32View(dst.All(1)))
	assert.Len(t, dst.Row(0, 2), 24)
	assert.ErrorIs(t, src.Read(&dst, Range{From: 8, To: 11}), ErrRange)
	assert.NoError(t, src.Close())
}

func TestMemoryRefuses(t *testing.T) {
	one := []float32{1}
	for _, tc := range []struct {
		name    string
		columns []Column
	}{
		{"no columns", nil},
		{"no name", []Column{{Data: one}}},
		{"the same name twice", []Column{{Name: "x", Data: one}, {Name: "x", Data: one}}},
		{"no rows", []Column{{Name: "x"}}},
		{"half a row", []Column{{Name: "x", Shape: []int{2}, Data: make([]float32, 3)}}},
		{"unequal rows", []Column{{Name: "x", Data: one}, {Name: "y", Data: make([]float32, 2)}}},
		{"an axis of zero", []Column{{Name: "x", Shape: []int{0}, Data: one}}},
		{"a negative axis", []Column{{Name: "x", Shape: []int{-1, -1}, Data: one}}},
		{"an absurd shape", []Column{{Name: "x", Shape: []int{math.MaxInt / 2, 3}, Data: one}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Memory(tc.columns...)
			assert.ErrorIs(t, err, ErrShape)
		})
	}
}
