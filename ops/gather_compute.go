package ops

// compute does part number part: a chunk of blocks of output channels, in one slab
// of one group of one sample.
func (g *gather) compute(c *call, worker, part int) {
	chunk := part % g.chunks.count
	slab := part / g.chunks.count % g.slabs.total()
	image := part / g.chunks.count / g.slabs.total() // sample · groups + group
	first, end := g.slabs.bounds(slab)

	scratch := c.x.Worker(&g.info, worker)
	staged := scratch[:g.in*g.staging.length]
	tile := scratch[RoundUp(len(staged)):]
	for ch := range g.in {
		src := c.in[0][(image*g.in+ch)*g.src:][:g.src]
		g.staging.stage(staged[ch*g.staging.length:][:g.staging.length], src, first)
	}
	firstBlock, endBlock := g.chunks.bounds(chunk)
	for i := range g.parts {
		p := &g.parts[i]
		box := p.inside(first, end)
		if box[0].lo >= box[0].hi || box[1].lo >= box[1].hi {
			continue
		}
		for b := firstBlock; b < endBlock; b++ {
			lo, hi := g.blocks.bounds(b)
			job := gatherJob{gather: g, polyphase: p, call: c, image: image, first: first, box: box, channels: span{lo, hi}}
			for d := box[0].lo; d < box[0].hi; d++ {
				job.multiply(tile, staged, d)
				job.unstage(tile, d)
			}
		}
	}
}

// inside is the part of a slab at whose positions the component has elements.
func (p *polyphase) inside(first, end [3]int) (box [3]span) {
	for a, x := range p.axes {
		box[a] = span{max(first[a], x.lo), min(end[a], x.hi)}
	}
	return box
}

// gatherJob is the work on one component, slab and block of output channels.
type gatherJob struct {
	*gather
	*polyphase
	call     *call
	image    int // sample · groups + group
	first    [3]int
	box      [3]span // positions
	channels span    // of the group's output
}

func (j *gatherJob) size(a int) int { return j.box[a].hi - j.box[a].lo }

// multiply sums one plane of positions into the tile, one block of input channels
// after the other.
func (j *gatherJob) multiply(tile, staged []float32, d int) {
	rows := j.channels.hi - j.channels.lo
	group := j.image % j.groups
	packed := j.call.x.Shared(&j.info)[j.packed(j.polyphase, group, j.channels.lo):]
	start := j.staging.position(d-j.first[0], j.box[1].lo-j.first[1], j.box[2].lo-j.first[2])
	for kb := range j.kBlocks.count {
		lo, hi := j.kBlocks.bounds(kb)
		j.kern.brgemm(brgemm{
			rows: rows, cols: j.staging.run(j.size(1), j.size(2)), k: hi - lo,
			a: packed[rows*lo*len(j.off):], b: staged[min(lo*j.staging.length+start, len(staged)):], c: tile,
			off: j.off, bStride: j.staging.length, cStride: j.tileRow, accumulate: kb > 0,
		})
	}
}

// unstage copies the rows of a plane from the tile to dst.
func (j *gatherJob) unstage(tile []float32, d int) {
	dd, dh, dw := j.polyphase.axes[0], j.polyphase.axes[1], j.polyphase.axes[2]
	ax := &j.gather.axes
	z := d*ax[0].dstStep + dd.dstOrigin
	x := j.box[2].lo*ax[2].dstStep + dw.dstOrigin
	for ch := j.channels.lo; ch < j.channels.hi; ch++ {
		channel := j.image%j.groups*j.out + ch
		bias := float32(0)
		if j.bias {
			bias = j.call.in[2][channel]
		}
		dst := j.call.out[0][(j.image*j.out+ch)*j.dst:][:j.dst]
		row := tile[(ch-j.channels.lo)*j.tileRow:]
		for h := j.box[1].lo; h < j.box[1].hi; h++ {
			y := h*ax[1].dstStep + dh.dstOrigin
			cropped := row[:j.size(2)]
			row = row[min(j.staging.pitch, len(row)):]
			if j.bias {
				for i := range cropped {
					cropped[i] += bias
				}
			}
			j.post.apply(cropped)
			interleave(dst[(z*ax[1].dst+y)*ax[2].dst+x:], cropped, ax[2].dstStep)
		}
	}
}

// interleave copies src to every step-th element of dst.
func interleave(dst, src []float32, step int) {
	if step == 1 {
		copy(dst, src)
		return
	}
	at := 0
	for _, v := range src {
		dst[at] = v
		at += step
	}
}
