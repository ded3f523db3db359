package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// The number of multiply-adds under way at once. No processor needs more than
// latency times units, 2·5.
const (
	peakChainsAVX512 = 16
	peakChainsAVX2   = 12
)

// peak generates a loop of independent multiply-adds on registers alone.
func (a isa) peak(c *build.Context) {
	c.Function("Peak")
	c.Attributes(build.NOSPLIT)
	c.SignatureExpr("func(rounds int)")
	c.Doc("Peak does PeakFLOPs floating-point operations a round, at least one round, as",
		"fast as the core can: what remains of its time is what any kernel is measured by.")
	k := kernel{Context: c, isa: a}
	rounds := c.Load(c.Param("rounds"), c.GP64())
	acc, x := k.zeros(a.peakChains), k.zeros(1)[0]

	c.Label("round")
	for i := range acc {
		c.VFMADD231PS(x, x, acc[i])
	}
	c.DECQ(rounds)
	c.JNZ(operand.LabelRef("round"))
	k.finish()
}
