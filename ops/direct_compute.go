package ops

// directJob is one part of a direct convolution.
type directJob struct {
	*direct
	place
	call          *call
	src           []float32
	origin        [3]int // see direct.origin
	weights, bias []float32
	tile          span // of blocks of output channels
	pass          int
}

func (g *direct) compute(c *call, worker, part int) {
	j := directJob{direct: g, place: g.work.place(part), call: c, src: c.in[0]}
	j.origin = g.origin(j.slab)
	j.weights, j.bias = g.operands(c)
	switch {
	case g.source.shared:
		j.src = c.x.Shared(&g.info)[g.stagedAt():]
	case g.source.staged > 0:
		j.src = c.x.Worker(&g.info, worker)
		g.stage(j.src, c.in[0], &j.place, span{0, g.inBlocks()})
	}
	for t := j.blocks.lo; t < j.blocks.hi; t++ {
		j.tile.lo, j.tile.hi = g.tiles.bounds(t)
		for j.pass = range g.passes.count {
			for n := j.samples.lo; n < j.samples.hi; n++ {
				for p := range g.parts {
					j.addPart(&g.parts[p], n)
				}
				if j.pass == g.passes.count-1 {
					j.chainSample(n)
				}
			}
		}
	}
}

// addPart does the rows of one component that the slab has: neighbours that have the
// same taps at once.
func (j *directJob) addPart(p *directPart, n int) {
	planes, rows := p.axes[0].and(j.slab.planes), p.axes[1].and(j.slab.rows)
	for d := planes.lo; d < planes.hi; d++ {
		for h := rows.lo; h < rows.hi; {
			end := h + 1
			for end < rows.hi && p.pass(d, end, j.pass) == p.pass(d, h, j.pass) {
				end++
			}
			j.addRows(p, n, d, span{h, end})
			h = end
		}
	}
}

// addRows does rows with the same taps.
func (j *directJob) addRows(p *directPart, n, d int, rows span) {
	s, ax, h := &j.source, &j.axes, rows.lo
	pass := p.pass(d, h, j.pass)
	cols := p.axes[2].span
	from := j.sampleAt(&j.place, n) + (d*ax[0].step-j.origin[0])*s.plane + (h*ax[1].step-j.origin[1])*s.row +
		(cols.lo*ax[2].step-j.origin[2])*s.pixel + pass.first

	z, y := d*ax[0].dstStep+p.axes[0].dstOrigin, h*ax[1].dstStep+p.axes[1].dstOrigin
	x := cols.lo*ax[2].dstStep + p.axes[2].dstOrigin
	first := j.group*j.outBlocks() + j.tile.lo
	to := (n*j.groups*j.outBlocks()+first)*j.dst + (z*ax[1].dst+y)*ax[2].dst + x

	t := blocked{
		role: j.role,
		rows: cols.size(), blocks: j.tile.size(),
		a: j.src[min(max(from, 0), len(j.src)):], b: j.weights[first*j.direct.weights.block():], c: j.call.out[0][to*Block:],
		taps: pass.taps, aRow: ax[2].step * s.pixel, aStep: 1,
		bVector: j.direct.weights.block(), cRow: ax[2].dstStep * Block, cVector: j.dst * Block,
		lines: rows.size(), aLine: ax[1].step * s.row, cLine: ax[1].dstStep * ax[2].dst * Block,
		accumulate: j.pass > 0,
	}
	if j.bias != nil && j.pass == 0 {
		t.bias = j.bias[first*Block:]
	}
	if pass.taps.steps == 0 && j.bias == nil && j.post.keepsZero() {
		t.clear()
		return
	}
	last := j.pass == j.passes.count-1
	if last && j.post.Kind <= LeakyReLU {
		t.post = j.post
	}
	j.kern.blocked(t)
	if last && j.post.Kind > LeakyReLU {
		j.activate(&t)
	}
}

// activate applies an activation that the kernel does not know.
func (j *directJob) activate(t *blocked) {
	for b := range t.blocks {
		for line := range t.lines {
			for i := range t.rows {
				j.kern.loops.post(j.post, t.c[b*t.cVector+line*t.cLine+i*t.cRow:][:Block])
			}
		}
	}
}
