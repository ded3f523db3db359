package ops

// combine adds all copies of the gradient of some output channels, and puts the
// weights in their order.
func (g *weightGradient) combine(c *call, lo, hi int) {
	sums, row := c.x.Shared(&g.info), g.row()
	size := g.in * volume(g.kernel)
	for oc := lo; oc < hi; oc++ {
		gradient := c.out[0][oc*size : (oc+1)*size]
		clear(gradient)
		for i := range g.copies.count {
			g.addCopy(gradient, sums[(i*g.groups*g.out+oc)*row:][:row])
		}
	}
}

// addCopy adds one copy of the gradient of an output channel.
func (g *weightGradient) addCopy(gradient, sums []float32) {
	for b := range g.inBlocks.count {
		lo, hi := g.inBlocks.bounds(b)
		to, place := gradient[lo*volume(g.kernel):], g.orders[hi-lo].place
		for i, v := range sums[:len(place)] {
			to[place[i]] += v
		}
		sums = sums[len(place):]
	}
}
