package ops

// rowProducts is the inner product: every element of dst is the dot product of a
// row of src and a row of the weights, both contiguous, so that dot serves without
// moving anything. The fewer of samples and output channels are the rows of dot,
// the others its offsets. A worker takes a group of rows and a chunk of columns (as
// offsets are called here) at a time, and goes through the elements of the vectors
// in pieces that stay in cache.
type rowProducts struct {
	desc       InnerProductDesc
	kern       kernels
	transposed bool // rows are output channels, and columns samples
	groups     ranges
	chunks     ranges
	off        []int // of the columns in their operand
	info       Info
}

const (
	// groupRows and chunkCols bound what a worker takes at a time: with pieces of
	// pieceLength 256 KiB of rows and some more of columns, which stay in the L2 cache.
	groupRows   = 64
	chunkCols   = 120
	pieceLength = 1 << 10

	// colsStep is a multiple of every number of offsets of a tile of dot: chunks end
	// where tiles do.
	colsStep = 24

	// leastWork is the number of multiply-adds of a part at least.
	leastWork = 1 << 17
)

func newRowProducts(d InnerProductDesc) Primitive {
	g := rowProducts{desc: d, kern: currentKernels(), transposed: d.OC < d.N}
	rows, cols := d.N, d.OC
	if g.transposed {
		rows, cols = cols, rows
	}
	g.groups = divide(rows, groupRows)
	parts := int(min(productParts, max(1, d.MACs()/leastWork)))
	size := ceilDiv(cols*max(g.groups.parts, 1), parts)
	g.chunks = divide(cols, min(ceilDiv(size, colsStep)*colsStep, chunkCols))
	for j := range cols {
		g.off = append(g.off, j*d.IC)
	}
	g.info = d.info("forward_training", d.Bias)
	g.info.Impl = "dot:" + g.kern.name()
	g.info.ScratchPerWorker = min(rows, groupRows) * g.chunks.size
	return newPhased(g.info, phase{g.groups.parts * g.chunks.parts, g.compute})
}

// rectangle is the part of dst that one worker computes at a time.
type rectangle struct{ rows, cols span }

func (g *rowProducts) compute(c *call, worker, part int) {
	var r rectangle
	r.rows.lo, r.rows.hi = g.groups.bounds(part / g.chunks.parts)
	r.cols.lo, r.cols.hi = g.chunks.bounds(part % g.chunks.parts)
	sums := c.x.Worker(&g.info, worker)[:r.rows.size()*r.cols.size()]
	clear(sums)
	for lo := 0; lo < g.desc.IC; lo += pieceLength {
		g.multiply(c, r, sums, span{lo, min(lo+pieceLength, g.desc.IC)})
	}
	g.unpack(c.out[0], r, sums)
	g.finish(c, r)
}

// multiply adds the products of the elements of piece to the sums.
func (g *rowProducts) multiply(c *call, r rectangle, sums []float32, piece span) {
	a, b := c.in[0], c.in[1]
	if g.transposed {
		a, b = b, a
	}
	cols := r.cols.size()
	blocks := newEvenBlocks(r.rows.size(), g.kern.dotRows)
	for i := range blocks.count {
		lo, hi := blocks.bounds(i)
		g.kern.dot(dot{
			rows: hi - lo, runs: 1, length: piece.size(), aStride: g.desc.IC, sumStride: cols,
			a: a[(r.rows.lo+lo)*g.desc.IC+piece.lo:], b: b[piece.lo:],
			off: g.off[r.cols.lo:r.cols.hi], sums: sums[lo*cols : hi*cols],
		})
	}
}

// unpack copies the sums to dst.
func (g *rowProducts) unpack(dst []float32, r rectangle, sums []float32) {
	cols := r.cols.size()
	for i := r.rows.lo; i < r.rows.hi; i++ {
		row := sums[(i-r.rows.lo)*cols:][:cols]
		if !g.transposed {
			copy(dst[i*g.desc.OC+r.cols.lo:], row)
			continue
		}
		for j, v := range row {
			dst[(r.cols.lo+j)*g.desc.OC+i] = v
		}
	}
}

// finish adds the bias and applies the activation.
func (g *rowProducts) finish(c *call, r rectangle) {
	samples, channels := r.rows, r.cols
	if g.transposed {
		samples, channels = channels, samples
	}
	for n := samples.lo; n < samples.hi; n++ {
		dst := c.out[0][n*g.desc.OC+channels.lo : n*g.desc.OC+channels.hi]
		if g.desc.Bias {
			g.kern.loops.add(dst, dst, c.in[2][channels.lo:channels.hi])
		}
		g.kern.loops.post(g.desc.Post, dst)
	}
}
