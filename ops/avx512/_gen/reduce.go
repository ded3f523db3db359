package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// reduction is one body of Reduce.
type reduction struct {
	name    string // of the constant that chooses it
	formula string // the terms, with a and b for elements and s for Shift
	in      int    // operands
	kinds   int    // of terms
	// prepare sets up what all vectors share and returns the step from eight float64
	// of every operand, which it may overwrite, to a vector of every kind of term.
	prepare func(r *reducing) step
}

// reductions are the bodies of Reduce. None contracts a product and a sum.
var reductions = []reduction{
	{"Sum", "a", 1, 1, func(*reducing) step {
		return func(x []vec) []vec { return x }
	}},
	{"Moments", "a − s, (a − s)²", 1, 2, func(r *reducing) step {
		shift := r.shift()
		return func(x []vec) []vec {
			square := r.ZMM()
			r.VSUBPD(shift, x[0], x[0])
			r.VMULPD(x[0], x[0], square)
			return []vec{x[0], square}
		}
	}},
	{"SquaredError", "(a − b)²", 2, 1, func(r *reducing) step {
		return func(x []vec) []vec {
			r.VSUBPD(x[1], x[0], x[0])
			r.VMULPD(x[0], x[0], x[0])
			return x[:1]
		}
	}},
	{"AbsoluteError", "|a − b|", 2, 1, func(r *reducing) step {
		sign := r.wideNumber(math.Copysign(0, -1))
		return func(x []vec) []vec {
			r.VSUBPD(x[1], x[0], x[0])
			r.VPANDNQ(x[0], sign, x[0])
			return x[:1]
		}
	}},
	{"GradientMoments", "b − s, a, a · (b − s)", 2, 3, func(r *reducing) step {
		shift := r.shift()
		return func(x []vec) []vec {
			product := r.ZMM()
			r.VSUBPD(shift, x[1], x[1])
			r.VMULPD(x[1], x[0], product)
			return []vec{x[1], x[0], product}
		}
	}},
}

// reduceDispatch is the Go code that chooses between them.
func reduceDispatch() []byte {
	var choices []choice
	for _, op := range reductions {
		choices = append(choices, choice{op.name, op.formula, op.function()})
	}
	return choose("Reduce", `// The operations, by their terms: a and b stand for elements, s for Shift.`, choices)
}

func (op reduction) function() string { return "reduce" + op.name }

// reduceBodies generates a body for every reduction.
func reduceBodies(c *build.Context) {
	for _, op := range reductions {
		op.body(c)
	}
}

// reducing is what the parts of a body share. A vector of float32 makes two of
// float64, its halves, and each has sums of its own: with two additions under way
// the latency of an addition costs less than memory does.
type reducing struct {
	kernel
	in   []reg.GPVirtual
	acc  [2][]vec // of each half: a vector for every kind
	step step
}

func (op reduction) body(c *build.Context) {
	k := begin(c, op.function(), "ReduceArgs", fmt.Sprintf("%s is Reduce of %s.", op.function(), op.name))
	r := &reducing{kernel: k}
	for _, name := range []string{"A", "B"}[:op.in] {
		r.in = append(r.in, k.load(name))
	}
	sums := k.load("Sums")
	r.eachSum(sums, op.kinds, func(mem operand.Mem, half, _ int) {
		z := k.ZMM()
		k.VMOVUPD(mem, z)
		r.acc[half] = append(r.acc[half], z)
	})
	r.step = op.prepare(r)
	k.overVectors(k.load("N"), r.one)
	r.eachSum(sums, op.kinds, func(mem operand.Mem, half, kind int) { k.VMOVUPD(r.acc[half][kind], mem) })
	k.finish()
}

func (r *reducing) shift() vec {
	z := r.ZMM()
	r.VBROADCASTSD(r.field("Shift"), z)
	return z
}

func (r *reducing) eachSum(sums reg.Register, kinds int, do func(mem operand.Mem, half, kind int)) {
	for kind := range kinds {
		for half := range 2 {
			do(at(sums, (2*kind+half)*vector), half, kind)
		}
	}
}

// one adds the terms of one vector.
func (r *reducing) one(mask reg.Register) {
	for half := range 2 {
		if half == 1 && mask != nil {
			r.KSHIFTRW(operand.Imm(vector/8), mask, mask)
		}
		for kind, term := range r.step(r.widen(half, mask)) {
			if acc := r.acc[half][kind]; mask == nil {
				r.VADDPD(term, acc, acc)
			} else {
				r.VADDPD(term, acc, mask, acc)
			}
		}
	}
	for _, p := range r.in {
		r.ADDQ(operand.I32(vector), p)
	}
}

// widen reads half a vector of every operand.
func (r *reducing) widen(half int, mask reg.Register) []vec {
	x := r.vectors(len(r.in))
	for i, p := range r.in {
		if mem := at(p, half*vector/2); mask == nil {
			r.VCVTPS2PD(mem, x[i])
		} else {
			r.VCVTPS2PD_Z(mem, mask, x[i])
		}
	}
	return x
}
