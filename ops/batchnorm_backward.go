package ops

// NewBatchNormBackward returns the gradients of [NewBatchNorm]. With
// x̂ = (src − mean)·r, r = 1/√(variance + Eps) and m = N·Spatial (Ioffe & Szegedy,
// ICML 2015, section 3):
//
//	diffBeta  = Σ diffDst
//	diffGamma = Σ diffDst · x̂
//	diffSrc   = gamma·r · (diffDst − diffBeta/m − x̂·diffGamma/m)
//
// diffDst is the gradient before d.Post: an activation that was fused there has
// its own primitive backward. With d.Sum, diffSrc is that of a batch of all parts, with
// the sums and m over all of them; diffGamma and diffBeta are this part's share.
//
//	in:  diffDst [N, C, Spatial], src [N, C, Spatial], gamma [C], mean [C], variance [C]
//	out: diffSrc [N, C, Spatial], which may be diffDst or src; diffGamma [C]; diffBeta [C]
//
// A nil diffGamma or diffBeta is not written.
func NewBatchNormBackward(d BatchNormDesc) (Primitive, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	if d.Layout == NCX16c {
		return newBatchNormBackwardOfCells(d), nil
	}
	l := currentLoops()
	info, d := d.info(l, "backward", 5), d.plain()
	parts, planes := d.parts(), make([]channelPlane, d.C)
	sums := newPartialSums(3, parts)
	add := phase{parts.count(), func(c *call, _, part int) {
		sums.clear(parts, part)
		if parts.columnwise() {
			sums.columnGradientMoments(parts, part, c.in[0], c.in[1], c.in[3])
			return
		}
		parts.eachChannel(part, func(ch, piece, first int, r runs) {
			s := l.gradientMoments(c.in[0][first:], c.in[1][first:], r, c.in[3][ch])
			acc := sums.of(ch, piece)
			for k := range acc {
				acc[k] += s[k]
			}
		})
	}}
	of := func(ch int) gradientSums {
		return gradientSums{sums.total(ch, 0), sums.total(ch, 1), sums.total(ch, 2)}
	}
	keep := func(c *call, ch int, own, all gradientSums, m float64) { planes[ch] = d.gradients(c, ch, own, all, m) }
	write := phase{parts.count(), func(c *call, _, part int) {
		if parts.columnwise() {
			parts.eachRow(part, func(c0, lo, hi int) {
				normaliseColumnsBackward(planes[c0:], c.out[0][lo:hi], c.in[0][lo:hi], c.in[1][lo:hi])
				c.done(lo, hi)
			})
			return
		}
		parts.eachChannel(part, func(ch, _, first int, r runs) {
			l.normaliseBackward(planes[ch], c.out[0][first:], c.in[0][first:], c.in[1][first:], r)
			c.doneRuns(first, r)
		})
	}}
	if d.Sum != nil {
		return newPhased(info, add, d.sharedGradients(of, keep), write).streaming(), nil
	}
	combine := func(c *call, lo, hi int) {
		for ch := lo; ch < hi; ch++ {
			own := of(ch)
			keep(c, ch, own, own, d.elements())
		}
	}
	return newPhased(info, parts.phases(8, add, combine, write)...).streaming(), nil
}

// gradientMomentsPortable returns Σ(src − mean), Σ diffDst and Σ diffDst·(src − mean).
func gradientMomentsPortable(diffDst, src []float32, r runs, mean float32) [3]float64 {
	var s, g, gs laneSums
	m := float64(mean)
	for run := range r.count {
		x, diff := src[run*r.pitch:][:r.length], diffDst[run*r.pitch:][:r.length]
		for len(x) > 0 {
			n := min(len(s), len(x))
			d := diff[:n]
			for j, v := range x[:n] {
				a, da := float64(v)-m, float64(d[j])
				s[j] += a
				g[j] += da
				gs[j] += float64(da * a)
			}
			x, diff = x[n:], diff[n:]
		}
	}
	return [3]float64{s.total(), g.total(), gs.total()}
}

// channelPlane gives diffSrc of a channel as byDiff·diffDst + bySrc·(src − centre) + offset.
type channelPlane struct{ centre, byDiff, bySrc, offset float32 }

func normaliseBackwardPortable(p channelPlane, diffSrc, diffDst, src []float32, r runs) {
	for run := range r.count {
		lo, hi := run*r.pitch, run*r.pitch+r.length
		dx, dy, src := diffSrc[lo:hi], diffDst[lo:hi], src[lo:hi]
		for i, x := range src {
			dx[i] = float32(p.byDiff*dy[i]) + (float32(p.bySrc*(x-p.centre)) + p.offset)
		}
	}
}

// gradientSums are Σ(src − mean), Σ diffDst and Σ diffDst·(src − mean) of a channel.
type gradientSums [3]float64

// gradients writes the gradients of a channel's parameters, from its own sums, and returns
// the plane of its data gradient, from those over all m elements of the batch. The mean of
// the batch, rounded to float32, differs from the true one by what Σ(src − mean) tells;
// that is put right here.
func (d BatchNormDesc) gradients(c *call, ch int, own, all gradientSums, m float64) (p channelPlane) {
	diffBeta, diffGamma := 0.0, 0.0
	if d.N > 0 {
		gamma, mean, r := float64(c.in[2][ch]), c.in[3][ch], d.rstd(float64(c.in[4][ch]))
		missed := all[0] / m
		diffBeta, diffGamma = own[1], (own[2]-missed*own[1])*r
		bySrc := -gamma * r * r * ((all[2] - missed*all[1]) * r) / m
		p = channelPlane{
			centre: mean,
			byDiff: float32(gamma * r),
			bySrc:  float32(bySrc),
			offset: float32(-gamma*r*all[1]/m - bySrc*missed),
		}
	}
	if c.out[1] != nil {
		c.out[1][ch] = float32(diffGamma)
	}
	if c.out[2] != nil {
		c.out[2][ch] = float32(diffBeta)
	}
	return p
}
