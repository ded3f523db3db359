package ops

// samples are a row of several samples: that of sample i starts at data[i·stride].
type samples struct {
	data          []float32
	stride, count int
}

// from is what lies at elements further on in every sample.
func (s samples) from(at int) samples {
	s.data = s.data[at:]
	return s
}

// bound panics where a row of n elements is too short.
func (s *samples) bound(n int) { s.data = s.data[:(s.count-1)*s.stride+n] }

// batchRow is a row of several samples of a tensor in NCX or NCX16n. In NCX16n the
// elements of Block samples lie side by side, and count says how many samples there are.
type batchRow struct {
	samples
	blocked bool
}

// newBatchRow is what the samples have from a channel on, in a tensor of N x channels x
// size in the layout. Of NCX16n they are a block.
func newBatchRow(data []float32, l Layout, who span, channels, channel, size int) batchRow {
	if l == NCX16n {
		return batchRow{samples{data[(who.lo/Block*channels+channel)*size*Block:], 0, who.size()}, true}
	}
	return batchRow{samples{data[(who.lo*channels+channel)*size:], channels * size, who.size()}, false}
}

// from is what lies at elements further on in every sample.
func (r batchRow) from(at int) batchRow {
	if r.blocked {
		at *= Block
	}
	r.data = r.data[at:]
	return r
}

// stage writes every step-th element of the samples side by side to dst, as interleave
// does. Lanes for which there is no sample become zeros.
func (k *kernels) stage(dst []float32, src batchRow, step, lanes int) {
	if !src.blocked {
		k.interleave(dst, src.samples, step, lanes)
		return
	}
	k.copyCells(dst, src.data, Block, step*Block, len(dst)/Block)
	if src.count < Block {
		for v := dst; len(v) > 0; v = v[Block:] {
			clear(v[src.count:Block])
		}
	}
}

// unstage does the opposite. In NCX16n the lanes for which there is no sample are
// written too.
func (k *kernels) unstage(dst batchRow, src []float32, step, lanes int) {
	if !dst.blocked {
		k.deinterleave(dst.samples, src, step, lanes)
		return
	}
	k.copyCells(dst.data, src, step*Block, Block, len(src)/Block)
}

// copyCells copies n cells, which lie dstStep and srcStep apart.
func (k *kernels) copyCells(dst, src []float32, dstStep, srcStep, n int) {
	if dstStep == Block && srcStep == Block {
		copy(dst[:n*Block], src)
		return
	}
	k.cells(dst, src, dstStep, srcStep, n)
}

// copyCellsPortable is kernels.cells in Go.
func copyCellsPortable(dst, src []float32, dstStep, srcStep, n int) {
	for i := range n {
		*(*[Block]float32)(dst[i*dstStep:]) = [Block]float32(src[i*srcStep:])
	}
}
