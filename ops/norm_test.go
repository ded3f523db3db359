package ops

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNorm(t *testing.T) {
	onEveryISA(t, func(t *testing.T) {
		for _, tc := range []struct {
			name string
			x    []float32
			want float64
		}{
			{"nothing", nil, 0},
			{"two sides of a triangle", []float32{3, -4}, 5},
			{"squares too large for float32", []float32{3e30, 4e30}, 5e30},
			{"squares too small for float32", []float32{-3e-30, 4e-30}, 5e-30},
		} {
			assert.InDelta(t, tc.want, Norm(tc.x), 1e-7*tc.want, tc.name)
		}
		ones := make([]float32, 1<<20)
		fill(ones, 0.5)
		assert.Equal(t, 512.0, Norm(ones), "a sum that float32 would lose digits of")
		assert.True(t, math.IsNaN(Norm([]float32{1, nan32()})))
	})
}
