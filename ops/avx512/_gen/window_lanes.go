package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// elements are those at a place of a vector of windows. They lie in as many vectors
// as the stride, which lanes are the masks of.
func (w *windowing) elements(row reg.Register, lanes []mask) vec {
	x := w.vector()
	lanes[0].load(w.kernel, at(row, 0), x)
	if w.stride > 1 && !w.isa.opmasks {
		w.VPERMPS(x, w.tables[0], x)
	}
	for v := 1; v < w.stride; v++ {
		next := w.vector()
		lanes[v].load(w.kernel, at(row, v*w.isa.vector), next)
		w.join(v, next, x)
	}
	return x
}

// join brings in what vector v has of the elements. AVX-512 permutes two vectors at
// once.
func (w *windowing) join(v int, next, x vec) {
	if w.isa.opmasks {
		w.VPERMT2PS(next, w.tables[v], x)
		return
	}
	fromNext := uint64(0)
	for lane := range w.isa.lanes() {
		if lane*w.stride/w.isa.lanes() == v {
			fromNext |= 1 << lane
		}
	}
	w.VPERMPS(next, w.tables[v], next)
	w.VBLENDPS(operand.Imm(fromNext), next, x, x)
}

// together is the table that puts what vector v has of the elements in their lanes:
// of AVX-512 behind what the vectors before it have, which is in order.
func (w *windowing) together(v int) vec {
	lanes := w.isa.lanes()
	switch {
	case w.stride == 1 || v == 0 && w.isa.opmasks:
		return nil // they are in their lanes
	case !w.isa.opmasks:
		return w.laneTable("windowApart", v, func(lane int) int { return lane * w.stride % lanes })
	}
	return w.laneTable("windowJoin", v, func(lane int) int {
		switch from := lane * w.stride; {
		case from/lanes == v:
			return lanes + from%lanes
		case v == 1:
			return from % lanes
		}
		return lane // joined before, or will
	})
}

// repeated is the table for vector v of [windowing.repeat].
func (w *windowing) repeated(v int) vec {
	return w.laneTable("windowEach", v, func(lane int) int { return (v*w.isa.lanes() + lane) / w.stride })
}

// repeat are vectors in which each lane of x stands as many times as the stride.
func (w *windowing) repeat(x vec) []vec {
	all := w.vectors(w.stride)
	for v := range all {
		w.VPERMPS(x, w.tables[v], all[v])
	}
	return all
}

// laneTable is a vector of lane numbers.
func (w *windowing) laneTable(name string, v int, number func(lane int) int) vec {
	numbers, z := make([]uint32, w.isa.lanes()), w.vector()
	for lane := range numbers {
		numbers[lane] = uint32(number(lane))
	}
	w.VMOVUPS(w.table(fmt.Sprintf("%s%dx%d", name, w.stride, v), numbers...), z)
	return z
}
