package ops

import "math"

// activatePortable writes the activation of every element. The functions are
// computed in float64 and rounded once. NaN stays NaN.
func activatePortable(a Activation, dst, src []float32) {
	src = src[:len(dst)]
	switch a.Kind {
	case Identity:
		copy(dst, src)
	case ReLU:
		for i, v := range src {
			dst[i] = max(v, 0)
		}
	case LeakyReLU:
		// The sign picks the factor: a branch would be mispredicted half of the time.
		factor := [2]float32{1, a.Alpha}
		for i, v := range src {
			dst[i] = v * factor[math.Float32bits(v)>>31]
		}
	default:
		f := a.function()
		for i, v := range src {
			dst[i] = float32(f(float64(v)))
		}
	}
}

// function is a smooth activation as a function of one number.
func (a Activation) function() func(float64) float64 {
	switch a.Kind {
	case ELU:
		alpha := float64(a.Alpha)
		return func(x float64) float64 {
			if x > 0 {
				return x
			}
			return alpha * math.Expm1(x)
		}
	case Tanh:
		return math.Tanh
	case Sigmoid:
		return sigmoid
	case Softplus:
		return softplus
	case SiLU:
		return func(x float64) float64 { return x * sigmoid(x) }
	}
	return func(x float64) float64 { return x * normalCDF(x) } // GELU
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// softplus is ln(1 + eˣ) without overflow, and with full precision where eˣ is
// tiny beside 1.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// normalCDF is the distribution function of the standard normal distribution.
// Erfc keeps its precision in the lower tail, where 1 + erf would cancel.
func normalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// normalPDF is the density of the standard normal distribution.
func normalPDF(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }
