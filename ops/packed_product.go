package ops

// packedProduct is c = a·b for matrices that are large on every side, so that packing
// takes a small part of the time. A worker takes some rows and some columns of c at a
// time. It goes through k in pieces, for each of which it packs the columns of b into
// panels. Then it goes through the rows, and copies those of a where they do not lie in
// memory as the kernel wants them. Both stay in its L2 cache: nothing packed goes through
// memory.
type packedProduct struct {
	matrixProduct
	bFactor factor     // of b: where its elements are
	bias    bool       // the third input is added to every row
	post    Activation // of c

	panels   [2]panels // of a part's columns and a piece of k, and of the last piece
	rowParts evenBlocks
	colParts evenBlocks // of tiles of columns
	copied   int        // scratch: where copied rows begin, which are copyPitch apart
	work     int        // scratch: where the work memory of panels begins
}

const (
	// leastPacked is the least number of multiply-adds for each element that is packed or
	// copied.
	leastPacked = 128

	// packedCols are 256 KiB of panels, and packedRows, which are done at a time, 231 KiB
	// of copies. A part has at most mostRows.
	packedCols = 128
	packedRows = 112
	mostRows   = 1024

	copyPitch = pieceOfPanel + Block // see rowPitch
)

// pays says that a product is faster than by [matrixProduct], or by rows: measured on a
// core with AVX-512. Where the rows of a are columns in memory the others are slow too, so
// it is enough that there are more of these than columns of b to be packed.
func (g *packedProduct) pays() bool {
	large := g.rows >= leastPacked && g.cols >= leastPacked
	if g.a.kStride != 1 {
		return g.cols >= Block && g.rows >= max(g.cols, 2*Block) || large && g.k >= pieceOfPanel
	}
	return large || g.rows >= leastPacked && g.cols >= Block && !g.copies()
}

// copies says that rows of a are copied: they do not lie in memory as such, or where they
// would all go to the same lines of an L1 cache.
func (g *packedProduct) copies() bool { return g.a.kStride != 1 || g.a.rowStride%aliasFloats == 0 }

// newProduct returns the product whose b is [k, cols], contiguous.
func newProduct(g matrixProduct, info Info) Primitive {
	p := packedProduct{matrixProduct: g, bFactor: factor{kStride: g.cols, stride: 1}}
	if p.pays() {
		return newPackedProduct(p, info)
	}
	return newMatrixProduct(g, info)
}

func newPackedProduct(g packedProduct, info Info) Primitive {
	g.kern = currentKernels()
	g.pieces = divide(g.k, pieceOfPanel)
	g.divide(likelyWorkers())
	g.info = info
	g.info.Impl = "panels:" + g.kern.name()
	g.copied = g.panels[0].length()
	g.work = g.copied
	if g.copies() {
		g.work += packedRows * copyPitch
	}
	g.info.ScratchPerWorker = g.work + panelWork(packedRows)
	return newPhased(g.info, phase{g.rowParts.count * g.colParts.count, g.compute})
}

// divide decides what a worker takes at a time. It follows the number of cores: the more
// rows a part has, the less often columns are packed.
func (g *packedProduct) divide(cores int) {
	g.colParts = newEvenBlocks(ceilDiv(g.cols, Block), packedCols/Block)
	parts := ceilDiv(partsPerCore*cores, max(g.colParts.count, 1))
	g.rowParts = evenBlocks{g.rows, max(ceilDiv(g.rows, mostRows), min(parts, ceilDiv(g.rows, leastPacked)))}
	blocks, last := g.colParts.largest(), g.k-max(g.pieces.parts-1, 0)*pieceOfPanel
	for i, k := range [2]int{min(g.k, pieceOfPanel), last} {
		g.panels[i] = newPanels(g.kern, k, blocks*Block, min(g.rows, packedRows), blocks)
	}
}

// packedPart is a part of c that one worker computes.
type packedPart struct {
	rows, cols span
	sums       [mostRows]float64 // of the rows of a
}

func (g *packedProduct) compute(c *call, worker, part int) {
	var p packedPart
	p.rows.lo, p.rows.hi = g.rowParts.bounds(part / g.colParts.count)
	lo, hi := g.colParts.bounds(part % g.colParts.count)
	p.cols = span{lo * Block, min(hi*Block, g.cols)}
	scratch := c.x.Worker(&g.info, worker)
	for piece := range max(g.pieces.parts, 1) {
		g.piece(c, scratch, &p, piece)
	}
	out := c.out[0][p.rows.lo*g.cols:]
	for i := range p.rows.size() {
		g.kern.loops.post(g.post, out[i*g.cols:][p.cols.lo:p.cols.hi])
	}
	if g.rowSums && lo == 0 {
		for i, sum := range p.sums[:p.rows.size()] {
			c.out[1][p.rows.lo+i] = float32(sum)
		}
	}
}

// piece adds the products of a piece of k.
func (g *packedProduct) piece(c *call, scratch []float32, p *packedPart, piece int) {
	k, end := g.pieces.bounds(piece)
	b := g.panels[0]
	if piece+1 >= g.pieces.parts {
		b = g.panels[1]
	}
	b.cols = p.cols.size()
	from := g.bFactor
	from.x = c.in[g.b][min(k*from.kStride+p.cols.lo*from.stride, len(c.in[g.b])):]
	for part := range b.packings() {
		b.pack(scratch[:g.copied], from, part)
	}
	t := panelProduct{
		packed: scratch[:g.copied], cols: span{0, p.cols.size()}, cRow: g.cols, accumulate: piece > 0, work: scratch[g.work:],
	}
	if g.bias && piece == 0 {
		t.bias = c.in[2][p.cols.lo:]
	}
	chunks := newEvenBlocks(p.rows.size(), packedRows)
	for i := range chunks.count {
		lo, hi := chunks.bounds(i)
		rows := span{p.rows.lo + lo, p.rows.lo + hi}
		t.rows, t.c = hi-lo, c.out[0][rows.lo*g.cols+p.cols.lo:]
		if g.copies() {
			t.a, t.aRow = scratch[g.copied:g.work], copyPitch
			g.copyRows(t.a, c.in[g.a.input], rows, span{k, end})
			if g.rowSums && p.cols.lo == 0 {
				g.addRows(p.sums[lo:hi], t.a, end-k)
			}
		} else if g.k > 0 {
			t.a, t.aRow = c.in[g.a.input][rows.lo*g.a.rowStride+k:], g.a.rowStride
		}
		b.multiply(t)
	}
}

// copyRows copies a piece of some rows of a.
func (g *packedProduct) copyRows(to, from []float32, rows, k span) {
	if g.a.kStride == 1 {
		for i := rows.lo; i < rows.hi; i++ {
			copy(to[(i-rows.lo)*copyPitch:], from[i*g.a.rowStride:][k.lo:k.hi])
		}
		return
	}
	for at := k.lo; at < k.hi; at += Block {
		src := samples{from[at*g.a.kStride+rows.lo:], g.a.kStride, min(Block, k.hi-at)}
		g.kern.transpose(to[at-k.lo:], copyPitch, Block, src, rows.size(), false)
	}
}

// addRows adds up copied rows of n elements.
func (g *packedProduct) addRows(sums []float64, copied []float32, n int) {
	for i := range sums {
		sums[i] += g.kern.loops.sum(copied[i*copyPitch:][:n])
	}
}
