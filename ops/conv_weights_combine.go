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

// parts is the number of parts of the sums: a channel each, or a block of them.
func (b *biasSource) parts() int {
	if b.layout == NCX16c {
		return ceilDiv(b.channels, Block)
	}
	return b.channels
}

// sumBlock writes the bias gradient of a block of channels that lie in lanes.
func (b *biasSource) sumBlock(c *call, n, block int) {
	var sums [Block]float64
	blocks := ceilDiv(b.channels, Block)
	for s := range n {
		x := c.in[b.input][(s*blocks+block)*b.volume*Block:][:b.volume*Block]
		for ; len(x) > 0; x = x[Block:] {
			for l, v := range x[:Block] {
				sums[l] += float64(v)
			}
		}
	}
	for l := range min(Block, b.channels-block*Block) {
		c.out[1][block*Block+l] = float32(sums[l])
	}
}

// sum writes the bias gradient of one part.
func (b *biasSource) sum(c *call, n, part int) {
	if b.layout == NCX16c {
		b.sumBlock(c, n, part)
		return
	}
	channel := part
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
