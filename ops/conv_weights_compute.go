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

// rowsFrom are as many rows as a dot takes at once, from one on. If most are alike, so are
// they.
func (j *gradientJob) rowsFrom(h int) span {
	rows, inside := span{h, h + 1}, j.taps.inside[1]
	for rows.hi < j.slab.rows.hi && rows.size() < j.atOnce && (!j.alike || inside[rows.hi] == inside[h]) {
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

// addRows adds some rows of plane d to a block of output channels. Taps that lie outside
// src are left out: along H row by row, unless the rows are alike.
func (j *gradientJob) addRows(diff []float32, channels span, d int, rows span) {
	nh := j.taps.counts[1]
	planes, inside := j.taps.inside[0][d], j.taps.inside[1][rows.lo]
	for i := range j.tapGroups {
		t := gradientTaps{gradientJob: j, group: &j.tapGroups[i], channels: channels, plane: d}
		if j.alike && inside.size() == nh {
			t.dot(diff, rows, planes, span{0, nh})
			continue
		}
		for kd := planes.lo; kd < planes.hi; kd++ {
			if j.alike {
				t.dot(diff, rows, span{kd, kd + 1}, inside)
				continue
			}
			for kh := range nh {
				t.dot(diff, j.rowsOf(kh, rows), span{kd, kd + 1}, span{kh, kh + 1})
			}
		}
	}
}

// rowsOf are those of some rows for which tap kh along H lies inside src.
func (j *gradientJob) rowsOf(kh int, rows span) (inside span) {
	for h := rows.lo; h < rows.hi; h++ {
		if taps := j.taps.inside[1][h]; kh >= taps.lo && kh < taps.hi {
			inside = inside.hull(span{h, h + 1})
		}
	}
	return inside
}

// gradientTaps is the work on a group of taps, of a plane and a block of output channels.
type gradientTaps struct {
	*gradientJob
	group    *tapGroup
	channels span
	plane    int
}

// dot adds rows to the gradients of taps d along D and h along H, the latter all of them
// or those of one tap along D.
func (t *gradientTaps) dot(diff []float32, rows, d, h span) {
	if rows.size() == 0 || d.size() == 0 || h.size() == 0 {
		return
	}
	s, order, row, cols := &t.staging, t.orders[t.k.size()], t.row(), t.group.cols
	runs, length := rows.size(), cols.size()*s.lanes
	if !t.work.rowwise {
		runs, length = 1, s.run(rows.size(), cols.size())
	}
	nd, nh, width := t.taps.counts[0], t.taps.counts[1], t.k.size()*t.group.taps.size()
	first := t.group.taps.lo*nd*nh*t.k.size() + (d.lo*nh+h.lo)*width
	count := ((d.size()-1)*nh + h.size()) * width
	t.kern.dot(dot{
		rows: t.channels.size(), runs: runs, length: length,
		a: diff[(rows.lo-t.slab.rows.lo)*t.pitch+cols.lo*s.lanes:], aStride: t.stride, aStep: t.pitch,
		b: t.src, bStart: s.position(t.plane, rows.lo, cols.lo, t.slab.rows.lo), bStep: s.position(0, 1, 0, 0),
		off:  order.off[t.plane%s.phases()][first:][:count],
		sums: t.sums[t.channels.lo*row+t.k.lo*len(t.taps.kernel)+first:], sumStride: row,
	})
}
