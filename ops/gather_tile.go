package ops

// tileJob is the work on one tile: a plane of the slab, for a block of output
// channels.
type tileJob struct {
	*gatherJob
	part      int // number of the component
	component *polyphase
	plane     int
	rows      span // of positions
	cols      span
	channels  span // of the group's output
}

// sums is where a tile is: its channels are channel floats apart, and of each the
// positions of row h and column w are at origin + h·rowPitch + w·lanes. (It is no field of
// tileJob, for then that would escape to the heap.)
type sums struct {
	data                             []float32
	origin, rowPitch, lanes, channel int
}

// from is what begins at a position.
func (s *sums) from(h, w int) []float32 { return s.data[s.origin+h*s.rowPitch+w*s.lanes:] }

// compute adds the block of input channels and, after the last, finishes the rows while
// they are in the cache.
func (t *tileJob) compute(to sums) {
	if !t.work.rowwise {
		t.add(to, t.rows)
	}
	for h := t.rows.lo; h < t.rows.hi; h++ {
		if t.work.rowwise {
			t.add(to, span{h, h + 1})
		}
		if t.inBlock == t.inBlocks.count-1 {
			t.finish(to, h)
		}
	}
}

// add adds the block of input channels to a run of rows. Taps along D that lie outside
// src are left out, and where rows are runs of their own so are those along H and W.
func (t *tileJob) add(to sums, rows span) {
	p, s, plan := t.component, &t.staging, t.rowPlans[t.part]
	inside := p.inside[0][t.plane-p.axes[0].lo]
	planes := p.planes[t.plane%s.phases()][inside.lo:inside.hi]
	m, ks := t.channels.size(), t.k.size()
	a := t.call.x.Shared(&t.info)[t.packed(p, t.group, t.channels.lo)+m*t.k.lo*len(p.kernel):][:m*ks*len(p.kernel)]
	for i := range plan.runs {
		run := &plan.runs[i]
		k, bStride := ks, s.length
		if plan.across {
			k, bStride = run.taps.size(), plan.step
		}
		t.kern.brgemm(brgemm{
			rows: m, cols: s.run(rows.size(), run.span.size()), k: k,
			a: a, b: t.src, bStart: s.position(t.plane, rows.lo, run.span.lo, t.slab.rows.lo), c: to.from(rows.lo, run.span.lo),
			planes: planes, taps: run.lists[plan.height[rows.lo-p.axes[1].lo]],
			aStride: m * ks, bStride: bStride, cStride: to.channel, accumulate: t.inBlock > 0,
		})
	}
}

// finish gives a row bias and activation and, unless its sums are in dst, copies it
// there.
func (t *tileJob) finish(from sums, h int) {
	ax, c := &t.axes, t.component.axes
	for ch := t.channels.lo; ch < t.channels.hi; ch++ {
		row := from.from(h, t.cols.lo)[(ch-t.channels.lo)*from.channel:][:t.cols.size()*t.staging.lanes]
		t.activate(row, t.group*t.out+ch)
		if !t.direct {
			y, x := h*ax[1].dstStep+c[1].dstOrigin, t.cols.lo*ax[2].dstStep+c[2].dstOrigin
			t.kern.unstage(t.dstPlane(ch).from(y*ax[2].dst+x), row, ax[2].dstStep, t.staging.lanes)
		}
	}
}

// dstPlane is the plane of dst, of an output channel.
func (t *tileJob) dstPlane(channel int) batchRow {
	dst := newBatchRow(t.call.out[0], t.to, t.samples, t.groups*t.out, t.group*t.out+channel, t.dst)
	z := t.plane*t.axes[0].dstStep + t.component.axes[0].dstOrigin
	return dst.from(z * t.axes[1].dst * t.axes[2].dst)
}

// activate gives a row of an output channel bias and activation.
func (t *tileJob) activate(row []float32, channel int) {
	if t.bias {
		t.kern.loops.shift(row, row, t.call.in[2][channel])
	}
	t.kern.loops.post(t.post, row)
}
