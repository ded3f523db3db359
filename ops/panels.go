package ops

import "github.com/cascade-hpc/cascade/ops/avx512"

// panels are the right factor of a product of matrices, as the kernel with channels in
// lanes reads it: columns in blocks of 16, each block being [k][16], with zeros for
// columns that there are not.
type panels struct {
	kern    kernels
	k, cols int
	tile    int    // blocks of columns that the kernel does together, at most
	pieces  ranges // of k
	taps    [2]*blockedTaps
}

// pieceOfPanel is the length of the pieces of k: a tile of two blocks is 64 KiB then, and
// 14 rows of the left factor are 28 KiB, which stay in the L1 cache. It decides the order
// of sums.
const pieceOfPanel = 512

// newPanels prepares for products that make about as many rows and blocks of columns at a
// time.
func newPanels(kern kernels, k, cols, rows, blocks int) panels {
	p := panels{kern: kern, k: k, cols: cols, pieces: divide(k, pieceOfPanel)}
	best := 0.0
	for v := 1; v < len(kern.blockedRows) && v <= max(blocks, 1); v++ {
		cycles, tiles := 0.0, newEvenBlocks(blocks, v)
		for i := range tiles.count {
			lo, hi := tiles.bounds(i)
			cycles += kern.blockedCycles(max(rows, 1), hi-lo)
		}
		if v == 1 || cycles < best {
			p.tile, best = v, cycles
		}
	}
	for i, n := range [2]int{min(k, pieceOfPanel), k - max(p.pieces.parts-1, 0)*pieceOfPanel} {
		var list []avx512.BlockedTap
		if n > 0 {
			list = append(list, avx512.BlockedTap{Steps: n})
		}
		p.taps[i] = newBlockedTaps(list, 1)
	}
	return p
}

func (p *panels) blocks() int { return ceilDiv(p.cols, Block) }

// length is the number of floats of all blocks.
func (p *panels) length() int { return p.blocks() * Block * p.k }

// rowPitch is a distance of rows of n elements in memory: whole cache lines, and no
// multiple of 4 KiB, at which rows that are read together would all go to the same
// lines of an L1 cache.
func rowPitch(n int) int {
	n = wholeBlocks(n)
	if n%aliasFloats == 0 {
		n += Block
	}
	return n
}

const aliasFloats = 1 << 10

// factor says where element (k, column) of a matrix is: at k·kStride + column·stride.
// One of them is 1.
type factor struct {
	x               []float32
	kStride, stride int
}

// blocksPacked are packed at a time: of a matrix whose rows are contiguous 1 KiB of each.
const blocksPacked = 16

// packings is the number of parts of packing.
func (p *panels) packings() int { return ceilDiv(p.blocks(), blocksPacked) * p.pieces.parts }

// pack does a part: a piece of k of some blocks.
func (p *panels) pack(packed []float32, from factor, part int) {
	k, end := p.pieces.bounds(part % p.pieces.parts)
	first := part / p.pieces.parts * blocksPacked
	blocks := span{first, min(first+blocksPacked, p.blocks())}
	if from.kStride != 1 || p.k == 1 {
		for ; k < end; k++ {
			p.packStep(packed, from, blocks, k)
		}
		return
	}
	for b := blocks.lo; b < blocks.hi; b++ {
		col := b * Block
		rows := samples{from.x[col*from.stride+k:], from.stride, min(Block, p.cols-col)}
		p.kern.transpose(packed[(b*p.k+k)*Block:(b*p.k+end)*Block], Block, Block, rows, end-k, false)
	}
}

// packStep packs the row of step k.
func (p *panels) packStep(packed []float32, from factor, blocks span, k int) {
	for b := blocks.lo; b < blocks.hi; b++ {
		col := b * Block
		at, to := from.x[k*from.kStride+col*from.stride:], (*cell)(packed[(b*p.k+k)*Block:])
		switch n := min(Block, p.cols-col); {
		case from.stride != 1:
			clear(to[n:])
			spread(to[:n], 1, at, from.stride)
		case n == Block:
			v := *(*cell)(at) // by way of registers: no call of memmove
			*to = v
		default:
			clear(to[n:])
			copy(to[:n], at)
		}
	}
}

// panelProduct is c[i, j] (+)= Σ_k a[i, k]·b[k, j] for some columns j.
type panelProduct struct {
	rows   int
	a      []float32 // element (i, k) is a[i·aRow + k]
	aRow   int
	packed []float32 // all of b
	cols   span      // cols.lo is a multiple of 16, and so is cols.hi unless it is the last
	c      []float32 // element (i, j) is c[i·cRow + j]
	cRow   int
	bias   []float32 // of all columns, added to every row; or nil
	// accumulate adds to c instead of writing it.
	accumulate bool
	work       []float32 // panelWork(rows) floats
}

// panelWork is the work memory of a product of as many rows: for the columns of a block
// that is not whole, and their biases.
func panelWork(rows int) int { return (rows + 1) * Block }

func (p *panels) multiply(t panelProduct) {
	if t.rows == 0 {
		return
	}
	lo, whole := t.cols.lo/Block, t.cols.hi/Block
	tiles := newEvenBlocks(whole-lo, p.tile)
	for piece := range max(p.pieces.parts, 1) {
		for i := range tiles.count {
			first, end := tiles.bounds(i)
			first, end = lo+first, lo+end
			b := p.part(&t, piece, first)
			b.blocks, b.c, b.cRow = end-first, t.c[first*Block:], t.cRow
			if t.bias != nil {
				b.bias = t.bias[first*Block:]
			}
			p.kern.blocked(b)
		}
		if whole*Block < t.cols.hi {
			p.edge(&t, piece, whole)
		}
		t.bias, t.accumulate = nil, true
	}
}

// part is the sum over a piece of k for blocks from the first one on.
func (p *panels) part(t *panelProduct, piece, first int) blocked {
	k, taps := piece*pieceOfPanel, p.taps[0]
	if piece+1 >= p.pieces.parts {
		taps = p.taps[1]
	}
	return blocked{
		rows: t.rows, lines: 1, a: t.a[k:], b: t.packed[(first*p.k+k)*Block:], taps: taps, aRow: t.aRow, aStep: 1,
		bVector: p.k * Block, cVector: Block, accumulate: t.accumulate,
	}
}

// edge does the last block, which is not whole, in memory of its own.
func (p *panels) edge(t *panelProduct, piece, block int) {
	b, col := p.part(t, piece, block), block*Block
	lanes := t.cols.hi - col
	b.blocks, b.c, b.cRow = 1, t.work[:t.rows*Block], Block
	if t.bias != nil {
		b.bias = t.work[t.rows*Block:][:Block]
		copy(b.bias, t.bias[col:t.cols.hi])
	}
	if t.accumulate {
		for i := range t.rows {
			copy(b.c[i*Block:][:lanes], t.c[i*t.cRow+col:])
		}
	}
	p.kern.blocked(b)
	for i := range t.rows {
		copy(t.c[i*t.cRow+col:][:lanes], b.c[i*Block:])
	}
}
