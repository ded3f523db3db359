package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// cellWindows are loops over windows of cells, one window after the other: a vector of
// each tap lies in memory as it is wanted.
type cellWindows struct {
	kernel
	volume, windows, left reg.GPVirtual
	passes                int // of the taps of a window, so far
}

// cellWindowing generates the kernels.
func (a isa) cellWindowing(c *build.Context) {
	a.overCellWindows(c, "CellAverages", "averages windows", (*cellWindows).averages)
	a.overCellWindows(c, "CellSpread", "spreads gradients evenly over windows", (*cellWindows).spread)
	a.overCellWindows(c, "CellMax", "finds the largest cells of windows", (*cellWindows).max)
	a.overCellWindows(c, "CellMaxBackward", "adds gradients where the largest cells of windows are", (*cellWindows).maxBackward)
	a.repeatCells(c)
}

// overCellWindows is a kernel. What window returns does one window.
func (a isa) overCellWindows(c *build.Context, name, does string, window func(w *cellWindows) func()) {
	w := &cellWindows{kernel: a.begin(c, name, "CellWindowsArgs", name+" "+does+".")}
	w.volume, w.windows, w.left = w.load("Volume"), w.load("Windows"), w.load("N")
	do := window(w)
	w.Label("window")
	do()
	w.ADDQ(w.field("Stride"), w.volume)
	w.ADDQ(operand.I32(cell), w.windows)
	w.DECQ(w.left)
	w.JNZ(operand.LabelRef("window"))
	w.finish()
}

// eachTap calls do with the address of every tap of a window.
func (w *cellWindows) eachTap(do func(tap reg.GPVirtual)) {
	w.passes++
	label := func(of string) string { return of + string(rune('0'+w.passes)) }
	plane, row, tap := w.copyOf(w.volume), w.GP64(), w.GP64()
	planes, rows, taps := w.load("Planes"), w.GP64(), w.GP64()

	w.Label(label("plane"))
	w.MOVQ(plane, row)
	w.MOVQ(w.field("Rows"), rows)

	w.Label(label("row"))
	w.MOVQ(row, tap)
	w.MOVQ(w.field("Taps"), taps)

	w.Label(label("tap"))
	do(tap)
	w.ADDQ(operand.I32(cell), tap)
	w.DECQ(taps)
	w.JNZ(operand.LabelRef(label("tap")))

	w.ADDQ(w.field("RowStride"), row)
	w.DECQ(rows)
	w.JNZ(operand.LabelRef(label("row")))

	w.ADDQ(w.field("PlaneStride"), plane)
	w.DECQ(planes)
	w.JNZ(operand.LabelRef(label("plane")))
}

// window is the memory of the vector of the current window.
func (w *cellWindows) window() operand.Mem { return at(w.windows, 0) }

func (w *cellWindows) averages() func() {
	divisor := w.broadcast64(w.field("Divisor"))
	return func() {
		acc := w.zeros(2)
		w.eachTap(func(tap reg.GPVirtual) {
			for half, sum := range acc {
				w.VADDPD(w.widen(at(tap, 0), half), sum, sum)
			}
		})
		w.VMOVUPS(w.quotients(acc[0], acc[1], divisor), w.window())
	}
}

func (w *cellWindows) spread() func() {
	divisor := w.broadcast64(w.field("Divisor"))
	return func() {
		share := w.quotients(w.widen(w.window(), 0), w.widen(w.window(), 1), divisor)
		w.eachTap(func(tap reg.GPVirtual) {
			sum := w.vector()
			w.VADDPS(at(tap, 0), share, sum)
			w.VMOVUPS(sum, at(tap, 0))
		})
	}
}

func (w *cellWindows) max() func() {
	lowest := w.number(float32(math.Inf(-1)))
	return func() {
		best, seen := w.vector(), w.zeros(1)[0]
		w.VMOVAPS(lowest, best)
		w.eachTap(func(tap reg.GPVirtual) {
			x := w.vector()
			w.VMOVUPS(at(tap, 0), x)
			w.larger(x, best)
			w.pick(w.compare(x, unordered, x), x, seen)
		})
		w.pick(w.compare(seen, unordered, seen), seen, best)
		w.VMOVUPS(best, w.window())
	}
}

// maxBackward numbers the taps of a window, finds the number of the first largest, and
// adds where the number comes again.
func (w *cellWindows) maxBackward() func() {
	lowest, one := w.number(float32(math.Inf(-1))), w.bits(1)
	beyond := w.load("Diff") // from a tap to its gradient
	w.SUBQ(w.volume, beyond)
	return func() {
		best, number, where := w.vector(), w.zeros(1)[0], w.zeros(1)[0]
		w.VMOVAPS(lowest, best)
		w.eachTap(func(tap reg.GPVirtual) {
			x := w.vector()
			w.VMOVUPS(at(tap, 0), x)
			larger := w.both(w.compare(best, ordered, best), w.compare(x, notLessEqual, best))
			w.pick(larger, x, best)
			w.pick(larger, number, where)
			w.VPADDD(one, number, number)
		})
		gradient, again := w.vector(), w.zeros(1)[0]
		w.VMOVUPS(w.window(), gradient)
		w.eachTap(func(tap reg.GPVirtual) {
			diff := operand.Mem{Base: tap, Index: beyond, Scale: 1}
			before, after := w.vector(), w.vector()
			w.VMOVUPS(diff, before)
			w.VADDPS(gradient, before, after)
			w.pick(w.equal(again, where), after, before)
			w.VMOVUPS(before, diff)
			w.VPADDD(one, again, again)
		})
	}
}

// quotients divides two halves of float64 and makes a vector of float32 of them.
func (w *cellWindows) quotients(low, high, divisor reg.VecVirtual) reg.VecVirtual {
	w.VDIVPD(divisor, low, low)
	w.VDIVPD(divisor, high, high)
	return w.narrow(low, high)
}

// repeatCells up-samples. Its counters go down, the innermost first.
func (a isa) repeatCells(c *build.Context) {
	k := a.begin(c, "RepeatCells", "CellRepeatArgs", "RepeatCells repeats cells, and rows of them.")
	src, dst, rows := k.load("Src"), k.load("Dst"), k.load("Rows")
	from, copies, cells, times, x := k.GP64(), k.GP64(), k.GP64(), k.GP64(), k.vector()
	k.Label("row")
	k.MOVQ(k.field("Copies"), copies)
	k.Label("copy")
	k.MOVQ(src, from)
	k.MOVQ(k.field("N"), cells)
	k.Label("cell")
	k.VMOVUPS(at(from, 0), x)
	k.MOVQ(k.field("Times"), times)
	k.Label("time")
	k.VMOVUPS(x, at(dst, 0))
	k.ADDQ(operand.I32(cell), dst)
	k.DECQ(times)
	k.JNZ(operand.LabelRef("time"))
	k.ADDQ(operand.I32(cell), from)
	k.DECQ(cells)
	k.JNZ(operand.LabelRef("cell"))
	k.DECQ(copies)
	k.JNZ(operand.LabelRef("copy"))
	k.MOVQ(from, src)
	k.DECQ(rows)
	k.JNZ(operand.LabelRef("row"))
	k.finish()
}

// equal are the lanes in which integers are equal.
func (k kernel) equal(a, b reg.VecVirtual) reg.Register {
	mask := k.condition()
	k.VPCMPEQD(b, a, mask)
	return mask
}
