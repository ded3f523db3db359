package physics

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// cell is one cell of a made-up shower.
type cell struct {
	x, y, z int
	e       float32
}

func fill(cells ...cell) []float32 {
	s := make([]float32, Cells)
	for _, c := range cells {
		s[(c.x*Side+c.y)*Side+c.z] = c.e
	}
	return s
}

func TestMeasure(t *testing.T) {
	for _, tc := range []struct {
		name   string
		shower []float32
		want   map[observable]float64
	}{
		{"one cell", fill(cell{3, 4, 5, 0.5}), map[observable]float64{
			visible: 0.5, fraction: 0.05, hits: 1, occupied: 1,
			moment1: 3, moment1 + 1: 4, moment1 + 2: 5, moment2: 0, moment2 + 2: 0,
			peak: 3, peak + 1: 4, peak + 2: 5, third: 1, third + 2: 0,
			profile.at(0, 3): 0.5, profile.at(1, 4): 0.5, profile.at(2, 5): 0.5, profile.at(2, 4): 0,
			maximum.at(0, 3): 1, maximum.at(2, 5): 1, picture + 3*Side + 5: 0.5,
		}},
		{"two in a line, the second three times as high", fill(cell{12, 12, 4, 1}, cell{12, 12, 8, 3}), map[observable]float64{
			visible: 4, hits: 2, moment1: 12, moment1 + 2: 7, moment2: 0, moment2 + 2: 3,
			peak + 2: 8, third: 0.25, third + 1: 0.75, maximum.at(2, 8): 1, maximum.at(2, 4): 0,
		}},
		{"the last layers", fill(cell{0, 0, 16, 1}, cell{24, 24, 24, 1}), map[observable]float64{
			third + 1: 0, third + 2: 1, moment1: 12, moment2: 144,
		}},
		{"thresholds", fill(cell{0, 0, 0, HitThreshold}, cell{0, 0, 1, 4e-4}, cell{0, 0, 2, 5e-7}), map[observable]float64{
			hits: 1, occupied: 2,
		}},
		{"empty", fill(), map[observable]float64{visible: 0, moment1: 0, moment2: 0, maximum.at(0, 0): 0, third: 0}},
		{"negative sum", fill(cell{1, 1, 1, -1}), map[observable]float64{visible: -1, moment1: 0, maximum.at(0, 0): 0, occupied: 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var v [observables]float64
			measure(&v, tc.shower, 10)
			for o, want := range tc.want {
				assert.InDelta(t, want, v[o], 1e-6, "observable %d", o)
			}
		})
	}
}

func TestSpectrumBin(t *testing.T) {
	for _, tc := range []struct {
		name string
		e    float32
		want int
	}{
		{"smallest number", math.SmallestNonzeroFloat32, 0},
		{"just below the range", 0.99e-13, 0},
		{"just inside", 1.001e-13, 1},
		{"largest number", math.MaxFloat32, spectrumBins - 1},
		{"just above the range", 10.001, spectrumBins - 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			assert.Equal(t, tc.want, spectrumBin(tc.e))
		})
	}
	for e := float32(1e-14); e < 100; e *= 1.00731 {
		b := spectrumBin(e)
		assert.GreaterOrEqual(t, e, spectrumEdges[b])
		assert.Less(t, e, spectrumEdges[b+1])
	}
	for b, edge := range spectrumEdges[:spectrumBins] {
		if b > 0 {
			assert.Equal(t, b, spectrumBin(edge), "an edge belongs to the bin above it")
		}
	}
}

func TestDistance(t *testing.T) {
	a, b := fill(cell{1, 1, 1, 2}), fill(cell{2, 2, 2, 6})
	both := fill(cell{1, 1, 1, 2}, cell{2, 2, 2, 6})
	for _, tc := range []struct {
		name string
		a, b []float32
		want float64
	}{
		{"the same", a, a, 0},
		{"nothing in common", a, b, 1},
		{"a part", a, both, 0.6},
		{"both empty", fill(), fill(), 0},
		{"one empty", fill(), a, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			assert.InDelta(t, tc.want, distance(tc.a, tc.b), 1e-9)
			assert.InDelta(t, tc.want, distance(tc.b, tc.a), 1e-9)
		})
	}
}
