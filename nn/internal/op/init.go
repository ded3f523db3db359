package op

import (
	"math"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// Constant makes every value the same.
type Constant float32

// Fill implements ir.Initialiser.
func (c Constant) Fill(dst []float32, _, _ int, _ *philox.Stream) {
	for i := range dst {
		dst[i] = float32(c)
	}
}

// GlorotUniform draws evenly from ±√(6 / (fanIn + fanOut)): Glorot & Bengio,
// AISTATS 2010, equation 16.
type GlorotUniform struct{}

// Fill implements ir.Initialiser.
func (GlorotUniform) Fill(dst []float32, fanIn, fanOut int, r *philox.Stream) {
	uniform(dst, math.Sqrt(6/fan(fanIn+fanOut)), r)
}

// GlorotNormal draws from the normal distribution of variance 2 / (fanIn + fanOut):
// Glorot & Bengio, AISTATS 2010, equation 12. It is not truncated, as Keras's is.
type GlorotNormal struct{}

// Fill implements ir.Initialiser.
func (GlorotNormal) Fill(dst []float32, fanIn, fanOut int, r *philox.Stream) {
	normal(dst, math.Sqrt(2/fan(fanIn+fanOut)), r)
}

// HeUniform draws evenly from ±√(6 / fanIn), which has the variance of [HeNormal].
type HeUniform struct{}

// Fill implements ir.Initialiser.
func (HeUniform) Fill(dst []float32, fanIn, _ int, r *philox.Stream) {
	uniform(dst, math.Sqrt(6/fan(fanIn)), r)
}

// HeNormal draws from the normal distribution of variance 2 / fanIn: He et al.,
// ICCV 2015, equation 10. It is not truncated, as Keras's is.
type HeNormal struct{}

// Fill implements ir.Initialiser.
func (HeNormal) Fill(dst []float32, fanIn, _ int, r *philox.Stream) {
	normal(dst, math.Sqrt(2/fan(fanIn)), r)
}

// Normal draws from the normal distribution of mean 0 and this standard deviation.
type Normal float32

// Fill implements ir.Initialiser.
func (n Normal) Fill(dst []float32, _, _ int, r *philox.Stream) { normal(dst, float64(n), r) }

// fan is a number of connections as a divisor. An operation that states none counts
// as one with one, as in Keras.
func fan(n int) float64 { return float64(max(n, 1)) }

// uniform draws from [-limit, limit).
func uniform(dst []float32, limit float64, r *philox.Stream) {
	for i := range dst {
		dst[i] = float32(limit * (2*r.Float64() - 1))
	}
}

func normal(dst []float32, deviation float64, r *philox.Stream) {
	for i := range dst {
		dst[i] = float32(deviation * r.Normal())
	}
}
