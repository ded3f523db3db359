package ops

// packedProduct is c = a·b for matrices that are large on every side, so that packing
// what is needed takes a small part of the time: b becomes panels, and a is copied where
// its rows do not lie in memory as such or do not suit the cache. A worker then takes some rows and some
// columns of c at a time.
type packedProduct struct {
	matrixProduct
	bFactor factor     // of b: where its elements are
	bias    bool       // the third input is added to every row
	post    Activation // of c

	panels   panels
	lefts    ranges // of the rows of a that are copied; none where they are read where they are
	rowParts evenBlocks
	colParts evenBlocks // of tiles of columns
	left     int        // scratch: where copied rows begin
	pitch    int        // distance of the rows of a that are read
}

const (
	// leastPacked is the least number of rows and of columns for which packing pays.
	leastPacked = 32

	// tilesOfRows is the number of tiles of rows that a worker goes through with each
	// tile of columns: 112 rows of a piece of a are 224 KiB, which stay in the L2 cache.
	tilesOfRows = 8

	// leftRows is the number of rows of a that are copied at a time.
	leftRows = 64
)

// pays says that a product is large enough.
func (g *matrixProduct) pays() bool { return g.rows >= leastPacked && g.cols >= leastPacked }

// newProduct returns the product whose b is [k, cols], contiguous.
func newProduct(g matrixProduct, info Info) Primitive {
	if !g.pays() {
		return newMatrixProduct(g, info)
	}
	return newPackedProduct(packedProduct{matrixProduct: g, bFactor: factor{kStride: g.cols, stride: 1}}, info)
}

func newPackedProduct(g packedProduct, info Info) Primitive {
	g.kern = currentKernels()
	g.panels = newPanels(g.kern, g.k, g.cols, g.rows, ceilDiv(g.cols, Block))
	g.divide()
	g.left = g.panels.length()
	g.info = info
	g.info.Impl = "panels:" + g.kern.name()
	g.info.Scratch, g.pitch = g.left, g.a.rowStride
	if g.a.kStride != 1 || g.pitch%aliasFloats == 0 {
		g.pitch = rowPitch(g.k)
		g.info.Scratch += g.rows * g.pitch
		g.lefts = divide(g.rows, leftRows)
	}
	g.info.ScratchPerWorker = panelWork(g.rowParts.largest())
	return newPhased(g.info,
		phase{g.lefts.parts + g.panels.blocks()*g.panels.pieces.parts, g.pack},
		phase{g.rowParts.count * g.colParts.count, g.compute})
}

// divide decides what a worker takes at a time: rows first, and where that makes too few
// parts fewer columns, then fewer rows.
func (g *packedProduct) divide() {
	height := g.kern.blockedRows[g.panels.tile]
	parts := int(min(productParts, max(1, int64(g.rows)*int64(g.cols)*int64(g.k)/leastWork)))
	if g.rows == 0 {
		return
	}
	g.rowParts = newEvenBlocks(g.rows, tilesOfRows*height)
	tiles := ceilDiv(g.panels.blocks(), g.panels.tile)
	g.colParts = evenBlocks{tiles, min(tiles, ceilDiv(parts, g.rowParts.count))}
	if g.rowParts.count*g.colParts.count < parts {
		g.rowParts.count = min(ceilDiv(g.rows, height), ceilDiv(parts, g.colParts.count))
	}
}

// pack packs some rows of a, or a piece of a block of columns of b.
func (g *packedProduct) pack(c *call, _, part int) {
	if part >= g.lefts.parts {
		part -= g.lefts.parts
		from, pieces := g.bFactor, g.panels.pieces.parts
		from.x = c.in[g.b]
		g.panels.pack(c.x.Shared(&g.info)[:g.left], from, part/pieces, part%pieces)
		return
	}
	g.copyRows(c, part)
}

// copyRows copies some rows of a, and adds each up where wanted.
func (g *packedProduct) copyRows(c *call, part int) {
	row, end := g.lefts.bounds(part)
	from, to := c.in[g.a.input], c.x.Shared(&g.info)[g.left:]
	if g.a.kStride == 1 {
		for i := row; i < end; i++ {
			copy(to[i*g.pitch:], from[i*g.a.rowStride:][:g.k])
		}
	} else {
		for k := 0; k < g.k; k += Block {
			rows := samples{from[k*g.a.kStride+row:], g.a.kStride, min(Block, g.k-k)}
			g.kern.transpose(to[row*g.pitch+k:], g.pitch, rows, end-row, false)
		}
	}
	if g.rowSums {
		for i := row; i < end; i++ {
			c.out[1][i] = float32(g.kern.loops.sum(to[i*g.pitch:][:g.k]))
		}
	}
}

func (g *packedProduct) compute(c *call, worker, part int) {
	row, end := g.rowParts.bounds(part / g.colParts.count)
	tile, last := g.colParts.bounds(part % g.colParts.count)
	width := g.panels.tile * Block
	cols := span{tile * width, min(last*width, g.cols)}
	scratch := c.x.Shared(&g.info)
	a := c.in[g.a.input]
	if g.lefts.parts > 0 {
		a = scratch[g.left:]
	}
	t := panelProduct{
		rows: end - row, a: a[row*g.pitch:], aRow: g.pitch, packed: scratch[:g.left], cols: cols,
		c: c.out[0][row*g.cols:], cRow: g.cols, work: c.x.Worker(&g.info, worker),
	}
	if g.bias {
		t.bias = c.in[2]
	}
	g.panels.multiply(t)
	for i := range end - row {
		g.kern.loops.post(g.post, t.c[i*g.cols:][cols.lo:cols.hi])
	}
}
