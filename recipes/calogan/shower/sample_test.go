package shower

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// distance is the Kolmogorov-Smirnov distance times sqrt(n); 1.95 is exceeded
// once in a thousand.
func distance(x []float64, cdf func(float64) float64) float64 {
	slices.Sort(x)
	n := float64(len(x))
	var d float64
	for i, v := range x {
		c := cdf(v)
		d = max(d, c-float64(i)/n, float64(i+1)/n-c)
	}
	return d * math.Sqrt(n)
}

func TestGamma(t *testing.T) {
	for i, shape := range []float64{0.05, 0.7, 1, 1.5, 30, 1e4} {
		t.Run(fmt.Sprintf("shape %g", shape), func(t *testing.T) {
			rng := philox.NewStream(1, uint64(i))
			x := make([]float64, 20_000)
			for i := range x {
				x[i] = gamma(shape, &rng)
			}
			assert.Less(t, distance(x, distuv.Gamma{Alpha: shape, Beta: 1}.CDF), 1.95)
		})
	}
	rng := philox.NewStream(1, 99)
	assert.Zero(t, gamma(0, &rng))
	assert.Zero(t, gamma(-1e-18, &rng), "a difference of nearly equal integrals")
}

func TestPoisson(t *testing.T) {
	for i, mean := range []float64{0.02, 1, 9.99, 10, 11, 137, 5000} {
		t.Run(fmt.Sprintf("mean %g", mean), func(t *testing.T) {
			rng := philox.NewStream(2, uint64(i))
			const n = 40_000
			count := map[int]float64{}
			for range n {
				count[poisson(mean, &rng)]++
			}
			assert.Less(t, chi2PerDegree(count, n, distuv.Poisson{Lambda: mean}.Prob), 1.6)
		})
	}
	rng := philox.NewStream(2, 99)
	assert.Zero(t, poisson(0, &rng))
	assert.Zero(t, poisson(-1e-12, &rng), "a difference of nearly equal integrals")
}

// chi2PerDegree compares counts with a probability, over the values that are
// expected at least ten times.
func chi2PerDegree(count map[int]float64, n float64, prob func(float64) float64) float64 {
	var chi2, bins float64
	for k := range 10_000 {
		if want := n * prob(float64(k)); want >= 10 {
			chi2 += (count[k] - want) * (count[k] - want) / want
			bins++
		}
	}
	return chi2 / bins
}

// The spots must have density 2 r R^2 / (r^2 + R^2)^2: half of them lie within
// R, and a share r^2/(r^2+R^2) within r; the window is a square, so the corners
// are left out of the count.
func TestScatterRadius(t *testing.T) {
	for _, radius := range []float32{0.2, 1, 4} {
		t.Run(fmt.Sprintf("R = %g pads", radius), func(t *testing.T) {
			rng := philox.NewStream(3, 0)
			p := plane{x: Pads / 2.0, y: Pads / 2.0}
			const n = 400_000
			p.scatter(n, radius, &rng)
			for _, half := range []int{0, 3, 8, 12} {
				assert.InDelta(t, inSquare(float64(half)+0.5, float64(radius)), p.within(half)/n, 0.003, "half width %d pads", half)
			}
			assert.InDelta(t, 1, p.column(Pads/2-1)/p.column(Pads/2+1), 0.05, "left and right")
		})
	}
}

// within counts the spots no further than half pads from the pad in the middle.
func (p *plane) within(half int) float64 {
	var n uint32
	for x := Pads/2 - half; x <= Pads/2+half; x++ {
		for y := Pads/2 - half; y <= Pads/2+half; y++ {
			n += p.count[x*Pads+y]
		}
	}
	return float64(n)
}

func (p *plane) column(x int) float64 {
	var n uint32
	for y := range Pads {
		n += p.count[x*Pads+y]
	}
	return float64(n)
}

// inSquare integrates the density over a square of half width h by the midpoint
// rule in angle: within a sector the boundary is at h/cos(phi).
func inSquare(h, radius float64) float64 {
	const n = 1000
	var sum float64
	for i := range n {
		r := h / math.Cos((float64(i)+0.5)/n*math.Pi/4)
		sum += r * r / (r*r + radius*radius)
	}
	return sum / n
}
