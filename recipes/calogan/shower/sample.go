package shower

import (
	"math"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// The samplers of gonum's distuv would do, but each draw of theirs allocates.

// gamma draws from the Gamma distribution of the given shape and scale 1:
// Marsaglia and Tsang, "A simple method for generating gamma variables", ACM
// TOMS 26 (2000) 363. A shape of 0 gives 0.
func gamma(shape float64, rng *philox.Stream) float64 {
	if shape <= 0 {
		return 0
	}
	boost := 1.0
	if shape < 1 { // their section 6: G(a) = G(a+1) U^(1/a)
		boost = math.Pow(1-rng.Float64(), 1/shape)
		shape++
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := rng.Normal()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v *= v * v
		if math.Log(1-rng.Float64()) < x*x/2+d*(1-v+math.Log(v)) {
			return boost * d * v
		}
	}
}

// poisson draws from the Poisson distribution.
func poisson(mean float64, rng *philox.Stream) int {
	if mean < 10 {
		return poissonByProduct(mean, rng)
	}
	return poissonByRejection(mean, rng)
}

// poissonByProduct counts uniform numbers until their product falls below
// exp(-mean): Knuth, TAOCP vol. 2, algorithm 3.4.1Q.
func poissonByProduct(mean float64, rng *philox.Stream) int {
	limit := math.Exp(-mean)
	n := 0
	for p := 1 - rng.Float64(); p > limit; p *= 1 - rng.Float64() {
		n++
	}
	return n
}

// poissonByRejection is algorithm PTRS of Hörmann, "The transformed rejection
// method for generating Poisson random variables", Insurance: Mathematics and
// Economics 12 (1993) 39.
func poissonByRejection(mean float64, rng *philox.Stream) int {
	b := 0.931 + 2.53*math.Sqrt(mean)
	a := -0.059 + 0.02483*b
	vr := 0.9277 - 3.6224/(b-2)
	logMean := math.Log(mean)
	logScale := math.Log(1.1239 + 1.1328/(b-3.4))
	for {
		u := rng.Float64() - 0.5
		v := 1 - rng.Float64()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + mean + 0.43)
		if us >= 0.07 && v <= vr {
			return int(k)
		}
		if k < 0 || us < 0.013 && v > us {
			continue
		}
		lg, _ := math.Lgamma(k + 1)
		if math.Log(v)+logScale-math.Log(a/(us*us)+b) <= k*logMean-mean-lg {
			return int(k)
		}
	}
}
