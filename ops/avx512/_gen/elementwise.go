package main

import (
	"fmt"
	"log"
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// operation is one body of Elementwise.
type operation struct {
	name    string // of the constant that chooses it
	formula string // with a, b, … for In, c0, c1, … for C and out0, … for Out
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
	position reg.GPVirtual   // in bytes
	step     step
}

// elementwiseBodies generates a body for every operation.
func elementwiseBodies(c *build.Context) {
	for _, op := range operations {
		op.body(c)
	}
}

func (op operation) function() string { return "elementwise" + op.name }

// body takes a vector of every operand at a time. To take several would gain
// nothing: the processor works on the next rounds while it waits for memory.
func (op operation) body(c *build.Context) {
	k := begin(c, op.function(), "ElementwiseArgs", fmt.Sprintf("%s is Elementwise of %s.", op.function(), op.name))
	e := &elementwise{kernel: k, in: k.loadEach("In", op.in), out: k.loadEach("Out", op.out), position: k.load("First")}
	k.SHLQ(operand.Imm(2), e.position)
	e.step = op.prepare(e)
	e.overVectors(e.load("N"), e.one)
	k.finish()
}

// one does the vector at the position.
func (e *elementwise) one(mask reg.Register) {
	x := e.vectors(len(e.in))
	for i := range x {
		e.loadLanes(e.vectorAt(e.in[i]), mask, x[i])
	}
	for i, z := range e.step(x) {
		e.storeLanes(z, mask, e.vectorAt(e.out[i]))
	}
	e.ADDQ(operand.I32(vector), e.position)
}

func (e *elementwise) vectorAt(start reg.Register) operand.Mem {
	return operand.Mem{Base: start, Index: e.position, Scale: 1}
}

// overVectors calls do for the loop over whole vectors of n elements, with no mask,
// and for what is left, with the mask of its lanes. It uses n up.
func (k kernel) overVectors(n reg.GPVirtual, do func(mask reg.Register)) {
	k.SUBQ(operand.I32(vector/scalar), n)
	k.JLT(operand.LabelRef("tail"))
	k.Label("vector")
	do(nil)
	k.SUBQ(operand.I32(vector/scalar), n)
	k.JGE(operand.LabelRef("vector"))

	k.Label("tail")
	k.ADDQ(operand.I32(vector/scalar), n)
	k.JZ(operand.LabelRef("end"))
	do(k.firstLanes(n))
	k.Label("end")
}

// firstLanes is the mask of the first n lanes.
func (k kernel) firstLanes(n reg.GPVirtual) reg.Register {
	bits, mask := k.GP32(), k.K()
	k.MOVL(operand.U32(math.MaxUint32), bits)
	k.BZHIL(n.As32(), bits, bits)
	k.KMOVW(bits, mask)
	return mask
}

// loadLanes reads a vector, or its lanes of a mask.
func (k kernel) loadLanes(mem operand.Mem, mask reg.Register, z reg.Register) {
	if mask == nil {
		k.VMOVUPS(mem, z)
	} else {
		k.VMOVUPS_Z(mem, mask, z)
	}
}

// storeLanes writes a vector, or its lanes of a mask.
func (k kernel) storeLanes(z, mask reg.Register, mem operand.Mem) {
	if mask == nil {
		k.VMOVUPS(z, mem)
	} else {
		k.VMOVUPS(z, mask, mem)
	}
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

// broadcast is one number of the memory in every lane.
func (k kernel) broadcast(mem operand.Mem) vec {
	z := k.ZMM()
	k.VBROADCASTSS(mem, z)
	return z
}

// number is a number in every lane.
func (k kernel) number(x float32) vec { return k.bits(math.Float32bits(x)) }

func (k kernel) bits(x uint32) vec {
	r, z := k.GP32(), k.ZMM()
	k.MOVL(operand.U32(x), r)
	k.VPBROADCASTD(r, z)
	return z
}
