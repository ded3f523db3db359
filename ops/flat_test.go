package ops

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSquaredNorm(t *testing.T) {
	onEveryISA(t, func(t *testing.T) {
		for _, tc := range []struct {
			name string
			x    []float32
			want float64
		}{
			{"nothing", nil, 0},
			{"two sides of a triangle", []float32{3, -4}, 25},
			{"squares too large for float32", []float32{3e30, 4e30}, 25e60},
			{"squares too small for float32", []float32{-3e-30, 4e-30}, 25e-60},
		} {
			assert.InDelta(t, tc.want, SquaredNorm(tc.x), 1e-6*tc.want, tc.name)
		}
		ones := make([]float32, 1<<20)
		fill(ones, 0.5)
		assert.Equal(t, float64(1<<18), SquaredNorm(ones), "a sum that float32 would lose digits of")
		assert.True(t, math.IsNaN(SquaredNorm([]float32{1, nan32()})))
	})
}

func TestClipScaleMixAndSwap(t *testing.T) {
	inf := float32(math.Inf(1))
	onEveryISA(t, func(t *testing.T) {
		x := []float32{-inf, -3, -2, -0.5, 0, 1, 2, 2.5, inf, 1e-40, -1, 3}
		dst := make([]float32, len(x))
		Clip(dst, x, 2)
		assert.Equal(t, []float32{-2, -2, -2, -0.5, 0, 1, 2, 2, 2, 1e-40, -1, 2}, dst)
		Clip(dst[:1], []float32{nan32()}, 2)
		assert.True(t, math.IsNaN(float64(dst[0])), "what went wrong stays visible")
		Scale(dst, x, 0.5)
		assert.Equal(t, []float32{-inf, -1.5, -1, -0.25, 0, 0.5, 1, 1.25, inf, 5e-41, -0.5, 1.5}, dst)
		a, b := []float32{1, 16777216, 2}, []float32{3, 3, -2}
		Mix(a, b, 0.5, 0.25)
		assert.Equal(t, []float32{1.25, 8388609, 0.5}, a, "8388608.75, rounded once")
		Swap(a, b)
		assert.Equal(t, []float32{3, 3, -2}, a)
		assert.Equal(t, []float32{1.25, 8388609, 0.5}, b)
	})
}
