package main

import "slices"

// operations are the bodies of Elementwise, by what they serve. None contracts a
// product and a sum to a multiply-add: they give the bits of the Go code.
var operations = slices.Concat(arithmetic, activations, smooth, normalisation, losses, softmaxes, updates)

// elementwiseDispatch is the Go code that chooses between them.
func (a isa) elementwiseDispatch() []byte {
	var choices []choice
	for _, op := range operations {
		choices = append(choices, choice{op.name, op.formula, op.function()})
	}
	return a.choose("Elementwise", `// The operations. a, b, … stand for an element of In[0], In[1], …, c0, c1, …
// for the constants and d0, d1 for those in float64. A sum of products is rounded after every step, as it is in Go.`, choices)
}

var arithmetic = []operation{
	{"Add", "a + b", 2, 1, func(e *elementwise) step {
		return func(x []vec) []vec {
			e.VADDPS(x[1], x[0], x[0])
			return x[:1]
		}
	}},
	{"Mul", "a · b", 2, 1, func(e *elementwise) step {
		return func(x []vec) []vec {
			e.VMULPS(x[1], x[0], x[0])
			return x[:1]
		}
	}},
	{"Scale", "c0 · a", 1, 1, func(e *elementwise) step {
		factor := e.constant(0)
		return func(x []vec) []vec {
			e.VMULPS(factor, x[0], x[0])
			return x
		}
	}},
	{"Shift", "a + c0", 1, 1, func(e *elementwise) step {
		by := e.constant(0)
		return func(x []vec) []vec {
			e.VADDPS(by, x[0], x[0])
			return x
		}
	}},
	{"Clip", "a, but c0 above c0 and c1 below c1; NaN stays", 1, 1, func(e *elementwise) step {
		most, least := e.constant(0), e.constant(1)
		return func(x []vec) []vec { // of NaN and a number, the processor takes the first operand
			e.VMINPS(x[0], most, x[0])
			e.VMAXPS(x[0], least, x[0])
			return x
		}
	}},
	{"Fill", "c0", 0, 1, func(e *elementwise) step {
		value := e.constant(0)
		return func([]vec) []vec { return []vec{value} }
	}},
}

var activations = []operation{
	{"ReLU", "a if a > 0 or a is NaN, else 0", 1, 1, func(e *elementwise) step {
		zero := e.zeros(1)[0]
		return func(x []vec) []vec {
			e.keep(e.compare(x[0], notLessEqual, zero), x[0], x[0])
			return x
		}
	}},
	{"LeakyReLU", "a, times c0 if its sign bit is set", 1, 1, func(e *elementwise) step {
		alpha := e.constant(0)
		return func(x []vec) []vec {
			y := e.vector()
			e.VMULPS(alpha, x[0], y)
			e.pick(e.negative(x[0]), y, x[0])
			return x
		}
	}},
	{"LeakyReLUBackward", "a, times c0 unless b > 0", 2, 1, func(e *elementwise) step {
		alpha, zero := e.constant(0), e.zeros(1)[0]
		return func(x []vec) []vec {
			y := e.vector()
			e.VMULPS(alpha, x[0], y)
			e.pick(e.positive(x[1], zero), x[0], y)
			return []vec{y}
		}
	}},
	{"ELUBackward", "a, times b + c0 unless b > 0", 2, 1, func(e *elementwise) step {
		alpha, zero := e.constant(0), e.zeros(1)[0]
		return func(x []vec) []vec {
			y := e.vector()
			e.VADDPS(alpha, x[1], y)
			e.VMULPS(y, x[0], y)
			e.pick(e.positive(x[1], zero), x[0], y)
			return []vec{y}
		}
	}},
	{"TanhBackward", "a · ((1 − b) · (1 + b))", 2, 1, func(e *elementwise) step {
		one, less := e.number(1), e.vector()
		return func(x []vec) []vec {
			e.VSUBPS(x[1], one, less)
			e.VADDPS(x[1], one, x[1])
			e.VMULPS(x[1], less, x[1])
			e.VMULPS(x[1], x[0], x[0])
			return x[:1]
		}
	}},
	{"SigmoidBackward", "a · (b · (1 − b))", 2, 1, func(e *elementwise) step {
		one, less := e.number(1), e.vector()
		return func(x []vec) []vec {
			e.VSUBPS(x[1], one, less)
			e.VMULPS(less, x[1], x[1])
			e.VMULPS(x[1], x[0], x[0])
			return x[:1]
		}
	}},
}

var normalisation = []operation{
	{"Normalise", "(a − c0) · c1 + c2", 1, 1, func(e *elementwise) step {
		centre, slope, offset := e.constant(0), e.constant(1), e.constant(2)
		return func(x []vec) []vec {
			e.VSUBPS(centre, x[0], x[0])
			e.VMULPS(slope, x[0], x[0])
			e.VADDPS(offset, x[0], x[0])
			return x
		}
	}},
	{"NormaliseBackward", "c1 · a + ((b − c0) · c2 + c3)", 2, 1, func(e *elementwise) step {
		centre, byDiff, bySrc, offset := e.constant(0), e.constant(1), e.constant(2), e.constant(3)
		return func(x []vec) []vec {
			e.VMULPS(byDiff, x[0], x[0])
			e.VSUBPS(centre, x[1], x[1])
			e.VMULPS(bySrc, x[1], x[1])
			e.VADDPS(offset, x[1], x[1])
			e.VADDPS(x[1], x[0], x[0])
			return x[:1]
		}
	}},
}
