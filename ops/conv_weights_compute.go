package ops

// compute does one part: a chunk of the output channels of one group, in the items
// of one copy.
func (g *weightGradient) compute(c *call, worker, part int) {
	chunk, part := part%g.chunks.count, part/g.chunks.count
	group, copyOf := part%g.groups, part/g.groups
	lo, hi := g.chunks.bounds(chunk)
	row := g.in * volume(g.size) // weights of an output channel
	gradient := c.out[0]
	if g.copies.count > 1 {
		n := g.groups * g.out * row
		gradient = c.x.Shared(&g.info)[copyOf*n:][:n]
	}
	gradient = gradient[(group*g.out+lo)*row : (group*g.out+hi)*row]
	clear(gradient)

	job := gradientJob{weightGradient: g, call: c, group: group, channels: span{lo, hi}, gradient: gradient}
	scratch := c.x.Worker(&g.info, worker)
	job.src, job.diffDst, job.sums = scratch[:g.stagedSrc], scratch[g.stagedSrc:g.stagedAll], scratch[g.stagedAll:]
	first, end := g.copies.bounds(copyOf)
	for item := first; item < end; item++ {
		job.stage(item)
		job.multiply()
	}
}

// gradientJob is the work of one part.
type gradientJob struct {
	*weightGradient
	call     *call
	group    int
	channels span      // of the group's output
	gradient []float32 // of these channels
	src      []float32 // [sample][input channel], staged
	diffDst  []float32 // [output channel][sample][plane]
	sums     []float32 // of a tile
	staged   int       // samples of the item
}

// stage copies an item's src and diffDst to scratch memory.
func (j *gradientJob) stage(item int) {
	slab := item % j.slabs.total()
	firstSample := item / j.slabs.total() * j.samples
	first, end := j.slabs.bounds(slab)
	j.staged = min(j.samples, j.n-firstSample)
	src, dst := volume(j.sizes(false)), volume(j.sizes(true))
	for s := range j.staged {
		image := (firstSample+s)*j.groups + j.group
		for ch := range j.in {
			from := j.call.in[j.srcOf][(image*j.in+ch)*src:][:src]
			j.staging.stage(j.src[(s*j.in+ch)*j.staging.length:][:j.staging.length], from, first)
		}
		for ch := j.channels.lo; ch < j.channels.hi; ch++ {
			from := j.call.in[j.diffOf][(image*j.out+ch)*dst:][:dst]
			to := j.diffDst[((ch-j.channels.lo)*j.samples+s)*j.slabs.size[0]*j.rows:]
			j.spread(to, from, first, end)
		}
	}
}

// sizes are the spatial sizes of dst, or of src.
func (g *weightGradient) sizes(dst bool) (s [3]int) {
	for a, x := range g.axes {
		s[a] = x.src
		if dst {
			s[a] = x.dst
		}
	}
	return s
}

// spread copies the slab's positions from a channel of diffDst, with zeros between
// the rows and where the slab is shorter than others.
func (j *gradientJob) spread(to, from []float32, first, end [3]int) {
	height, width, pitch := j.axes[1].dst, j.axes[2].dst, j.staging.pitch
	for d := range j.slabs.size[0] {
		for h := range j.slabs.size[1] {
			row := to[:pitch]
			to = to[pitch:]
			z, y := first[0]+d, first[1]+h
			if z >= end[0] || y >= end[1] {
				clear(row)
				continue
			}
			copy(row, from[(z*height+y)*width:][:width])
			clear(row[width:])
		}
	}
}

// multiply adds the item's part of every weight's gradient.
func (j *gradientJob) multiply() {
	blocks := newEvenBlocks(j.channels.hi-j.channels.lo, j.maxRows)
	row := j.in * volume(j.size)
	aStride := j.samples * j.slabs.size[0] * j.rows
	for b := range blocks.count {
		lo, hi := blocks.bounds(b)
		tile := j.kern.dotOffsets[hi-lo]
		for at := 0; at < len(j.weight); at += tile {
			sums := j.sums[:(hi-lo)*tile]
			clear(sums)
			j.kern.dot(dot{
				rows: hi - lo, length: j.staging.run(j.slabs.size[1], j.slabs.size[2]),
				a: j.diffDst[lo*aStride:], b: j.src, aStride: aStride,
				off: j.off[at : at+tile], runs: j.runs[:j.staged*j.slabs.size[0]], sums: sums,
			})
			weights := j.weight[at:min(at+tile, len(j.weight))]
			for i := lo; i < hi; i++ {
				gradient, s := j.gradient[i*row:(i+1)*row], sums[(i-lo)*tile:]
				for k, w := range weights {
					gradient[w] += s[k]
				}
			}
		}
	}
}

// addCopies adds weights lo to hi of all copies.
func (g *weightGradient) addCopies(c *call, lo, hi int) {
	copies := c.x.Shared(&g.info)
	n := len(copies) / g.copies.count
	dst := c.out[0][lo:hi]
	copy(dst, copies[lo:hi])
	for i := 1; i < g.copies.count; i++ {
		for k, v := range copies[i*n+lo : i*n+hi] {
			dst[k] += v
		}
	}
}

// sum writes the bias gradient of one channel.
func (b *biasSource) sum(c *call, n, channel int) {
	total := 0.0
	for s := range n {
		total += sum64(c.in[b.input][(s*b.channels+channel)*b.volume:][:b.volume])
	}
	c.out[1][channel] = float32(total)
}
