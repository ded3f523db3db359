package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// max finds the largest element of each window, NaN being above all and 0 above −0.
func (w *windowing) max(mask reg.Register) {
	best, seen := w.number(float32(math.Inf(-1))), w.zeros(1)[0]
	w.eachTap(mask, func(x vec, _ reg.Register) {
		const largest = 0x05 // of two, that is no NaN if one is not
		w.VRANGEPS(operand.Imm(largest), x, best, best)
		nan := w.compare(x, unordered, x)
		w.VMOVAPS(x, nan, seen)
	})
	w.VMOVAPS(seen, w.compare(seen, unordered, seen), best)
	w.storeLanes(best, mask, at(w.windows, 0))
}

// argmax finds where the first largest element of each window is, in elements after
// the first of the window.
func (w *windowing) argmax(mask reg.Register) {
	best, where := w.number(float32(math.Inf(-1))), w.zeros(1)[0]
	w.eachTap(mask, func(x vec, start reg.Register) {
		offset := w.GP64()
		w.MOVQ(start, offset)
		w.SUBQ(w.volume, offset)
		w.SHRQ(operand.Imm(2), offset)
		larger := w.compare(best, ordered, best)
		w.VCMPPS(operand.Imm(notLessEqual), best, x, larger, larger)
		w.VMOVAPS(x, larger, best)
		w.VPBROADCASTD(offset.As32(), larger, where)
	})
	w.storeLanes(where, mask, at(w.windows, 0))
}
