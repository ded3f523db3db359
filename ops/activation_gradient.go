package ops

import "math"

// activateBackwardPortable writes diffSrc = diffDst · f′, with f′ taken at data: the
// result of the activation where [Activation.FromDst] holds, else its argument. At
// the kink of the piecewise functions the derivative is that of the left side, as in
// PyTorch.
func activateBackwardPortable(a Activation, diffSrc, diffDst, data []float32) {
	diffDst, data = diffDst[:len(diffSrc)], data[:len(diffSrc)]
	switch a.Kind {
	case ReLU, LeakyReLU:
		factor := [2]float32{a.Alpha, 1}
		if a.Kind == ReLU {
			factor[0] = 0
		}
		for i, d := range data {
			diffSrc[i] = diffDst[i] * factor[positive(d)]
		}
	case ELU: // d = α(eˣ − 1), so αeˣ = d + α
		one := math.Float32bits(1)
		for i, d := range data {
			above := -positive(d) // all ones or none
			factor := above&one | ^above&math.Float32bits(d+a.Alpha)
			diffSrc[i] = diffDst[i] * math.Float32frombits(factor)
		}
	case Tanh:
		for i, d := range data {
			diffSrc[i] = diffDst[i] * ((1 - d) * (1 + d))
		}
	case Sigmoid:
		for i, d := range data {
			diffSrc[i] = diffDst[i] * (d * (1 - d))
		}
	default:
		slope := a.Kind.derivative()
		for i, x := range data {
			diffSrc[i] = float32(float64(diffDst[i]) * slope(float64(x)))
		}
	}
}

// derivative is the derivative, at the argument, of the activations that need it.
func (k ActivationKind) derivative() func(float64) float64 {
	switch k {
	case Softplus:
		return sigmoid
	case SiLU:
		return func(x float64) float64 { s := sigmoid(x); return s * (1 + x*(1-s)) }
	}
	return func(x float64) float64 { return normalCDF(x) + x*normalPDF(x) } // GELU
}

// positive is 1 when v > 0 and else 0, without a branch: the signs of
// activations cannot be predicted.
func positive(v float32) uint32 {
	b := int32(math.Float32bits(v))
	return uint32(-b&^b) >> 31
}
