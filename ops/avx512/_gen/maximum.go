package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// maximum generates Maximum. Lanes that are not there keep what was largest.
func (a isa) maximum(c *build.Context) {
	k := a.begin(c, "Maximum", "MaximumArgs", "Maximum finds the largest element in each lane.")
	src, best := k.load("Src"), k.number(float32(math.Inf(-1)))
	k.overVectors(k.load("N"), func(lanes mask) {
		x := k.vector()
		lanes.load(k, at(src, 0), x)
		if lanes != (whole{}) {
			y := k.vector()
			k.VMOVAPS(best, y)
			k.pick(k.lanesOf(lanes), x, y)
			x = y
		}
		k.VMAXPS(x, best, best)
		k.ADDQ(operand.I32(a.vector), src)
	})
	k.VMOVUPS(best, at(k.load("Largest"), 0))
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
