package ops

import "github.com/cascade-hpc/cascade/ops/avx512"

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
	off        []int // of the columns in their operand, and then of the last again
	info       Info
}

const (
	// groupRows and chunkCols bound what a worker takes at a time: with pieces of
	// pieceLength 256 KiB of rows and some more of columns, which stay in the L2 cache.
	groupRows   = 64
	chunkCols   = 120
	pieceLength = 1 << 10

	// colsStep is a multiple of every number of offsets of dot: chunks end where
	// tiles do.
	colsStep = 24
)

func newRowProducts(d InnerProductDesc) Primitive {
	g := rowProducts{desc: d, kern: currentKernels(), transposed: d.OC < d.N}
	rows, cols := d.N, d.OC
	if g.transposed {
		rows, cols = cols, rows
	}
	g.groups = divide(rows, groupRows)
	parts := int(min(busyParts, max(1, d.MACs()/leastWork)))
	size := ceilDiv(cols*max(g.groups.parts, 1), parts)
	g.chunks = divide(cols, min(ceilDiv(size, colsStep)*colsStep, chunkCols))
	for j := range cols + colsStep {
		g.off = append(g.off, min(j, cols-1)*d.IC)
	}
	g.info = d.info("forward_training", d.Bias)
	g.info.Impl = "dot:" + g.kern.name()
	g.info.ScratchPerWorker = min(rows, groupRows) * RoundUp(g.chunks.size+colsStep)
	return newPhased(g.info, phase{g.groups.parts * g.chunks.parts, g.compute})
}

// rectangle is the part of dst that one worker computes at a time.
type rectangle struct{ rows, cols span }

func (g *rowProducts) compute(c *call, worker, part int) {
	var r rectangle
	r.rows.lo, r.rows.hi = g.groups.bounds(part / g.chunks.parts)
	r.cols.lo, r.cols.hi = g.chunks.bounds(part % g.chunks.parts)
	sums := c.x.Worker(&g.info, worker)
	clear(sums)
	for lo := 0; lo < g.desc.IC; lo += pieceLength {
		g.multiply(c, r, sums, span{lo, min(lo+pieceLength, g.desc.IC)})
	}
	g.unpack(c.out[0], r, sums)
	g.finish(c, r)
}

// eachTile calls do for the tiles of dot: rows of the rectangle, the first column,
// and how many offsets there are.
func (g *rowProducts) eachTile(r rectangle, do func(rows span, col, offsets int)) {
	n := r.rows.hi - r.rows.lo
	blocks := newEvenBlocks(n, len(g.kern.dotOffsets)-1)
	for b := range blocks.count {
		lo, hi := blocks.bounds(b)
		offsets := g.kern.dotOffsets[hi-lo]
		for col := r.cols.lo; col < r.cols.hi; col += offsets {
			do(span{r.rows.lo + lo, r.rows.lo + hi}, col, offsets)
		}
	}
}

// multiply adds the products of the elements of piece to the sums, which are
// [tile][row][offset].
func (g *rowProducts) multiply(c *call, r rectangle, sums []float32, piece span) {
	a, b := c.in[0], c.in[1]
	if g.transposed {
		a, b = b, a
	}
	g.eachTile(r, func(rows span, col, offsets int) {
		n := rows.hi - rows.lo
		g.kern.dot(dot{
			rows: n, length: piece.hi - piece.lo,
			a: a[rows.lo*g.desc.IC+piece.lo:], b: b[piece.lo:], aStride: g.desc.IC,
			off: g.off[col : col+offsets], runs: oneRun[:], sums: sums[:n*offsets],
		})
		sums = sums[n*offsets:]
	})
}

// unpack copies the sums to dst.
func (g *rowProducts) unpack(dst []float32, r rectangle, sums []float32) {
	g.eachTile(r, func(rows span, col, offsets int) {
		end := min(col+offsets, r.cols.hi)
		for row := rows.lo; row < rows.hi; row++ {
			if !g.transposed {
				copy(dst[row*g.desc.OC+col:row*g.desc.OC+end], sums)
			} else {
				for j := col; j < end; j++ {
					dst[j*g.desc.OC+row] = sums[j-col]
				}
			}
			sums = sums[offsets:]
		}
	})
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
			for i, b := range c.in[2][channels.lo:channels.hi] {
				dst[i] += b
			}
		}
		g.desc.Post.apply(dst)
	}
}

// oneRun are the runs of a dot that is one product of rows.
var oneRun [1]avx512.Run
