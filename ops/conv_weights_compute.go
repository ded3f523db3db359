package ops

// gradientJob is one part: a chunk of the output channels of one group, in the
// items of one copy.
type gradientJob struct {
	*weightGradient
	place
	call     *call
	channels span      // of the group's output
	sums     []float32 // [output channel][block of input channels], and then as offsets lists them
	src      []float32 // [input channel], staged or as it lies in memory
	diff     []float32 // [output channel], a staged plane
	k        span      // the block of input channels
}

func (g *weightGradient) compute(c *call, worker, part int) {
	j := gradientJob{weightGradient: g, call: c, channels: g.channels(part % g.work.chunks.count)}
	part /= g.work.chunks.count
	j.group = part % g.groups
	first := (part*g.out + j.channels.lo) * g.row() // [copy][group][output channel]
	j.sums = c.x.Shared(&g.info)[first:][:j.channels.size()*g.row()]
	clear(j.sums)
	scratch, staged := c.x.Worker(&g.info, worker), g.staged()
	j.src, j.diff = scratch[:staged], scratch[staged:]
	item, end := g.copies.bounds(part / g.groups)
	for ; item < end; item++ {
		j.slab = g.work.slabs.at(item % g.work.slabs.total())
		j.samples.lo, j.samples.hi = g.work.samples.bounds(item / g.work.slabs.total())
		for i := range g.inBlocks.count {
			j.k.lo, j.k.hi = g.inBlocks.bounds(i)
			if g.work.inSrc {
				j.src = g.source(c.in[g.srcOf], &j.place, j.k.lo).data
			}
			j.add()
		}
	}
}

// add adds what an item gives to the gradient of a block of input channels.
func (j *gradientJob) add() {
	next := j.slab.planes.lo // cell of D to stage
	for d := j.slab.planes.lo; d < j.slab.planes.hi; d++ {
		for ; next < d+j.axes[0].reach && !j.work.inSrc; next++ {
			j.stageCell(j.src, j.call.in[j.srcOf], &j.place, j.k, next)
		}
		diff := j.diff
		if j.direct {
			diff = j.diffOfPlane(d, j.channels.lo).from(j.slab.rows.lo * j.axes[2].dst).data
		} else {
			j.stageDiff(d)
		}
		blocks := newEvenBlocks(j.channels.size(), j.kern.dotRows)
		for b := range blocks.count {
			lo, hi := blocks.bounds(b)
			for h := j.slab.rows.lo; h < j.slab.rows.hi; h += j.atOnce {
				rows := span{h, min(h+j.atOnce, j.slab.rows.hi)}
				j.addRows(diff[lo*j.stride:], span{lo, hi}, d, rows)
			}
		}
	}
}

// stageDiff copies a plane of diffDst to scratch memory, with zeros between rows.
func (j *gradientJob) stageDiff(d int) {
	width, lanes := j.axes[2].dst, j.staging.lanes
	for ch := j.channels.lo; ch < j.channels.hi; ch++ {
		from := j.diffOfPlane(d, ch)
		to := j.diff[(ch-j.channels.lo)*j.stride:]
		for h := j.slab.rows.lo; h < j.slab.rows.hi; h++ {
			row := to[:j.pitch]
			to = to[j.pitch:]
			j.kern.stage(row[:width*lanes], from.from(h*width), 1, lanes)
			clear(row[width*lanes:])
		}
	}
}

// diffOfPlane is a plane of diffDst as it lies in memory, from an output channel on.
func (j *gradientJob) diffOfPlane(d, channel int) batchRow {
	plane := j.axes[1].dst * j.axes[2].dst
	all := newBatchRow(j.call.in[j.diffOf], j.to, j.samples, j.groups*j.out, j.group*j.out+channel, j.axes[0].dst*plane)
	return all.from(d * plane)
}

// addRows adds some rows of plane d to a block of output channels. Taps that lie
// outside src are left out, row by row where they do so only in some.
func (j *gradientJob) addRows(diff []float32, channels span, d int, rows span) {
	nh, nw := j.taps.counts[1], j.taps.counts[2]*j.k.size()
	planes := j.taps.inside[0][d]
	if j.allInside(rows) {
		j.dot(diff, channels, d, rows, span{planes.lo * nh * nw, planes.hi * nh * nw})
		return
	}
	for kd := planes.lo; kd < planes.hi; kd++ {
		for kh := range nh {
			inside := span{}
			for h := rows.lo; h < rows.hi; h++ {
				if kh < j.taps.inside[1][h].lo || kh >= j.taps.inside[1][h].hi {
					continue
				}
				if inside.hi == 0 {
					inside.lo = h
				}
				inside.hi = h + 1
			}
			if first := (kd*nh + kh) * nw; inside.size() > 0 {
				j.dot(diff, channels, d, inside, span{first, first + nw})
			}
		}
	}
}

// allInside says that no tap along H lies outside src at any of the rows.
func (j *gradientJob) allInside(rows span) bool {
	for _, taps := range j.taps.inside[1][rows.lo:rows.hi] {
		if taps.size() < j.taps.counts[1] {
			return false
		}
	}
	return true
}

// dot adds rows of plane d to the gradient of some taps, numbered as offsets lists
// them.
func (j *gradientJob) dot(diff []float32, channels span, d int, rows, taps span) {
	first := rows.lo - j.slab.rows.lo
	runs, length := j.runs[first:first+rows.size()], j.axes[2].positions*j.staging.lanes
	if !j.work.rowwise {
		runs, length = runs[:1], j.staging.run(rows.size(), j.axes[2].positions)
	}
	row := j.row()
	j.kern.dot(dot{
		rows: channels.size(), length: length, aStride: j.stride, sumStride: row,
		a: diff, b: j.src, bStart: j.staging.position(d, j.slab.rows.lo, 0, j.slab.rows.lo),
		off:  j.off[j.k.size()][d%j.staging.phases()][taps.lo:taps.hi],
		runs: runs, sums: j.sums[channels.lo*row+j.k.lo*len(j.taps.kernel)+taps.lo:],
	})
}
