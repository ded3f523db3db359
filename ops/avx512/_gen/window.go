package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// windowStrides is the largest stride with bodies of its own: 2 and 3 are those of
// pooling and up-sampling. Gathering would serve any stride, but takes longer than
// Go does on processors that are careful about it (Intel's "gather data sampling").
const windowStrides = 3

// windowing is what the parts of a body share. A vector of neighbouring windows is done
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
func (a isa) windows(c *build.Context) {
	for stride := 1; stride <= windowStrides; stride++ {
		w := a.newWindowing(c, "Averages", stride)
		w.over(w.together, w.average)
		w = a.newWindowing(c, "Max", stride)
		w.over(w.together, w.max)
		w = a.newWindowing(c, "Argmax", stride)
		w.over(w.together, w.argmax)
		w = a.newWindowing(c, "Spread", stride)
		w.over(w.repeated, w.spread)
	}
}

func (a isa) newWindowing(c *build.Context, kernel string, stride int) *windowing {
	name := windowName(kernel, stride)
	doc := fmt.Sprintf("%s is Window%s for a stride of %d.", name, kernel, stride)
	return &windowing{kernel: a.begin(c, name, "WindowArgs", doc), stride: stride}
}

// over calls do for a vector of windows at a time, and for the rest. table makes the
// table of permutation for each of the vectors that the windows lie in.
func (w *windowing) over(table func(v int) vec, do func(lanes mask)) {
	w.volume, w.windows, w.left = w.load("Volume"), w.load("Windows"), w.load("N")
	w.divisor = w.broadcast64(w.field("Divisor"))
	for v := range w.stride {
		w.tables = append(w.tables, table(v))
	}
	w.overVectors(w.left, func(lanes mask) {
		do(lanes)
		w.ADDQ(operand.I32(w.stride*w.isa.vector), w.volume)
		w.ADDQ(operand.I32(w.isa.vector), w.windows)
	})
	w.finish()
}

// average adds up the two halves of a vector of windows in float64.
func (w *windowing) average(lanes mask) {
	acc := w.zeros(2)
	w.eachTap(lanes, func(x vec, _ reg.Register) {
		for half, x := range w.halves(x) {
			w.VADDPD(x, acc[half], acc[half])
		}
	})
	lanes.store(w.kernel, w.divide(acc), at(w.windows, 0))
}

// eachTap calls do with the elements at each place of a vector of windows, and the
// address of that of the first.
func (w *windowing) eachTap(lanes mask, do func(x vec, start reg.Register)) {
	taps, lanesOf := w.GP64(), w.lanesTo(lanes, 1)
	w.eachRow(lanes, func(row reg.GPVirtual) {
		w.MOVQ(w.field("Taps"), taps)
		w.Label(place(lanes) + "Tap")
		do(w.elements(row, lanesOf), row)
		w.ADDQ(operand.I32(scalar), row)
		w.DECQ(taps)
		w.JNZ(operand.LabelRef(place(lanes) + "Tap"))
	})
}

// spread adds their share to the elements of windows that touch each other.
func (w *windowing) spread(lanes mask) {
	x := w.vector()
	lanes.load(w.kernel, at(w.windows, 0), x)
	x = w.divide(w.halves(x))
	lanesOf, shares := w.lanesTo(lanes, w.stride), w.repeat(x)
	w.eachRow(lanes, func(row reg.GPVirtual) {
		for v, share := range shares {
			before := w.vector()
			lanesOf[v].load(w.kernel, at(row, v*w.isa.vector), before)
			w.VADDPS(share, before, before)
			lanesOf[v].store(w.kernel, before, at(row, v*w.isa.vector))
		}
	})
}

// lanesTo are the masks of the vectors of a row up to a place in the last window that
// the mask leaves: what comes after may be beyond the volume.
func (w *windowing) lanesTo(lanes mask, place int) []mask {
	if lanes != (whole{}) {
		count := w.GP64()
		w.IMUL3Q(operand.I32(w.stride), w.left, count)
		w.SUBQ(operand.I32(w.stride-place), count)
		return w.firstLanes(count, w.stride)
	}
	masks := make([]mask, w.stride)
	for v := range masks {
		masks[v] = whole{}
	}
	if place < w.stride {
		masks[w.stride-1] = w.leadingLanes(w.isa.lanes() - w.stride + place)
	}
	return masks
}

// eachRow calls do with the start of the first window in each row of each plane.
func (w *windowing) eachRow(lanes mask, do func(row reg.GPVirtual)) {
	plane, row, start := w.GP64(), w.GP64(), w.GP64()
	planes, rows := w.load("Planes"), w.GP64()
	w.MOVQ(w.volume, plane)

	w.Label(place(lanes) + "Plane")
	w.MOVQ(plane, row)
	w.MOVQ(w.field("Rows"), rows)

	w.Label(place(lanes) + "Row")
	w.MOVQ(row, start)
	do(start)
	w.ADDQ(w.field("RowStride"), row)
	w.DECQ(rows)
	w.JNZ(operand.LabelRef(place(lanes) + "Row"))

	w.ADDQ(w.field("PlaneStride"), plane)
	w.DECQ(planes)
	w.JNZ(operand.LabelRef(place(lanes) + "Plane"))
}

// place tells the labels of the loop over vectors apart from those of its tail.
func place(lanes mask) string {
	if lanes == (whole{}) {
		return "vector"
	}
	return "tail"
}

// divide divides two halves and makes a vector of float32 of them.
func (w *windowing) divide(pair []vec) vec {
	low, high := pair[0], pair[1]
	w.VDIVPD(w.divisor, low, low)
	w.VDIVPD(w.divisor, high, high)
	return w.narrow(low, high)
}
