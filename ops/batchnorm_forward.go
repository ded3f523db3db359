package ops

// NewBatchNorm returns batch normalisation with the statistics of the batch. The
// mean and variance of an empty batch are NaN. With d.Sum they are those of all parts
// of the batch.
//
//	in:  src [N, C, Spatial], gamma [C], beta [C]
//	out: dst [N, C, Spatial], which may be src; mean [C]; variance [C]
func NewBatchNorm(d BatchNormDesc) (Primitive, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	if d.Layout == NCX16c {
		return newBatchNormOfCells(d), nil
	}
	l := currentLoops()
	info, d := d.info(l, "forward_training", 3), d.plain()
	parts, lines := d.parts(), make([]channelLine, d.C)
	sums := newPartialSums(2, parts)
	moments := phase{parts.count(), func(c *call, _, part int) {
		src := c.in[0]
		sums.clear(parts, part)
		if parts.columnwise() {
			sums.columnMoments(parts, part, src)
			return
		}
		parts.eachChannel(part, func(ch, piece, first int, r runs) {
			s, q := l.moments(src[first:], r, src[ch*d.Spatial])
			acc := sums.of(ch, piece)
			acc[0] += s
			acc[1] += q
		})
	}}
	of := func(c *call, ch int) batchMoments {
		shift := float32(0)
		if d.N > 0 {
			shift = c.in[0][ch*d.Spatial]
		}
		return d.moments(shift, sums.total(ch, 0), sums.total(ch, 1))
	}
	keep := func(c *call, ch int, b batchMoments) { lines[ch] = d.statistics(c, ch, b) }
	write := d.normalise(l, parts, lines)
	if d.Sum != nil {
		return newPhased(info, moments, d.sharedMoments(of, keep), write).streaming(), nil
	}
	statistics := func(c *call, lo, hi int) {
		for ch := lo; ch < hi; ch++ {
			keep(c, ch, of(c, ch))
		}
	}
	return newPhased(info, parts.phases(4, moments, statistics, write)...).streaming(), nil
}

// NewBatchNormInference returns batch normalisation with given statistics.
//
//	in:  src [N, C, Spatial], gamma [C], beta [C], runningMean [C], runningVariance [C]
//	out: dst [N, C, Spatial], which may be src
func NewBatchNormInference(d BatchNormDesc) (Primitive, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	if d.Layout == NCX16c {
		return newBatchNormInferenceOfCells(d), nil
	}
	l := currentLoops()
	info, d := d.info(l, "forward_inference", 2), d.plain()
	lines := make([]channelLine, d.C)
	prepare := perChannel(d.C, func(c *call, ch int) {
		lines[ch] = d.line(float64(c.in[3][ch]), float64(c.in[4][ch]), c.in[1][ch], c.in[2][ch])
	})
	return newPhased(info, prepare, d.normalise(l, d.parts(), lines)).streaming(), nil
}

// momentsPortable returns Σ(x − shift) and Σ(x − shift)² in float64. With the
// shift an element of the sample, no mean, however large beside the standard
// deviation, cancels digits of the variance away: (mean − shift)² ≤ m·variance.
func momentsPortable(x []float32, r runs, shift float32) (sum, square float64) {
	var s, q laneSums
	k := float64(shift)
	for run := range r.count {
		x := x[run*r.pitch:][:r.length]
		for ; len(x) > 0; x = x[min(len(s), len(x)):] {
			for j, v := range x[:min(len(s), len(x))] {
				a := float64(v) - k
				s[j] += a
				q[j] += float64(a * a)
			}
		}
	}
	return s.total(), q.total()
}

// batchMoments are the mean and the variance of a channel.
type batchMoments struct{ mean, variance float64 }

// moments are those of a channel, from the sums of what its elements differ from a shift
// by, and of the squares of that.
func (d BatchNormDesc) moments(shift float32, sum, square float64) batchMoments {
	m := d.elements()
	shifted := sum / m
	return batchMoments{float64(shift) + shifted, max(square/m-shifted*shifted, 0)}
}

// elements is the number that a channel has.
func (d BatchNormDesc) elements() float64 { return float64(d.N) * float64(d.Spatial) }

// statistics writes the mean and the variance of a channel and returns its line.
func (d BatchNormDesc) statistics(c *call, ch int, b batchMoments) channelLine {
	c.out[1][ch], c.out[2][ch] = float32(b.mean), float32(b.variance)
	return d.line(b.mean, b.variance, c.in[1][ch], c.in[2][ch])
}

// channelLine is the line (x − centre)·slope + offset that normalises a channel.
// The centre is subtracted first, so that a large mean costs no digits.
type channelLine struct{ centre, slope, offset float32 }

func (d BatchNormDesc) line(mean, variance float64, gamma, beta float32) channelLine {
	slope := float64(gamma) * d.rstd(variance)
	centre := float32(mean)
	return channelLine{
		centre: centre,
		slope:  float32(slope),
		offset: float32(float64(beta) + (float64(centre)-mean)*slope), // with what rounding took from the centre
	}
}

// normalise is the phase that writes dst.
func (d BatchNormDesc) normalise(l *loops, parts channelParts, lines []channelLine) phase {
	return phase{parts.count(), func(c *call, _, part int) {
		if parts.columnwise() {
			parts.eachRow(part, func(c0, lo, hi int) {
				dst := c.out[0][lo:hi]
				normaliseColumns(lines[c0:], dst, c.in[0][lo:hi])
				l.post(d.Post, dst)
				c.done(lo, hi)
			})
			return
		}
		parts.eachChannel(part, func(ch, _, first int, r runs) {
			dst := c.out[0][first:]
			l.normalise(lines[ch], dst, c.in[0][first:], r)
			if d.Post.Kind != Identity {
				r.each(func(lo, hi int) { l.post(d.Post, dst[lo:hi]) })
			}
			c.doneRuns(first, r)
		})
	}}
}

func normalisePortable(l channelLine, dst, src []float32, r runs) {
	for run := range r.count {
		dst, src := dst[run*r.pitch:][:r.length], src[run*r.pitch:][:r.length]
		for i, v := range src {
			dst[i] = float32((v-l.centre)*l.slope) + l.offset
		}
	}
}
