package ops

// blockedWeights is the order of the weights of a direct convolution, or of its data
// gradient: for every group, block of result channels and block of summed channels,
// [tap of the kernel][16 summed channels][16 result channels]. With narrow, there is
// one block of summed channels, of as many as there are. Zeros fill up blocks.
type blockedWeights struct {
	groups, in, out int // channels of a group: summed ones, and those of the result
	kernel          [3]int
	backward        bool // the result is src: plain weights are [in][out][kernel]
	narrow          bool
}

// step is the number of summed channels of a block.
func (w *blockedWeights) step() int {
	if w.narrow {
		return w.in
	}
	return Block
}

// inBlock is the number of floats of a pair of blocks.
func (w *blockedWeights) inBlock() int { return volume(w.kernel) * w.step() * Block }

// block is the number of floats of a block of result channels.
func (w *blockedWeights) block() int { return ceilDiv(w.in, w.step()) * w.inBlock() }

func (w *blockedWeights) length() int { return w.groups * ceilDiv(w.out, Block) * w.block() }

// tap is the place of the weights of a tap of the kernel and a block of summed
// channels, in a block of result channels.
func (w *blockedWeights) tap(in, k int) int { return in*w.inBlock() + k*w.step()*Block }

// parts is the number of parts that packing is done in: one for each pair of blocks.
func (w *blockedWeights) parts() int {
	return w.groups * ceilDiv(w.out, Block) * ceilDiv(w.in, w.step())
}

// pairOf is the group and the blocks of a part, and where it lies in packed weights.
func (w *blockedWeights) pairOf(part int) (group int, out, in span, at int) {
	ins, outs := ceilDiv(w.in, w.step()), ceilDiv(w.out, Block)
	i, o := part%ins, part/ins%outs
	in, out = span{i * w.step(), min((i+1)*w.step(), w.in)}, span{o * Block, min((o+1)*Block, w.out)}
	return part / ins / outs, out, in, part * w.inBlock()
}

// pack packs one pair of blocks.
func (w *blockedWeights) pack(k *kernels, packed, plain []float32, part int) {
	group, out, in, at := w.pairOf(part)
	taps := volume(w.kernel)
	plain = plain[group*w.in*w.out*taps:]
	if out.size() < Block || in.size() < w.step() {
		clear(packed[at : at+w.inBlock()])
	}
	for o := out.lo; o < out.hi; o++ {
		for i := in.lo; i < in.hi; i++ {
			from := plain[w.plainAt(o, i)*taps:][:taps]
			to := at + (i-in.lo)*Block + o - out.lo
			for _, v := range from {
				packed[to] = v
				to += w.step() * Block
			}
		}
	}
}

// plainAt is the number of the pair of channels in plain weights.
func (w *blockedWeights) plainAt(out, in int) int {
	if w.backward {
		return in*w.out + out
	}
	return out*w.in + in
}

// unpack writes the plain weights of one pair of blocks.
func (w *blockedWeights) unpack(plain, packed []float32, part int) {
	group, out, in, at := w.pairOf(part)
	taps := volume(w.kernel)
	plain = plain[group*w.in*w.out*taps:]
	for o := out.lo; o < out.hi; o++ {
		for i := in.lo; i < in.hi; i++ {
			to := plain[w.plainAt(o, i)*taps:][:taps]
			from := at + (i-in.lo)*Block + o - out.lo
			for t := range to {
				to[t] = packed[from]
				from += w.step() * Block
			}
		}
	}
}
