package data

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/cascade-hpc/cascade/data/source"
)

func TestNotFiniteAsStored(t *testing.T) {
	doubles := []float64{0, math.MaxFloat64, -1, math.Inf(-1), math.NaN()}
	halves := []uint16{0x0000, 0x7bff, 0xfc00, 0x7e00}  // 0, 65504, -Inf, NaN
	bfloats := []uint16{0x3f80, 0x7f7f, 0x7fc0, 0xff80} // 1, the largest, NaN, -Inf
	assert.Equal(t, 3, firstNotFiniteStored(source.BytesOf(doubles), source.Float64))
	assert.Equal(t, -1, firstNotFiniteStored(source.BytesOf(doubles[:3]), source.Float64), "too large for a float32 is finite")
	assert.Equal(t, 2, firstNotFiniteStored(source.BytesOf(halves), source.Float16))
	assert.Equal(t, 2, firstNotFiniteStored(source.BytesOf(bfloats), source.BFloat16))
	assert.Equal(t, -1, firstNotFiniteStored(source.BytesOf(bfloats), source.Uint16))
}
