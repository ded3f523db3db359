package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// maximumVectors is the number of vectors whose maxima are under way at once: the
// latency of an instruction over its throughput, at least.
const maximumVectors = 4

// maximum generates Maximum. Lanes that are not there keep what was largest.
func (a isa) maximum(c *build.Context) {
	k := a.begin(c, "Maximum", "MaximumArgs", "Maximum finds the largest element in each lane.")
	src, best := k.load("Src"), k.vectors(maximumVectors)
	lowest := k.number(float32(math.Inf(-1)))
	for _, v := range best {
		k.VMOVAPS(lowest, v)
	}
	block := maximumVectors * a.lanes()
	k.overBlocks(k.load("N"), block, func(left reg.GPVirtual) {
		if left == nil {
			for i, v := range best {
				k.VMAXPS(at(src, i*a.vector), v, v)
			}
			k.ADDQ(operand.I32(block*scalar), src)
			return
		}
		for i, lanes := range k.firstLanes(left, maximumVectors) {
			x, y := k.vector(), k.vector()
			lanes.load(k, at(src, i*a.vector), x)
			k.VMOVAPS(lowest, y)
			k.pick(k.lanesOf(lanes), x, y)
			k.VMAXPS(y, best[i], best[i])
		}
	})
	k.VMAXPS(best[1], best[0], best[0])
	k.VMAXPS(best[3], best[2], best[2])
	k.VMAXPS(best[2], best[0], best[0])
	k.VMOVUPS(best[0], at(k.load("Largest"), 0))
	k.finish()
}

// lanesOf are the lanes of a mask that is no whole one.
func (k kernel) lanesOf(m mask) where {
	if m, ok := m.(laneMask); ok {
		v := k.vector()
		k.VMOVUPS(m.Mem, v)
		return v
	}
	return m.(opmask).Register
}
