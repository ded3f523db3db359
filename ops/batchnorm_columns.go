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

// columnMoments adds to the sums of a part those of its rows.
func (s partialSums) columnMoments(p channelParts, part int, src []float32) {
	piece := part % p.pieces.parts
	p.eachRow(part, func(c0, lo, hi int) {
		shift, at := src[c0:c0+hi-lo], c0*s.pieces+piece
		for j, v := range src[lo:hi] {
			acc := (*[2]float64)(s.sum[2*at:])
			a := float64(v) - float64(shift[j])
			acc[0] += a
			acc[1] += float64(a * a)
			at += s.pieces
		}
	})
}

// columnGradientMoments is the same for [gradientMomentsPortable].
func (s partialSums) columnGradientMoments(p channelParts, part int, diffDst, src, mean []float32) {
	piece := part % p.pieces.parts
	p.eachRow(part, func(c0, lo, hi int) {
		mean, diff, at := mean[c0:c0+hi-lo], diffDst[lo:hi], c0*s.pieces+piece
		for j, v := range src[lo:hi] {
			acc := (*[3]float64)(s.sum[3*at:])
			a, da := float64(v)-float64(mean[j]), float64(diff[j])
			acc[0] += a
			acc[1] += da
			acc[2] += float64(da * a)
			at += s.pieces
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
