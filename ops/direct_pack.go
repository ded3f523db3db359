package ops

// blockedWeights is the order of the weights of a direct convolution, or of its data
// gradient: for every group, block of result channels and block of summed channels,
// [tap of the kernel][16 summed channels][16 result channels]. With narrow, there is
// one block of summed channels, of as many as there are. Zeros fill up blocks.
// With depthwise, a block of channels has [tap of the kernel][16 channels].
type blockedWeights struct {
	groups, in, out int // channels of a group: summed ones, and those of the result
	kernel          [3]int
	backward        bool // the result is src: plain weights are [in][out][kernel]
	narrow          bool
	depthwise       bool // each channel is a group; groups counts blocks, of 16 channels in and out
	channels        int  // with depthwise
}

// step is the number of summed channels of a block.
func (w *blockedWeights) step() int {
	switch {
	case w.narrow:
		return w.in
	case w.depthwise:
		return 1
	}
	return Block
}

// inBlock is the number of floats of a pair of blocks.
func (w *blockedWeights) inBlock() int { return volume(w.kernel) * w.step() * Block }

// block is the number of floats of a block of result channels.
func (w *blockedWeights) block() int { return w.pairs() * w.inBlock() }

func (w *blockedWeights) length() int { return w.groups * ceilDiv(w.out, Block) * w.block() }

// tap is the place of the weights of a tap of the kernel and a block of summed
// channels, in a block of result channels.
func (w *blockedWeights) tap(in, k int) int { return in*w.inBlock() + k*w.step()*Block }

// pairs is the number of blocks of summed channels for each block of result channels.
func (w *blockedWeights) pairs() int {
	if w.depthwise {
		return 1
	}
	return ceilDiv(w.in, w.step())
}

// parts is the number of parts that packing is done in: one for each pair of blocks.
func (w *blockedWeights) parts() int { return w.groups * ceilDiv(w.out, Block) * w.pairs() }

// pairOf is the group and the blocks of a part, and where it lies in packed weights.
func (w *blockedWeights) pairOf(part int) (group int, out, in span, at int) {
	ins, outs := w.pairs(), ceilDiv(w.out, Block)
	i, o := part%ins, part/ins%outs
	in, out = span{i * w.step(), min((i+1)*w.step(), w.in)}, span{o * Block, min((o+1)*Block, w.out)}
	return part / ins / outs, out, in, part * w.inBlock()
}

// pack packs one pair of blocks.
func (w *blockedWeights) pack(k *kernels, packed, plain []float32, part int) {
	_, out, in, at := w.pairOf(part)
	if out.size() < Block || in.size() < w.step() {
		clear(packed[at : at+w.inBlock()])
	}
	w.transpose(k, packed, plain, part, false)
}

// unpack writes the plain weights of one pair of blocks.
func (w *blockedWeights) unpack(k *kernels, plain, packed []float32, part int) {
	w.transpose(k, packed, plain, part, true)
}

// transpose moves the weights of a pair of blocks. In plain memory the taps of a pair
// of channels are a row, and rows of result channels become lanes.
func (w *blockedWeights) transpose(k *kernels, packed, plain []float32, part int, apart bool) {
	group, out, in, at := w.pairOf(part)
	taps, between := volume(w.kernel), w.in
	if w.backward {
		between = 1
	}
	if w.depthwise {
		first := part * Block
		k.transpose(packed[at:], Block, Block, samples{plain[first*taps:], taps, min(Block, w.channels-first)}, taps, apart)
		return
	}
	plain = plain[group*w.in*w.out*taps:]
	if taps == 1 && !w.backward { // the row of a result channel goes on with other channels
		k.transpose(packed[at:], Block, Block, samples{plain[out.lo*w.in+in.lo:], w.in, out.size()}, in.size(), apart)
		return
	}
	for i := in.lo; i < in.hi; i++ {
		first := out.lo*w.in + i
		if w.backward {
			first = i*w.out + out.lo
		}
		to, rows := packed[at+(i-in.lo)*Block:], samples{plain[first*taps:], between * taps, out.size()}
		if taps == 1 && !apart { // lanes are neighbours
			copy(to[:out.size()], rows.data)
		} else {
			k.transpose(to, w.step()*Block, Block, rows, taps, apart)
		}
	}
}
