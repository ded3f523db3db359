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
			for n := j.samples.lo; n < j.samples.hi; {
				samples := span{n, n + 1}
				if j.abreast {
					samples = j.samples
				}
				j.addParts(samples)
				for ; n < samples.hi; n++ {
					if j.pass == g.passes.count-1 {
						j.chainSample(n)
					}
				}
			}
		}
	}
}

// addParts does what the slab has of some samples: one, or those that are rows of a tile.
// Where components have no taps all is set to zero first, piece by piece, for they take
// turns with those that have.
func (j *directJob) addParts(samples span) {
	zeros := j.gaps && j.bias == nil && j.post.keepsZero()
	if zeros && j.pass == 0 {
		for n := samples.lo; n < samples.hi; n++ {
			j.clearSample(n)
		}
	}
	for i := range j.parts {
		if p := &j.parts[i]; !zeros || p.hasTaps() {
			j.addPart(p, samples)
		}
	}
}

// addPart does what the slab has of one component of some samples.
func (j *directJob) addPart(p *directPart, samples span) {
	planes, rows := p.axes[0].and(j.slab.planes), p.axes[1].and(j.slab.rows)
	for d := planes.lo; d < planes.hi; d++ {
		if !j.abreast {
			j.addLines(p, samples, [3]int{d, rows.lo, p.axes[2].lo}, 1, rows.hi)
			continue
		}
		for h := rows.lo; h < rows.hi; h++ {
			j.addLines(p, samples, [3]int{d, h, p.axes[2].lo}, 2, p.axes[2].hi)
		}
	}
}

// addLines does the lines from a position to the end of an axis, of which each is a row
// of positions or the samples of one: neighbours that have the same taps at once.
func (j *directJob) addLines(p *directPart, samples span, at [3]int, axis, end int) {
	for at[axis] < end {
		pass, from := p.pass(at, j.pass), at
		for at[axis]++; at[axis] < end && p.pass(at, j.pass) == pass; at[axis]++ {
		}
		j.addRun(p, pass, samples, from, at[axis]-from[axis])
	}
}

// addRun does lines with the same taps, from a position on.
func (j *directJob) addRun(p *directPart, pass *directPass, samples span, at [3]int, lines int) {
	s, ax := &j.source, &j.axes
	from, to := j.sampleAt(&j.place, samples.lo)+pass.first, 0
	for a, distance := range [3]int{s.plane, s.row, s.pixel} {
		from += (at[a]*ax[a].step - j.origin[a]) * distance
		to = to*ax[a].dst + at[a]*ax[a].dstStep + p.axes[a].dstOrigin
	}
	first, sample := j.group*j.outBlocks()+j.tile.lo, j.groups*j.outBlocks()*j.dst
	to += samples.lo*sample + first*j.dst
	t := blocked{
		role: j.role, blocks: j.tile.size(), lines: lines,
		a: j.src[min(max(from, 0), len(j.src)):], b: j.weights[first*j.direct.weights.block():], c: j.call.out[0][to*Block:],
		taps: pass.taps, aStep: 1, bVector: j.direct.weights.block(), cVector: j.dst * Block,
		accumulate: j.pass > 0,
	}
	pixel, dstPixel := ax[2].step*s.pixel, ax[2].dstStep*Block
	if j.abreast {
		t.rows, t.aRow, t.cRow = samples.size(), s.sample, sample*Block
		t.aLine, t.cLine = pixel, dstPixel
	} else {
		t.rows, t.aRow, t.cRow = p.axes[2].size(), pixel, dstPixel
		t.aLine, t.cLine = ax[1].step*s.row, ax[1].dstStep*ax[2].dst*Block
	}
	j.addTile(&t, first)
}

// addTile completes what the blocks of channels from first on need, and calls the
// kernel.
func (j *directJob) addTile(t *blocked, first int) {
	if j.bias != nil && j.pass == 0 {
		t.bias = j.bias[first*Block:]
	}
	if t.taps.steps == 0 && j.bias == nil && j.post.keepsZero() {
		t.clear()
		return
	}
	last := j.pass == j.passes.count-1
	if last && j.post.Kind <= LeakyReLU {
		t.post = j.post
	}
	j.kern.blocked(*t)
	if last && j.post.Kind > LeakyReLU {
		j.activate(t)
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
