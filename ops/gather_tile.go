package ops

// tileJob is the work on one tile: a plane of the slab, for a block of output
// channels.
type tileJob struct {
	*gatherJob
	component *polyphase
	plane     int
	rows      span // of positions
	cols      span
	channels  span // of the group's output
}

// multiply adds the block of input channels. Taps along D that lie outside src are
// left out, and where rows are runs of their own those along H too.
func (t *tileJob) multiply(tile []float32) {
	p := t.component
	d, all := p.planes[t.plane-p.axes[0].lo], span{0, p.counts[1]}
	if !t.work.rowwise {
		t.addTaps(tile, t.rows, d, all)
		return
	}
	for h := t.rows.lo; h < t.rows.hi; h++ {
		t.addTaps(tile[(h-t.rows.lo)*t.rowPitch:], span{h, h + 1}, d, p.rows[h-p.axes[1].lo])
	}
}

// addTaps adds the taps d along D and h along H to a run of rows.
func (t *tileJob) addTaps(tile []float32, rows, d, h span) {
	nh, nw := t.component.counts[1], t.component.counts[2]
	if h.size() == nh || d.size() == 0 {
		t.addRun(tile, rows, span{d.lo * nh * nw, d.hi * nh * nw}, t.inBlock > 0)
		return
	}
	for k := d.lo; k < d.hi; k++ {
		t.addRun(tile, rows, span{(k*nh + h.lo) * nw, (k*nh + h.hi) * nw}, t.inBlock > 0 || k > d.lo)
	}
}

// addRun adds neighbouring taps to a run of rows.
func (t *tileJob) addRun(tile []float32, rows, taps span, accumulate bool) {
	p, s := t.component, &t.staging
	m, ks := t.channels.size(), t.k.size()
	packed := t.call.x.Shared(&t.info)[t.packed(p, t.group, t.channels.lo):]
	start := s.position(rows.lo-t.slab.rows.lo, t.cols.lo)
	t.kern.brgemm(brgemm{
		rows: m, cols: s.run(rows.size(), t.cols.size()), k: ks,
		a: packed[m*(t.k.lo*len(p.kernel)+taps.lo*ks):],
		b: t.staged[min(start, len(t.staged)):], c: tile,
		off: p.off[t.plane%s.cells[0]][taps.lo:taps.hi], bStride: s.length, cStride: t.channel, accumulate: accumulate,
	})
}

// unstage gives the tile bias and activation, and copies its rows to dst.
func (t *tileJob) unstage(tile []float32) {
	ax, c := &t.axes, t.component.axes
	z := t.plane*ax[0].dstStep + c[0].dstOrigin
	x := t.cols.lo*ax[2].dstStep + c[2].dstOrigin
	length := t.cols.size() * t.staging.lanes
	for ch := t.channels.lo; ch < t.channels.hi; ch++ {
		dst := newBatchRow(t.call.out[0], t.to, t.samples, t.groups*t.out, t.group*t.out+ch, t.dst)
		rows := tile[(ch-t.channels.lo)*t.channel:]
		for h := t.rows.lo; h < t.rows.hi; h++ {
			row := rows[(h-t.rows.lo)*t.rowPitch:][:length]
			t.finish(row, t.group*t.out+ch)
			y := h*ax[1].dstStep + c[1].dstOrigin
			t.kern.unstage(dst.from((z*ax[1].dst+y)*ax[2].dst+x), row, ax[2].dstStep, t.staging.lanes)
		}
	}
}

// finish gives a row of an output channel bias and activation.
func (t *tileJob) finish(row []float32, channel int) {
	if t.bias {
		bias := t.call.in[2][channel]
		for i := range row {
			row[i] += bias
		}
	}
	t.kern.loops.post(t.post, row)
}
