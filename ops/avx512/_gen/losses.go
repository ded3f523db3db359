package main

// losses are the gradients of losses: a is the prediction and b the target. They are
// computed in float64 and rounded once.
var losses = []operation{
	{"SquaredErrorBackward", "scale · 2 · (a − b)", 2, 1, func(e *elementwise) step {
		scale := e.scale()
		return func(x []vec) []vec {
			return e.onDifference(x, func(d vec) {
				e.VADDPD(d, d, d)
				e.VMULPD(scale, d, d)
			})
		}
	}},
	{"AbsoluteErrorBackward", "scale · sign(a − b), and 0 where a = b", 2, 1, func(e *elementwise) step {
		scale, zero := e.scale(), e.zeros(1)[0]
		one, minusOne := e.wideNumber(1), e.wideNumber(-1)
		return func(x []vec) []vec {
			return e.onDifference(x, func(d vec) { // which stays where it is 0 or NaN
				above, below := e.compare64(d, greater, zero), e.compare64(d, less, zero)
				e.VMOVAPD(one, above, d)
				e.VMOVAPD(minusOne, below, d)
				e.VMULPD(scale, d, d)
			})
		}
	}},
}

// scale is the field Scale in every lane.
func (e *elementwise) scale() vec {
	z := e.ZMM()
	e.VBROADCASTSD(e.field("Scale"), z)
	return z
}

// onDifference changes a − b, in float64.
func (e *elementwise) onDifference(x []vec, change func(d vec)) []vec {
	a, b := e.halves(x[0]), e.halves(x[1])
	for i := range a {
		e.VSUBPD(b[i], a[i], a[i])
		change(a[i])
	}
	return []vec{e.narrow(a[0], a[1])}
}
