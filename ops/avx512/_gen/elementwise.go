package main

import (
	"fmt"
	"log"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// operation is one body of Elementwise.
type operation struct {
	name    string // of the constant that chooses it
	formula string // with a, b, … for In, c0, c1, … for C, d0, d1 for D and out0, … for Out
	in, out int
	// prepare sets up what all vectors share and returns the step from a vector of
	// every input, which it may overwrite, to one of every output.
	prepare func(e *elementwise) step
}

type (
	vec  = reg.VecVirtual
	step func(x []vec) (out []vec)
)

// elementwise is what the parts of a body share.
type elementwise struct {
	kernel
	in, out  []reg.GPVirtual // the starts of the operands
	position reg.GPVirtual   // in bytes after them
	step     step
}

// elementwiseBodies generates a body for every operation.
func (a isa) elementwiseBodies(c *build.Context) {
	for _, op := range operations {
		op.body(a, c)
	}
}

func (op operation) function() string { return "elementwise" + op.name }

// body takes a vector of every operand at a time. To take several would gain
// nothing: the processor works on the next rounds while it waits for memory. Where a
// round has many instructions it does not see far enough, and needs prefetching.
func (op operation) body(a isa, c *build.Context) {
	k := a.begin(c, op.function(), "ElementwiseArgs", fmt.Sprintf("%s is Elementwise of %s.", op.function(), op.name))
	e := &elementwise{kernel: k, in: k.loadEach("In", op.in), out: k.loadEach("Out", op.out), position: k.GP64()}
	e.step = op.prepare(e)
	start := k.load("First")
	k.SHLQ(operand.Imm(2), start)
	k.eachRun(func() {
		k.MOVQ(start, e.position)
		e.overVectors(e.load("N"), e.one)
		k.ADDQ(k.field("Pitch"), start)
	})
	k.finish()
}

// prefetchDistance is how far ahead of the loop memory is asked for, in bytes.
const (
	prefetchDistance = 1024
	cacheLine        = 64
)

// one does the vector at the position.
func (e *elementwise) one(lanes mask) {
	x := e.vectors(len(e.in))
	if lanes == (whole{}) {
		for _, start := range append(e.in, e.out...) {
			e.PREFETCHT0(e.vectorAt(start).Offset(prefetchDistance))
		}
	}
	for i := range x {
		lanes.load(e.kernel, e.vectorAt(e.in[i]), x[i])
	}
	for i, z := range e.step(x) {
		lanes.store(e.kernel, z, e.vectorAt(e.out[i]))
	}
	e.ADDQ(operand.I32(e.isa.vector), e.position)
}

// eachRun is a loop over runs. It counts the field down.
func (k kernel) eachRun(do func()) {
	k.Label("run")
	do()
	k.DECQ(k.field("Runs"))
	k.JNZ(operand.LabelRef("run"))
}

func (e *elementwise) vectorAt(start reg.Register) operand.Mem {
	return operand.Mem{Base: start, Index: e.position, Scale: 1}
}

// overVectors calls do for the loop over whole vectors of n elements, and for what is
// left. It uses n up.
func (k kernel) overVectors(n reg.GPVirtual, do func(lanes mask)) {
	k.overBlocks(n, k.isa.lanes(), func(left reg.GPVirtual) {
		if left == nil {
			do(whole{})
		} else {
			do(k.firstLanes(left, 1)[0])
		}
	})
}

// overBlocks calls do for the loop over whole blocks of n elements, with nothing, and
// for what is left, with the number of elements. It uses n up.
func (k kernel) overBlocks(n reg.GPVirtual, block int, do func(left reg.GPVirtual)) {
	k.SUBQ(operand.I32(block), n)
	k.JLT(operand.LabelRef("tail"))
	k.Label("block")
	do(nil)
	k.SUBQ(operand.I32(block), n)
	k.JGE(operand.LabelRef("block"))

	k.Label("tail")
	k.ADDQ(operand.I32(block), n)
	k.JZ(operand.LabelRef("end"))
	do(n)
	k.Label("end")
}

// loadEach are the first n elements of a field that is an array of pointers.
func (k kernel) loadEach(name string, n int) []reg.GPVirtual {
	all := make([]reg.GPVirtual, n)
	for i := range all {
		all[i] = k.GP64()
		k.MOVQ(k.element(name, i), all[i])
	}
	return all
}

// element is the memory of an element of a field that is an array.
func (k kernel) element(name string, i int) operand.Mem {
	basic, err := k.args.Field(name).Index(i).Resolve()
	if err != nil {
		log.Fatalf("field %s[%d]: %v", name, i, err)
	}
	return basic.Addr
}

// constant is an element of C in every lane.
func (e *elementwise) constant(i int) vec { return e.broadcast(e.element("C", i)) }

// constant64 is an element of D in every lane.
func (e *elementwise) constant64(i int) vec { return e.broadcast64(e.element("D", i)) }
