package ops

import "math"

// SGDUpdate is a step of gradient descent with weight decay:
//
//	p ← p − Rate · (g + Decay · p)
type SGDUpdate struct{ Rate, Decay float32 }

// Apply updates the weights, of which there are as many as gradients.
func (u SGDUpdate) Apply(weights, gradients []float32) { currentLoops().sgd(u, weights, gradients) }

func sgdPortable(u SGDUpdate, weights, gradients []float32) {
	gradients = gradients[:len(weights)]
	for i, w := range weights {
		weights[i] = w - float32(u.Rate*(gradients[i]+float32(u.Decay*w)))
	}
}

// MomentumUpdate is a step of gradient descent along a running average of the
// gradient, and along the gradient itself:
//
//	d = g + Decay · p
//	b ← Past · b + Present · d
//	p ← p − (Direct · d + Along · b)
type MomentumUpdate struct{ Past, Present, Direct, Along, Decay float32 }

// Apply updates the weights and the average, of one length.
func (u MomentumUpdate) Apply(weights, gradients, average []float32) {
	currentLoops().momentum(u, weights, gradients, average)
}

func momentumPortable(u MomentumUpdate, weights, gradients, average []float32) {
	g, m := gradients[:len(weights)], average[:len(weights)]
	for i, w := range weights {
		d := g[i] + float32(u.Decay*w)
		v := float32(u.Past*m[i]) + float32(u.Present*d)
		m[i] = v
		weights[i] = w - (float32(u.Direct*d) + float32(u.Along*v))
	}
}

// RMSpropUpdate is a step of gradient descent, each gradient being divided by the
// root of a running average of its square:
//
//	d = g + Decay · p
//	v ← Rho · v + Fresh · d²
//	p ← p − Rate · d / (√v + Eps)
//
// or, with momentum,
//
//	b ← Momentum · b + d / (√v + Eps)
//	p ← p − Rate · b
type RMSpropUpdate struct{ Rho, Fresh, Eps, Rate, Decay, Momentum float32 }

// Apply updates the weights and the averages v and b, of one length. A nil b is
// for the rule without momentum.
func (u RMSpropUpdate) Apply(weights, gradients, v, b []float32) {
	if b == nil {
		currentLoops().rmsprop(u, weights, gradients, v)
	} else {
		currentLoops().rmspropMomentum(u, weights, gradients, v, b)
	}
}

func rmspropPortable(u RMSpropUpdate, weights, gradients, square []float32) {
	g, v := gradients[:len(weights)], square[:len(weights)]
	for i, w := range weights {
		d := g[i] + float32(u.Decay*w)
		s := float32(u.Rho*v[i]) + float32(u.Fresh*d*d)
		v[i] = s
		weights[i] = w - u.Rate*d/(sqrt(s)+u.Eps)
	}
}

func rmspropMomentumPortable(u RMSpropUpdate, weights, gradients, square, average []float32) {
	g, v, m := gradients[:len(weights)], square[:len(weights)], average[:len(weights)]
	for i, w := range weights {
		d := g[i] + float32(u.Decay*w)
		s := float32(u.Rho*v[i]) + float32(u.Fresh*d*d)
		v[i] = s
		b := float32(u.Momentum*m[i]) + d/(sqrt(s)+u.Eps)
		m[i] = b
		weights[i] = w - float32(u.Rate*b)
	}
}

// AdamUpdate is a step along a running average of the gradient, divided by the root
// of one of its square:
//
//	d = g + Decay · p
//	m ← Beta1 · m + Fresh1 · d
//	v ← Beta2 · v + Fresh2 · d²
//	p ← Scale · p − Rate · m / (Correction · √v + Eps)
type AdamUpdate struct {
	Beta1, Fresh1, Beta2, Fresh2        float32
	Scale, Rate, Correction, Eps, Decay float32
}

// Apply updates the weights and the averages, of one length.
func (u AdamUpdate) Apply(weights, gradients, m, v []float32) {
	currentLoops().adam(u, weights, weights, gradients, m, v)
}

// ApplyTo updates the averages, and writes to dst what the weights, which it leaves
// alone, would become.
func (u AdamUpdate) ApplyTo(dst, weights, gradients, m, v []float32) {
	currentLoops().adam(u, dst, weights, gradients, m, v)
}

// Descend updates the weights from the averages as they are: the last line of the four.
func (u AdamUpdate) Descend(weights, m, v []float32) {
	currentLoops().adamDescent(u, weights, m, v)
}

func adamPortable(u AdamUpdate, dst, weights, gradients, mean, square []float32) {
	n := len(weights)
	dst, g, m, v := dst[:n], gradients[:n], mean[:n], square[:n]
	for i, w := range weights {
		d := g[i] + float32(u.Decay*w)
		a := float32(u.Beta1*m[i]) + float32(u.Fresh1*d)
		s := float32(u.Beta2*v[i]) + float32(u.Fresh2*d*d)
		m[i], v[i] = a, s
		dst[i] = u.along(w, a, s)
	}
}

func adamDescentPortable(u AdamUpdate, weights, mean, square []float32) {
	m, v := mean[:len(weights)], square[:len(weights)]
	for i, w := range weights {
		weights[i] = u.along(w, m[i], v[i])
	}
}

// along is what becomes of a weight.
func (u *AdamUpdate) along(w, m, v float32) float32 {
	return float32(u.Scale*w) - u.Rate*m/(float32(u.Correction*sqrt(v))+u.Eps)
}

// sqrt is one instruction: the compiler knows the pattern, and rounding a
// float64 root to float32 gives the correctly rounded float32 root.
func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }
