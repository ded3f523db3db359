package ops

// packing says where the weights of a gather lie: element k of the kernel between
// result channel o and summed channel i of a group is at
// group·(in·out·volume) + o·outStride + i·inStride + k.
type packing struct {
	kernel              [3]int
	outStride, inStride int
}

// length is the number of floats of the packed weights: every live tap is in one
// component.
func (p *packing) length(g *gather) int { return g.groups * g.in * g.out * g.taps() }

// taps is the number of live taps of all components.
func (g *gather) taps() int {
	last := g.parts[len(g.parts)-1]
	return last.start + len(last.kernel)
}

// weightParts is the number of parts that packing is done in: one for each block
// of result channels of each group.
func (g *gather) weightParts() int {
	if g.n == 0 {
		return 0
	}
	return g.groups * g.outBlocks.count
}

// packed is the place of the weights of a block of result channels, which starts
// at channel lo, in the packed weights of a component. From there they are
// [block of summed channels][tap][summed channel][result channel]: the order in
// which brgemm reads them.
func (g *gather) packed(p *polyphase, group, lo int) int {
	return g.in * (g.out*(group*g.taps()+p.start) + lo*len(p.kernel))
}

func (g *gather) pack(c *call, part int) {
	group, block := part/g.outBlocks.count, part%g.outBlocks.count
	lo, hi := g.outBlocks.bounds(block)
	w := &g.weights
	plain := c.in[1][group*g.in*g.out*volume(w.kernel):]
	for i := range g.parts {
		p := &g.parts[i]
		to := c.x.Shared(&g.info)[g.packed(p, group, lo):]
		for kb := range g.inBlocks.count {
			first, end := g.inBlocks.bounds(kb)
			to = p.pack(&g.kern, to, plain, w, span{lo, hi}, span{first, end})
		}
	}
}

// pack writes one block of summed channels, in, and returns what follows it.
func (p *polyphase) pack(kern *kernels, to, plain []float32, w *packing, out, in span) []float32 {
	rows, ks := out.hi-out.lo, in.hi-in.lo
	if p.neighbours && rows <= Block {
		for i := in.lo; i < in.hi; i++ {
			from := samples{plain[out.lo*w.outStride+i*w.inStride+p.kernel[0]:], w.outStride, rows}
			kern.transpose(to[(i-in.lo)*rows:], ks*rows, rows, from, len(p.kernel), false)
		}
		return to[rows*ks*len(p.kernel):]
	}
	for o := out.lo; o < out.hi; o++ {
		for i := in.lo; i < in.hi; i++ {
			at := (i-in.lo)*rows + o - out.lo
			from := plain[o*w.outStride+i*w.inStride:]
			for _, k := range p.kernel {
				to[at] = from[k]
				at += ks * rows
			}
		}
	}
	return to[rows*ks*len(p.kernel):]
}
