package augment

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// every is one of each transform, for an image of bytes, a shower of float32 and
// its mask.
func every() []data.Transform {
	ones := []float64{1, 2, 3}
	return []data.Transform{
		Flip{Field: "image"},
		Flip{Field: "shower", With: []string{"mask"}, Axes: []int{-1, -2}},
		Turn{Field: "shower", With: []string{"mask"}},
		Transpose{Field: "image", Axes: []int{1, 2, 0}},
		Crop{Field: "image", Size: []int{32, 32}, Pad: 4},
		Crop{Field: "shower", With: []string{"mask"}, Size: []int{11, 11, 11}},
		Resize{Field: "image", Height: 20, Width: 40},
		RandomResizedCrop{Field: "image", Height: 24, Width: 24},
		Rotate{Field: "image", Degrees: 30},
		Normalize{Field: "image", Mean: ones, Std: ones},
		Normalize{Field: "shower", Mean: ones[:1], Std: ones[:1]},
		Scale{Field: "image", Factor: 1. / 255},
		Noise{Field: "shower", Add: 1, Multiply: 1},
		Power{Field: "shower", Exponent: .85},
		Threshold{Field: "shower", Below: 1e-6},
	}
}

func everyRow(seed uint64) *data.Row {
	return ramp(seed, field("image", source.Uint8, 3, 32, 32),
		field("shower", source.Float32, 1, 13, 13, 13), field("mask", source.Uint8, 13, 13, 13))
}

func TestApplyDoesNotAllocate(t *testing.T) {
	for _, transform := range every() {
		t.Run(fmt.Sprintf("%T", transform), func(t *testing.T) {
			src := everyRow(1)
			dst, err := src.Apply(transform)
			require.NoError(t, err)
			// The least of many: a pool may lose what it keeps, and under the race detector
			// it does so on purpose.
			least := 1.
			for range 30 {
				least = min(least, testing.AllocsPerRun(1, func() { err = transform.Apply(dst, src) }))
			}
			assert.Zero(t, least)
			require.NoError(t, err)
		})
	}
}

// What a row becomes depends on its numbers alone, not on who else is at work.
func TestTheSameRowBecomesTheSame(t *testing.T) {
	for _, transform := range every() {
		t.Run(fmt.Sprintf("%T", transform), func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(4) {
				one, other := apply(t, everyRow(seed), transform), apply(t, everyRow(seed), transform)
				for _, f := range one.Fields() {
					require.Equal(t, memory(one, f), memory(other, f))
				}
			}
		})
	}
}

func BenchmarkApply(b *testing.B) {
	for _, transform := range every() {
		b.Run(fmt.Sprintf("%T", transform), func(b *testing.B) {
			src := everyRow(1)
			dst, err := src.Apply(transform)
			require.NoError(b, err)
			for b.Loop() {
				_ = transform.Apply(dst, src)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
