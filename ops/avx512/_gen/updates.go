package main

// updates are the steps of optimisers: a are the weights, b the gradients, and what
// follows is the state. Products and sums come in the order of the formulas.
var updates = []operation{
	{"SGD", "a − c0 · (b + c1 · a)", 2, 1, func(e *elementwise) step {
		rate, decay := e.constant(0), e.constant(1)
		return func(x []vec) []vec {
			w, g := x[0], e.decayed(x[0], x[1], decay)
			e.VMULPS(rate, g, g)
			e.VSUBPS(g, w, w)
			return x[:1]
		}
	}},
	{"Momentum", "g = b + c4 · a; out1 = c0 · c + c1 · g; out0 = a − (c2 · g + c3 · out1)", 3, 2, func(e *elementwise) step {
		past, present, direct, along, decay := e.constant(0), e.constant(1), e.constant(2), e.constant(3), e.constant(4)
		return func(x []vec) []vec {
			w, g, m, y := x[0], e.decayed(x[0], x[1], decay), x[2], e.vector()
			e.average(m, past, g, present)
			e.VMULPS(direct, g, g)
			e.VMULPS(along, m, y)
			e.VADDPS(y, g, g)
			e.VSUBPS(g, w, w)
			return []vec{w, m}
		}
	}},
	{"RMSprop", "g = b + c4 · a; out1 = c0 · c + c1 · g · g; out0 = a − c3 · g / (√out1 + c2)", 3, 2, func(e *elementwise) step {
		rho, fresh, eps, rate, decay := e.constant(0), e.constant(1), e.constant(2), e.constant(3), e.constant(4)
		return func(x []vec) []vec {
			w, g, v := x[0], e.decayed(x[0], x[1], decay), x[2]
			e.averageSquare(v, rho, g, fresh)
			e.VMULPS(rate, g, g)
			e.VDIVPS(e.root(v, eps), g, g)
			e.VSUBPS(g, w, w)
			return []vec{w, v}
		}
	}},
	{"RMSpropMomentum", "g and out1 as in RMSprop; out2 = c5 · d + g / (√out1 + c2); out0 = a − c3 · out2", 4, 3, func(e *elementwise) step {
		rho, fresh, eps, rate, decay, momentum := e.constant(0), e.constant(1), e.constant(2), e.constant(3), e.constant(4), e.constant(5)
		return func(x []vec) []vec {
			w, g, v, m := x[0], e.decayed(x[0], x[1], decay), x[2], x[3]
			e.averageSquare(v, rho, g, fresh)
			e.VDIVPS(e.root(v, eps), g, g)
			e.VMULPS(momentum, m, m)
			e.VADDPS(g, m, m)
			e.VMULPS(rate, m, g)
			e.VSUBPS(g, w, w)
			return []vec{w, v, m}
		}
	}},
	{"Adam", "g = b + c8 · a; out1 = c0 · c + c1 · g; out2 = c2 · d + c3 · g · g; out0 = c4 · a − c5 · out1 / (c6 · √out2 + c7)", 4, 3, func(e *elementwise) step {
		beta1, fresh1, beta2, fresh2 := e.constant(0), e.constant(1), e.constant(2), e.constant(3)
		d, decay := e.adamDescent(4), e.constant(8)
		return func(x []vec) []vec {
			w, g, m, v := x[0], e.decayed(x[0], x[1], decay), x[2], x[3]
			e.average(m, beta1, g, fresh1)
			e.averageSquare(v, beta2, g, fresh2)
			d.along(e, w, m, v)
			return []vec{w, m, v}
		}
	}},
	{"AdamDescent", "c0 · a − c1 · b / (c2 · √c + c3)", 3, 1, func(e *elementwise) step {
		d := e.adamDescent(0)
		return func(x []vec) []vec {
			d.along(e, x[0], x[1], x[2])
			return x[:1]
		}
	}},
}

// adamDescent are the constants of how Adam goes from its averages to the weights.
type adamDescent struct{ scale, rate, correction, eps vec }

// adamDescent is made of four elements of C.
func (e *elementwise) adamDescent(first int) adamDescent {
	return adamDescent{e.constant(first), e.constant(first + 1), e.constant(first + 2), e.constant(first + 3)}
}

// along sets w to scale · w − rate · m / (correction · √v + eps).
func (d adamDescent) along(e *elementwise, w, m, v vec) {
	root, y := e.vector(), e.vector()
	e.VSQRTPS(v, root)
	e.VMULPS(d.correction, root, root)
	e.VADDPS(d.eps, root, root)
	e.VMULPS(d.rate, m, y)
	e.VDIVPS(root, y, y)
	e.VMULPS(d.scale, w, w)
	e.VSUBPS(y, w, w)
}

// decayed is the gradient with that of the weight decay, in place of the gradient.
func (e *elementwise) decayed(w, g, decay vec) vec {
	y := e.vector()
	e.VMULPS(decay, w, y)
	e.VADDPS(y, g, g)
	return g
}

// average sets m to keep · m + share · g.
func (e *elementwise) average(m, keep, g, share vec) {
	y := e.vector()
	e.VMULPS(keep, m, m)
	e.VMULPS(share, g, y)
	e.VADDPS(y, m, m)
}

// averageSquare sets v to keep · v + share · g · g.
func (e *elementwise) averageSquare(v, keep, g, share vec) {
	y := e.vector()
	e.VMULPS(keep, v, v)
	e.VMULPS(share, g, y)
	e.VMULPS(g, y, y)
	e.VADDPS(y, v, v)
}

// root is √v + eps.
func (e *elementwise) root(v, eps vec) vec {
	y := e.vector()
	e.VSQRTPS(v, y)
	e.VADDPS(eps, y, y)
	return y
}
