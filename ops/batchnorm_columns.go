package ops

// Behind a dense layer a channel has one position, and its elements are a row apart:
// runs of one element. There the runs go along the channels instead, which are
// neighbours in memory. The sums of a channel are added in the same order.

// columnwise says that runs go along the channels.
func (p channelParts) columnwise() bool { return p.spatial == 1 }

// eachRow calls do for every row of the part of a columnwise tensor: elements lo to
// hi are of channels c0 on.
func (p channelParts) eachRow(part int, do func(c0, lo, hi int)) {
	c0, c1 := p.groups.bounds(part / p.pieces.parts)
	from, to := p.pieces.bounds(part % p.pieces.parts)
	for sample := from; sample < to; sample++ {
		do(c0, sample*p.c+c0, sample*p.c+c1)
	}
}

// eachStripe calls do for stripes of a columnwise part, channels c0 to c1, of a width
// whose sums fit in the cache.
func (p channelParts) eachStripe(part int, do func(c0, c1 int)) {
	c0, c1 := p.groups.bounds(part / p.pieces.parts)
	for ; c0 < c1; c0 += channelsOfRow {
		do(c0, min(c0+channelsOfRow, c1))
	}
}

// columnMoments writes the sums of a part.
func (s partialSums) columnMoments(p channelParts, part int, src []float32) {
	piece := part % p.pieces.parts
	from, to := p.pieces.bounds(piece)
	p.eachStripe(part, func(c0, c1 int) {
		var sums [channelsOfRow][2]float64
		shift := src[c0:c1]
		for sample := from; sample < to; sample++ {
			for j, v := range src[sample*p.c+c0 : sample*p.c+c1] {
				acc, a := &sums[j], float64(v)-float64(shift[j])
				acc[0] += a
				acc[1] += float64(a * a)
			}
		}
		for c := c0; c < c1; c++ {
			copy(s.of(c, piece), sums[c-c0][:])
		}
	})
}

// columnGradientMoments is the same for [gradientMomentsPortable].
func (s partialSums) columnGradientMoments(p channelParts, part int, diffDst, src, mean []float32) {
	piece := part % p.pieces.parts
	from, to := p.pieces.bounds(piece)
	p.eachStripe(part, func(c0, c1 int) {
		var sums [channelsOfRow][3]float64
		mean := mean[c0:c1]
		for sample := from; sample < to; sample++ {
			diff := diffDst[sample*p.c+c0 : sample*p.c+c1]
			for j, v := range src[sample*p.c+c0 : sample*p.c+c1] {
				acc, a, da := &sums[j], float64(v)-float64(mean[j]), float64(diff[j])
				acc[0] += a
				acc[1] += da
				acc[2] += float64(da * a)
			}
		}
		for c := c0; c < c1; c++ {
			copy(s.of(c, piece), sums[c-c0][:])
		}
	})
}

// normaliseColumns writes a row of channels, one element of each.
func normaliseColumns(lines []channelLine, dst, src []float32) {
	lines, src = lines[:len(dst)], src[:len(dst)]
	for j, v := range src {
		l := &lines[j]
		dst[j] = float32((v-l.centre)*l.slope) + l.offset
	}
}

// normaliseColumnsBackward is the same for [normaliseBackwardPortable].
func normaliseColumnsBackward(planes []channelPlane, diffSrc, diffDst, src []float32) {
	planes, diffDst, src = planes[:len(diffSrc)], diffDst[:len(diffSrc)], src[:len(diffSrc)]
	for j, x := range src {
		p := &planes[j]
		diffSrc[j] = float32(p.byDiff*diffDst[j]) + (float32(p.bySrc*(x-p.centre)) + p.offset)
	}
}
