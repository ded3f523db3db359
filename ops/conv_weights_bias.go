package ops

// biasSource says of which input the bias gradient is the sum over samples and
// positions.
type biasSource struct {
	wanted                  bool
	input, channels, volume int
	layout                  Layout
	loops                   *loops
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
