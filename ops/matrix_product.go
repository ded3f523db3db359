package ops

// matrixProduct is c = a·b with c [rows, cols] and b [k, cols] contiguous. A first
// phase packs a into blocks of rows, as brgemm reads it; then a worker takes a
// group of blocks and a chunk of columns at a time, and goes through k in pieces
// whose part of b stays in cache.
type matrixProduct struct {
	kern          kernels
	rows, cols, k int
	a             matrix
	b             int  // which input
	rowSums       bool // the sums of the rows of a are the second output

	blocks evenBlocks // of rows
	groups ranges     // of blocks
	chunks ranges     // of columns
	pieces ranges     // of k
	info   Info
}

// matrix says where element (row, k) of a is: at row·rowStride + k·kStride of an
// input.
type matrix struct{ input, rowStride, kStride int }

const (
	// A piece of 128 rows of b and chunkOfB columns of it are 256 KiB, which all blocks
	// of a group go over in turn.
	pieceOfK      = 128
	chunkOfB      = 512
	leastChunkOfB = 96 // below, packing and the ends of tiles cost too much
	groupOfBlocks = 4

	// productParts is the number of parts to divide a product into at least: enough to
	// share among the cores of a processor evenly.
	productParts = 32
)

func newMatrixProduct(g matrixProduct, info Info) Primitive {
	g.kern = currentKernels()
	g.blocks = newEvenBlocks(g.rows, g.kern.rowsFor(g.rows))
	g.groups = divide(g.blocks.count, groupOfBlocks)
	chunk := ceilDiv(g.cols*max(g.groups.parts, 1), productParts)
	g.chunks = divide(g.cols, min(RoundUp(max(chunk, leastChunkOfB)), chunkOfB))
	g.pieces = divide(g.k, pieceOfK)
	g.info = info
	g.info.Impl = "brgemm:" + g.kern.name()
	g.info.Scratch = g.rows * g.k
	return newPhased(g.info,
		phase{g.blocks.count, g.pack},
		phase{g.groups.parts * g.chunks.parts, g.compute})
}

// pack copies one block of rows of a to [k][row], and adds each up where wanted.
func (g *matrixProduct) pack(c *call, _, block int) {
	lo, hi := g.blocks.bounds(block)
	packed := c.x.Shared(&g.info)[lo*g.k : hi*g.k]
	for row := lo; row < hi; row++ {
		sum, to, from := 0.0, row-lo, row*g.a.rowStride
		a := c.in[g.a.input]
		for range g.k {
			packed[to] = a[from]
			sum += float64(a[from])
			to, from = to+hi-lo, from+g.a.kStride
		}
		if g.rowSums {
			c.out[1][row] = float32(sum)
		}
	}
}

func (g *matrixProduct) compute(c *call, _, part int) {
	first, end := g.groups.bounds(part / g.chunks.parts)
	lo, hi := g.chunks.bounds(part % g.chunks.parts)
	for piece := range max(g.pieces.parts, 1) {
		k, kEnd := g.pieces.bounds(piece)
		for block := first; block < end; block++ {
			row, rowEnd := g.blocks.bounds(block)
			rows := rowEnd - row
			packed := c.x.Shared(&g.info)[row*g.k : rowEnd*g.k]
			g.kern.brgemm(brgemm{
				rows: rows, cols: hi - lo, k: kEnd - k,
				a: packed[k*rows:], b: c.in[g.b][min(k*g.cols+lo, len(c.in[g.b])):], c: c.out[0][row*g.cols+lo:],
				planes: oneTap[:], taps: oneTap[:], bStride: g.cols, cStride: g.cols, accumulate: piece > 0,
			})
		}
	}
}
