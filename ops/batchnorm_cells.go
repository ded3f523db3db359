package ops

// In channel blocks a tensor N x C x Spatial is one of N x ceil(C/16) planes of cells,
// and what batch normalisation has of a channel it has of each element of a cell. What
// pads the last block has no parameters, and its results go nowhere.

// cellLine is a channelLine for each element of a cell, and cellPlane a channelPlane.
type (
	cellLine  struct{ centre, slope, offset cell }
	cellPlane struct{ centre, byDiff, bySrc, offset cell }
)

func (l *cellLine) set(i int, line channelLine) {
	l.centre[i], l.slope[i], l.offset[i] = line.centre, line.slope, line.offset
}

func (p *cellPlane) set(i int, plane channelPlane) {
	p.centre[i], p.byDiff[i], p.bySrc[i], p.offset[i] = plane.centre, plane.byDiff, plane.bySrc, plane.offset
}

// blocked is the descriptor with blocks for channels, and their elements for positions.
func (d BatchNormDesc) blocked() BatchNormDesc {
	d.C, d.Spatial = ceilDiv(d.C, Block), d.Spatial*Block
	return d
}

// ofChannel is the total of a kind over a channel, where a block of channels has sums of its own.
func (s partialSums) ofChannel(ch, kind int) float64 { return s.total(ch/Block, kind*Block+ch%Block) }

// newBatchNormOfCells is NewBatchNorm in channel blocks.
func newBatchNormOfCells(d BatchNormDesc) Primitive {
	l, blocks := currentLoops(), d.blocked()
	parts, lines := blocks.parts(), make([]cellLine, blocks.C)
	sums := newPartialSums(2*Block, parts)
	moments := phase{parts.count(), func(c *call, _, part int) {
		src := c.in[0]
		sums.clear(parts, part)
		parts.each(part, func(b, piece, lo, hi int) {
			l.cells.moments(sums.of(b, piece), src[lo:hi], (*cell)(src[b*blocks.Spatial:]))
		})
	}}
	of := func(c *call, ch int) batchMoments {
		shift := float32(0)
		if d.N > 0 {
			shift = c.in[0][ch/Block*blocks.Spatial+ch%Block]
		}
		return d.moments(shift, sums.ofChannel(ch, 0), sums.ofChannel(ch, 1))
	}
	keep := func(c *call, ch int, b batchMoments) { lines[ch/Block].set(ch%Block, d.statistics(c, ch, b)) }
	info, write := d.info(l, "forward_training", 3), d.normaliseCells(l, parts, lines)
	if d.Sum != nil {
		return newPhased(info, moments, d.sharedMoments(of, keep), write).streaming()
	}
	statistics := d.perBlock(func(c *call, ch int) { keep(c, ch, of(c, ch)) })
	return newPhased(info, parts.phases(4, moments, statistics, write)...).streaming()
}

// perBlock calls do for the channels of blocks lo to hi.
func (d BatchNormDesc) perBlock(do func(c *call, channel int)) func(c *call, lo, hi int) {
	return func(c *call, lo, hi int) {
		for ch := lo * Block; ch < min(hi*Block, d.C); ch++ {
			do(c, ch)
		}
	}
}

// newBatchNormInferenceOfCells is NewBatchNormInference in channel blocks.
func newBatchNormInferenceOfCells(d BatchNormDesc) Primitive {
	l, blocks := currentLoops(), d.blocked()
	lines := make([]cellLine, blocks.C)
	prepare := perChannel(d.C, func(c *call, ch int) {
		line := d.line(float64(c.in[3][ch]), float64(c.in[4][ch]), c.in[1][ch], c.in[2][ch])
		lines[ch/Block].set(ch%Block, line)
	})
	return newPhased(d.info(l, "forward_inference", 2), prepare, d.normaliseCells(l, blocks.parts(), lines)).streaming()
}

// normaliseCells is the phase that writes dst.
func (d BatchNormDesc) normaliseCells(l *loops, parts channelParts, lines []cellLine) phase {
	return phase{parts.count(), func(c *call, _, part int) {
		parts.each(part, func(b, _, lo, hi int) {
			dst := c.out[0][lo:hi]
			l.cells.normalise(&lines[b], dst, c.in[0][lo:hi])
			l.post(d.Post, dst)
			c.done(lo, hi)
		})
	}}
}

// newBatchNormBackwardOfCells is NewBatchNormBackward in channel blocks.
func newBatchNormBackwardOfCells(d BatchNormDesc) Primitive {
	l, blocks := currentLoops(), d.blocked()
	parts, planes := blocks.parts(), make([]cellPlane, blocks.C)
	sums := newPartialSums(3*Block, parts)
	centre := phase{1, func(c *call, _, _ int) {
		for b := range planes {
			copy(planes[b].centre[:], c.in[3][b*Block:d.C])
		}
	}}
	add := phase{parts.count(), func(c *call, _, part int) {
		sums.clear(parts, part)
		parts.each(part, func(b, piece, lo, hi int) {
			l.cells.gradientMoments(sums.of(b, piece), c.in[0][lo:hi], c.in[1][lo:hi], &planes[b].centre)
		})
	}}
	of := func(ch int) gradientSums {
		return gradientSums{sums.ofChannel(ch, 0), sums.ofChannel(ch, 1), sums.ofChannel(ch, 2)}
	}
	keep := func(c *call, ch int, own, all gradientSums, m float64) {
		planes[ch/Block].set(ch%Block, d.gradients(c, ch, own, all, m))
	}
	write := phase{parts.count(), func(c *call, _, part int) {
		parts.each(part, func(b, _, lo, hi int) {
			l.cells.normaliseBackward(&planes[b], c.out[0][lo:hi], c.in[0][lo:hi], c.in[1][lo:hi])
			c.done(lo, hi)
		})
	}}
	info := d.info(l, "backward", 5)
	if d.Sum != nil {
		return newPhased(info, centre, add, d.sharedGradients(of, keep), write).streaming()
	}
	combine := d.perBlock(func(c *call, ch int) {
		own := of(ch)
		keep(c, ch, own, own, d.elements())
	})
	return newPhased(info, append([]phase{centre}, parts.phases(8, add, combine, write)...)...).streaming()
}
