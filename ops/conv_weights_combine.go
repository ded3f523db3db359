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
	size, taps, nw := volume(g.kernel), g.taps.kernel, g.taps.counts[2]
	for b := range g.inBlocks.count {
		lo, hi := g.inBlocks.bounds(b)
		for first := 0; first < len(taps); first += nw {
			for ch := lo; ch < hi; ch++ {
				to := gradient[ch*size:]
				for i, k := range taps[first : first+nw] {
					to[k] += sums[i]
				}
				sums = sums[nw:]
			}
		}
	}
}

// sum writes the bias gradient of one channel.
func (b *biasSource) sum(c *call, n, channel int) {
	total, block := 0.0, b.layout.batchBlock()
	for first := 0; first < n; first += block {
		who := span{first, min(first+block, n)}
		total += b.sumSamples(newBatchRow(c.in[b.input], b.layout, who, b.channels, channel, b.volume))
	}
	c.out[1][channel] = float32(total)
}

// sumSamples adds up a channel of one sample, or of a block of them.
func (b *biasSource) sumSamples(r batchRow) float64 {
	if block := b.layout.batchBlock(); r.count == block {
		return b.loops.sum(r.data[:b.volume*block])
	}
	var s laneSums
	for i := range b.volume {
		for l, v := range r.data[i*Block:][:r.count] {
			s[l] += float64(v)
		}
	}
	return s.total()
}
