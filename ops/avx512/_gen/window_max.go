package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// max finds the largest element of each window, NaN being above all and 0 above −0.
func (w *windowing) max(lanes mask) {
	best, seen := w.number(float32(math.Inf(-1))), w.zeros(1)[0]
	w.eachTap(lanes, func(x vec, _ reg.Register) {
		nan := w.compare(x, unordered, x)
		w.pick(nan, x, seen)
		w.larger(x, best)
	})
	w.pick(w.compare(seen, unordered, seen), seen, best)
	lanes.store(w.kernel, best, at(w.windows, 0))
}

// larger makes best the larger of both, 0 being above −0. If one is NaN it may be
// anything.
func (k kernel) larger(x, best vec) {
	if k.isa.opmasks {
		const largest = 0x05 // of two, that is no NaN if one is not
		k.VRANGEPS(operand.Imm(largest), x, best, best)
		return
	}
	second := k.vector() // of 0 and −0 the maximum is the second
	k.VMAXPS(x, best, second)
	k.VMAXPS(best, x, best)
	k.VANDPS(second, best, best)
}

// argmax finds where the first largest element of each window is, in elements after
// the first of the window.
func (w *windowing) argmax(lanes mask) {
	best, where := w.number(float32(math.Inf(-1))), w.zeros(1)[0]
	w.eachTap(lanes, func(x vec, start reg.Register) {
		offset := w.GP64()
		w.MOVQ(start, offset)
		w.SUBQ(w.volume, offset)
		w.SHRQ(operand.Imm(2), offset)
		larger := w.both(w.compare(best, ordered, best), w.compare(x, notLessEqual, best))
		w.pick(larger, x, best)
		w.number32(larger, offset, where)
	})
	lanes.store(w.kernel, where, at(w.windows, 0))
}

// number32 puts an integer into lanes of to.
func (w *windowing) number32(lanes where, x reg.GPVirtual, to vec) {
	if w.isa.opmasks {
		w.VPBROADCASTD(x.As32(), lanes, to)
		return
	}
	all := w.vector()
	w.VMOVD(x.As32(), all.AsX())
	w.VPBROADCASTD(all.AsX(), all)
	w.pick(lanes, all, to)
}
