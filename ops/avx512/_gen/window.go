package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// windowStrides is the largest stride with bodies of its own: 2 and 3 are those of
// pooling and up-sampling. Gathering would serve any stride, but takes longer than
// Go does on processors that are careful about it (Intel's "gather data sampling").
const windowStrides = 3

// windowing is what the parts of a body share. Sixteen neighbouring windows are done
// together. The elements at the same place of each lie in as many vectors as the
// stride, and are brought together by permutations.
type windowing struct {
	kernel
	stride  int
	volume  reg.GPVirtual // the first element of the first window
	windows reg.GPVirtual
	left    reg.GPVirtual // windows
	divisor vec
	tables  []vec // of the permutations
}

func windowName(kernel string, stride int) string { return fmt.Sprintf("window%s%d", kernel, stride) }

// windows generates the bodies.
func windows(c *build.Context) {
	for stride := 1; stride <= windowStrides; stride++ {
		apart := laneTables(c, "windowApart", stride, stride-1, func(v, lane int) int {
			switch from := lane * stride; {
			case from/16 == v+1: // in the vector that joins
				return 16 + from%16
			case v == 0:
				return from % 16
			}
			return lane // joined before, or will
		})
		w := newWindowing(c, "Averages", stride)
		w.over(apart, w.average)
		w = newWindowing(c, "Max", stride)
		w.over(apart, w.max)
		w = newWindowing(c, "Argmax", stride)
		w.over(apart, w.argmax)

		each := laneTables(c, "windowEach", stride, stride, func(v, lane int) int { return (16*v + lane) / stride })
		w = newWindowing(c, "Spread", stride)
		w.over(each, w.spread)
	}
}

func newWindowing(c *build.Context, kernel string, stride int) *windowing {
	name := windowName(kernel, stride)
	doc := fmt.Sprintf("%s is Window%s for a stride of %d.", name, kernel, stride)
	return &windowing{kernel: begin(c, name, "WindowArgs", doc), stride: stride}
}

// laneTables are tables of 16 lane numbers.
func laneTables(c *build.Context, name string, stride, count int, lane func(v, lane int) int) (tables []operand.Mem) {
	for v := range count {
		mem := c.StaticGlobal(fmt.Sprintf("%s%dx%d", name, stride, v))
		c.DataAttributes(attr.RODATA | attr.NOPTR)
		for l := range vector / scalar {
			c.AddDatum(l*scalar, operand.U32(lane(v, l)))
		}
		tables = append(tables, mem)
	}
	return tables
}

// over calls do for sixteen windows at a time, with no mask, and for the rest.
func (w *windowing) over(tables []operand.Mem, do func(mask reg.Register)) {
	w.volume, w.windows, w.left = w.load("Volume"), w.load("Windows"), w.load("N")
	w.divisor = w.ZMM()
	w.VBROADCASTSD(w.field("Divisor"), w.divisor)
	for _, mem := range tables {
		z := w.ZMM()
		w.VMOVDQU32(mem, z)
		w.tables = append(w.tables, z)
	}
	w.overVectors(w.left, func(mask reg.Register) {
		do(mask)
		w.ADDQ(operand.I32(w.stride*vector), w.volume)
		w.ADDQ(operand.I32(vector), w.windows)
	})
	w.finish()
}

// average adds up the two halves of a vector of windows in float64.
func (w *windowing) average(mask reg.Register) {
	acc := w.zeros(2)
	w.eachTap(mask, func(x vec, _ reg.Register) {
		for half, x := range w.halves(x) {
			w.VADDPD(x, acc[half], acc[half])
		}
	})
	w.storeLanes(w.divide(acc), mask, at(w.windows, 0))
}

// eachTap calls do with the elements at each place of sixteen windows, and the
// address of that of the first.
func (w *windowing) eachTap(mask reg.Register, do func(x vec, start reg.Register)) {
	taps, lanes := w.GP64(), w.lanesTo(mask, 1)
	w.eachRow(mask, func(row reg.GPVirtual) {
		w.MOVQ(w.field("Taps"), taps)
		w.Label(place(mask) + "Tap")
		do(w.elements(row, lanes), row)
		w.ADDQ(operand.I32(scalar), row)
		w.DECQ(taps)
		w.JNZ(operand.LabelRef(place(mask) + "Tap"))
	})
}

// elements are those at a place of sixteen windows.
func (w *windowing) elements(row reg.Register, lanes []reg.Register) vec {
	x := w.ZMM()
	w.loadLanes(at(row, 0), lanes[0], x)
	for v, table := range w.tables {
		next := w.ZMM()
		w.loadLanes(at(row, (v+1)*vector), lanes[v+1], next)
		w.VPERMT2PS(next, table, x)
	}
	return x
}

// spread adds their share to the elements of windows that touch each other.
func (w *windowing) spread(mask reg.Register) {
	x := w.ZMM()
	w.loadLanes(at(w.windows, 0), mask, x)
	x = w.divide(w.halves(x))
	lanes, shares := w.lanesTo(mask, w.stride), w.vectors(w.stride)
	for v, table := range w.tables {
		w.VPERMPS(x, table, shares[v])
	}
	w.eachRow(mask, func(row reg.GPVirtual) {
		for v, share := range shares {
			before := w.ZMM()
			w.loadLanes(at(row, v*vector), lanes[v], before)
			w.VADDPS(share, before, before)
			w.storeLanes(before, lanes[v], at(row, v*vector))
		}
	})
}

// lanesTo are the masks of the vectors of a row up to a place in the last window that
// the mask leaves: what comes after may be beyond the volume.
func (w *windowing) lanesTo(mask reg.Register, place int) []reg.Register {
	masks, bits := make([]reg.Register, w.stride), w.GP64()
	switch {
	case mask != nil:
		count := w.GP64()
		w.IMUL3Q(operand.I32(w.stride), w.left, count)
		w.SUBQ(operand.I32(w.stride-place), count)
		w.MOVQ(operand.I32(-1), bits)
		w.BZHIQ(count, bits, bits)
		for v := range masks {
			masks[v] = w.K()
			w.KMOVW(bits.As32(), masks[v])
			w.SHRQ(operand.Imm(vector/scalar), bits)
		}
	case place < w.stride:
		last := w.K()
		w.MOVL(operand.U32(1<<(16-w.stride+place)-1), bits.As32())
		w.KMOVW(bits.As32(), last)
		masks[w.stride-1] = last
	}
	return masks
}

// eachRow calls do with the start of the first window in each row of each plane.
func (w *windowing) eachRow(mask reg.Register, do func(row reg.GPVirtual)) {
	plane, row, start := w.GP64(), w.GP64(), w.GP64()
	planes, rows := w.load("Planes"), w.GP64()
	w.MOVQ(w.volume, plane)

	w.Label(place(mask) + "Plane")
	w.MOVQ(plane, row)
	w.MOVQ(w.field("Rows"), rows)

	w.Label(place(mask) + "Row")
	w.MOVQ(row, start)
	do(start)
	w.ADDQ(w.field("RowStride"), row)
	w.DECQ(rows)
	w.JNZ(operand.LabelRef(place(mask) + "Row"))

	w.ADDQ(w.field("PlaneStride"), plane)
	w.DECQ(planes)
	w.JNZ(operand.LabelRef(place(mask) + "Plane"))
}

// place tells the labels of the loop over vectors apart from those of its tail.
func place(mask reg.Register) string {
	if mask == nil {
		return "vector"
	}
	return "tail"
}

// halves are those of a vector in float64. It uses the vector up.
func (k kernel) halves(x vec) []vec {
	low, high := k.ZMM(), k.YMM()
	k.VEXTRACTF64X4(operand.Imm(1), x, high)
	k.VCVTPS2PD(x.AsY(), low)
	k.VCVTPS2PD(high, x)
	return []vec{low, x}
}

// divide divides two halves and makes a vector of float32 of them.
func (w *windowing) divide(pair []vec) vec {
	low, high := pair[0], pair[1]
	w.VDIVPD(w.divisor, low, low)
	w.VDIVPD(w.divisor, high, high)
	return w.narrow(low, high)
}
