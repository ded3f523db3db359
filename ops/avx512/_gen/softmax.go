package main

// softmaxes are what softmax and its gradient are made of: along rows, where the
// maximum and the sum of a row are numbers, and along columns, where they are vectors
// to which the rows come one after the other. Sums are compensated (Kahan 1965): what
// rounding took from the last is taken from the next term.
var softmaxes = []operation{
	{"SoftmaxBackward", "b · (a − d0)", 2, 1, func(e *elementwise) step {
		inner := e.constant64(0)
		return e.wide(func(a, b vec) vec {
			e.VSUBPD(inner, a, a)
			e.VMULPD(b, a, a)
			return a
		})
	}},
	{"Max", "max(a, b)", 2, 1, func(e *elementwise) step {
		return func(x []vec) []vec {
			e.VMAXPS(x[1], x[0], x[0])
			return x[:1]
		}
	}},
	{"ExpAdd", "out0 = e^(a − b), a ≤ b; out1 = c + (out0 − d); out2 = what out1 is too large by", 4, 3, func(e *elementwise) step {
		f := newExponential(e.kernel, leastExp)
		return func(x []vec) []vec {
			e.VSUBPS(x[1], x[0], x[0])
			y, term := f.of(x[0]), e.vector()
			e.VSUBPS(x[3], y, term)
			sum, rest := e.compensated(x[2], term)
			return []vec{y, sum, rest}
		}
	}},
	{"Quotient", "a / b", 2, 1, func(e *elementwise) step {
		return func(x []vec) []vec {
			e.VDIVPS(x[1], x[0], x[0])
			return x[:1]
		}
	}},
	{"ProductAdd", "out0 = c + (a · b − d); out1 = what out0 is too large by", 4, 2, func(e *elementwise) step {
		return func(x []vec) []vec {
			e.VFMSUB213PS(x[3], x[1], x[0])
			sum, rest := e.compensated(x[2], x[0])
			return []vec{sum, rest}
		}
	}},
	{"SoftmaxColumnBackward", "b · (a − c)", 3, 1, func(e *elementwise) step {
		return func(x []vec) []vec {
			e.VSUBPS(x[2], x[0], x[0])
			e.VMULPS(x[1], x[0], x[0])
			return x[:1]
		}
	}},
}

// compensated is a sum, and by how much it is too large. It uses the term up.
func (e *elementwise) compensated(before, term vec) (sum, rest vec) {
	sum, rest = e.vector(), e.vector()
	e.VADDPS(term, before, sum)
	e.VSUBPS(before, sum, rest)
	e.VSUBPS(term, rest, rest)
	return sum, rest
}
