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
			for rows := (span{hi: j.slab.rows.lo}); rows.hi < j.slab.rows.hi; {
				rows = j.rowsFrom(rows.hi)
				j.addRows(diff[lo*j.stride:], span{lo, hi}, d, rows)
			}
		}
	}
}

// rowsFrom are as many rows as a dot takes at once, from one on, for which the same taps
// along H lie inside src.
func (j *gradientJob) rowsFrom(h int) span {
	rows, inside := span{h, h + 1}, j.taps.inside[1]
	for rows.hi < j.slab.rows.hi && rows.size() < j.atOnce && inside[rows.hi] == inside[h] {
		rows.hi++
	}
	return rows
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
// outside src are left out.
func (j *gradientJob) addRows(diff []float32, channels span, d int, rows span) {
	nd, nh := j.taps.counts[0], j.taps.counts[1]
	planes, inside := j.taps.inside[0][d], j.taps.inside[1][rows.lo]
	for _, group := range j.tapGroups {
		row := j.k.size() * group.taps.size() // sums of a tap along D and H
		first := group.taps.lo * nd * nh * j.k.size()
		if inside.size() == nh {
			j.dot(diff, channels, d, rows, group.cols, span{first + planes.lo*nh*row, first + planes.hi*nh*row})
			continue
		}
		for kd := planes.lo; kd < planes.hi; kd++ {
			j.dot(diff, channels, d, rows, group.cols, span{first + (kd*nh+inside.lo)*row, first + (kd*nh+inside.hi)*row})
		}
	}
}

// dot adds rows and columns of plane d to some sums, numbered as newOrder does.
func (j *gradientJob) dot(diff []float32, channels span, d int, rows, cols, numbers span) {
	s, order, row := &j.staging, j.orders[j.k.size()], j.row()
	runs, length := rows.size(), cols.size()*s.lanes
	if !j.work.rowwise {
		runs, length = 1, s.run(rows.size(), cols.size())
	}
	j.kern.dot(dot{
		rows: channels.size(), runs: runs, length: length,
		a: diff[(rows.lo-j.slab.rows.lo)*j.pitch+cols.lo*s.lanes:], aStride: j.stride, aStep: j.pitch,
		b: j.src, bStart: s.position(d, rows.lo, cols.lo, j.slab.rows.lo), bStep: s.position(0, 1, 0, 0),
		off:  order.off[d%s.phases()][numbers.lo:numbers.hi],
		sums: j.sums[channels.lo*row+j.k.lo*len(j.taps.kernel)+numbers.lo:], sumStride: row,
	})
}
