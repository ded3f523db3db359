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
	narrow  bool   // the terms are float32, computed from float32
	// prepare sets up what all vectors share and returns the step from a vector of
	// every operand, which it may overwrite, to one of every kind of term.
	prepare func(r *reducing) step
}

// reductions are the bodies of Reduce. None in float64 contracts a product and a sum.
var reductions = []reduction{
	{"Sum", "a", 1, 1, false, func(*reducing) step {
		return func(x []vec) []vec { return x }
	}},
	{"Squares", "a²", 1, 1, false, func(r *reducing) step {
		return func(x []vec) []vec {
			r.VMULPD(x[0], x[0], x[0])
			return x
		}
	}},
	{"Products", "a · b", 2, 1, false, func(r *reducing) step {
		return func(x []vec) []vec {
			r.VMULPD(x[1], x[0], x[0])
			return x[:1]
		}
	}},
	{"Moments", "a − s, (a − s)²", 1, 2, false, func(r *reducing) step {
		shift := r.broadcast64(r.field("Shift"))
		return func(x []vec) []vec {
			square := r.vector()
			r.VSUBPD(shift, x[0], x[0])
			r.VMULPD(x[0], x[0], square)
			return []vec{x[0], square}
		}
	}},
	{"GradientMoments", "b − s, a, a · (b − s)", 2, 3, false, func(r *reducing) step {
		shift := r.broadcast64(r.field("Shift"))
		return func(x []vec) []vec {
			product := r.vector()
			r.VSUBPD(shift, x[1], x[1])
			r.VMULPD(x[1], x[0], product)
			return []vec{x[1], x[0], product}
		}
	}},
	{"SquaredError", "(a − b)²", 2, 1, false, func(r *reducing) step {
		return func(x []vec) []vec {
			r.VSUBPD(x[1], x[0], x[0])
			r.VMULPD(x[0], x[0], x[0])
			return x[:1]
		}
	}},
	{"AbsoluteError", "|a − b|", 2, 1, false, func(r *reducing) step {
		sign := r.number64(math.Copysign(0, -1))
		return func(x []vec) []vec {
			r.VSUBPD(x[1], x[0], x[0])
			r.VANDNPD(x[0], sign, x[0])
			return x[:1]
		}
	}},
	{"PercentageError", "100 · |b − a| / max(|b|, s)", 2, 1, false, func(r *reducing) step {
		sign, least, hundred := r.number64(math.Copysign(0, -1)), r.broadcast64(r.field("Shift")), r.number64(100)
		return func(x []vec) []vec {
			r.VSUBPD(x[0], x[1], x[0])
			r.VANDNPD(x[0], sign, x[0])
			r.VMULPD(hundred, x[0], x[0])
			r.VANDNPD(x[1], sign, x[1])
			r.VMAXPD(x[1], least, x[1])
			r.VDIVPD(x[1], x[0], x[0])
			return x[:1]
		}
	}},
	{"BCE", "max(a, 0) − b·a + ln(1 + e^−|a|)", 2, 1, true, func(r *reducing) step {
		s, l := newLogistic(r.kernel), newLogarithm(r.kernel)
		return func(x []vec) []vec {
			y, loss := l.ofOnePlus(s.small(x[0])), r.vector()
			r.VMAXPS(x[0], s.zero, loss)
			r.VFNMADD231PS(x[1], x[0], loss)
			r.VADDPS(y, loss, loss)
			return []vec{loss}
		}
	}},
	{"ExpSum", "e^(a − s), a ≤ s", 1, 1, true, exponentials},
	{"Exp", "e^(a − s), a ≤ s, which is also written to Dst", 1, 1, true, func(r *reducing) step {
		r.dst = r.load("Dst")
		return exponentials(r)
	}},
}

// exponentials are e^(a − s).
func exponentials(r *reducing) step {
	most, f := r.vector(), newExponential(r.kernel, leastExp)
	r.VCVTSD2SS(r.field("Shift"), r.zeros(1)[0].AsX(), most.AsX())
	r.VBROADCASTSS(most.AsX(), most)
	return func(x []vec) []vec {
		r.VSUBPS(most, x[0], x[0])
		return []vec{f.of(x[0])}
	}
}

// reduceDispatch is the Go code that chooses between them.
func (a isa) reduceDispatch() []byte {
	var choices []choice
	for _, op := range reductions {
		choices = append(choices, choice{op.name, op.formula, op.function()})
	}
	return a.choose("Reduce", `// The operations, by their terms: a and b stand for elements, s for Shift.`, choices)
}

func (op reduction) function() string { return "reduce" + op.name }

// reduceBodies generates a body for every reduction.
func (a isa) reduceBodies(c *build.Context) {
	for _, op := range reductions {
		op.body(a, c)
	}
}

// sumLanes is the number of sums of each kind.
const sumLanes = 16

// reducing is what the parts of a body share. A block of sumLanes elements is read in
// parts that make a vector of float64 each, and each part has sums of its own: with
// several additions under way the latency of an addition costs less than memory does.
type reducing struct {
	kernel
	in    []reg.GPVirtual // places in the operands
	dst   reg.GPVirtual   // of terms that are written, else nil
	acc   [][]vec         // of each part: a vector for every kind
	step  step
	lanes lanes64 // of what is left of a block
}

func (op reduction) body(a isa, c *build.Context) {
	k := a.begin(c, op.function(), "ReduceArgs", fmt.Sprintf("%s is Reduce of %s.", op.function(), op.name))
	r := &reducing{kernel: k}
	var starts []reg.GPVirtual
	for _, name := range []string{"A", "B"}[:op.in] {
		starts = append(starts, k.load(name))
		r.in = append(r.in, k.GP64())
	}
	r.acc = make([][]vec, sumLanes/r.wideLanes())
	sums := k.load("Sums")
	r.eachSum(sums, op.kinds, func(mem operand.Mem, part, _ int) {
		z := k.vector()
		k.VMOVUPD(mem, z)
		r.acc[part] = append(r.acc[part], z)
	})
	r.step = op.prepare(r)
	one := r.wideTerms
	if op.narrow {
		one = r.narrowTerms
	}
	k.eachRun(func() {
		for i, start := range starts {
			k.MOVQ(start, r.in[i])
			k.ADDQ(k.field("Pitch"), start)
		}
		k.overBlocks(k.load("N"), sumLanes, func(left reg.GPVirtual) { r.block(left, one) })
	})
	r.eachSum(sums, op.kinds, func(mem operand.Mem, part, kind int) { k.VMOVUPD(r.acc[part][kind], mem) })
	k.finish()
}

// block adds the terms of one block, or of what is left of it.
func (r *reducing) block(left reg.GPVirtual, terms func(left reg.GPVirtual)) {
	r.lanes = nil
	if left != nil {
		r.lanes = r.firstLanes64(left)
	}
	terms(left)
	places := r.in
	if r.dst != nil {
		places = append(places, r.dst)
	}
	for _, p := range places {
		r.ADDQ(operand.I32(sumLanes*scalar), p)
	}
}

// wideLanes is the number of float64 in a vector.
func (r *reducing) wideLanes() int { return r.isa.vector / word }

func (r *reducing) eachSum(sums reg.Register, kinds int, do func(mem operand.Mem, part, kind int)) {
	for kind := range kinds {
		for part := range r.acc {
			do(at(sums, kind*sumLanes*word+part*r.isa.vector), part, kind)
		}
	}
}

// wideTerms adds the terms of one block, part by part.
func (r *reducing) wideTerms(reg.GPVirtual) {
	for part := range r.acc {
		x := r.vectors(len(r.in))
		for i, p := range r.in {
			mem := at(p, part*r.isa.vector/2)
			if r.lanes == nil {
				r.VCVTPS2PD(mem, x[i])
			} else {
				r.lanes.widen(r.kernel, part, mem, x[i])
			}
		}
		r.add(part, r.step(x))
	}
}

// narrowTerms adds the terms of one block, vector by vector, each of which is two
// parts.
func (r *reducing) narrowTerms(left reg.GPVirtual) {
	masks := make([]mask, len(r.acc)/2)
	for v := range masks {
		masks[v] = whole{}
	}
	if left != nil {
		masks = r.firstLanes(left, len(masks))
	}
	for v, lanes := range masks {
		x := r.vectors(len(r.in))
		for i, p := range r.in {
			lanes.load(r.kernel, at(p, v*r.isa.vector), x[i])
		}
		terms := r.step(x)[0]
		if r.dst != nil {
			lanes.store(r.kernel, terms, at(r.dst, v*r.isa.vector))
		}
		for half, term := range r.halves(terms) {
			r.add(2*v+half, []vec{term})
		}
	}
}

// add adds the terms of a part.
func (r *reducing) add(part int, terms []vec) {
	for kind, term := range terms {
		if acc := r.acc[part][kind]; r.lanes == nil {
			r.VADDPD(term, acc, acc)
		} else {
			r.lanes.add(r.kernel, part, term, acc)
		}
	}
}
