package hdf5

import "github.com/cascade-hpc/cascade/data/internal/h5"

// grid is how chunks divide a data set. All chunks have the same size; the last
// along an axis reaches beyond the shape if it must.
type grid struct {
	axes    int
	shape   [maxRank]int // rows first
	chunk   [maxRank]int
	along   [maxRank]int // number of chunks along each axis
	element int          // bytes

	whole      bool // a chunk holds whole rows
	band       int  // chunks that hold the same rows
	rowBytes   int  // of a row of the data set
	sliceBytes int  // of a row of a chunk
	chunkBytes int
	count      int // chunks in all
}

// maxChunks is as many chunks as are listed: of the largest file, a quarter of
// a gigabyte of addresses. A data set of more is left to libhdf5.
const maxChunks = 1 << 24

// newGrid is the grid of a data set that Info has found to be sound, unless it
// has more than maxChunks.
func newGrid(shape, chunk []int, element int) (grid, bool) {
	g := grid{axes: len(shape), element: element, whole: true, band: 1, rowBytes: element, sliceBytes: element, count: 1}
	for i, n := range shape {
		c := chunk[i]
		g.shape[i], g.chunk[i], g.along[i] = n, c, (n-1)/c+1
		if g.count > maxChunks/g.along[i] {
			return grid{}, false
		}
		g.count *= g.along[i]
		if i > 0 {
			g.whole = g.whole && c == n
			g.band *= g.along[i]
			g.rowBytes *= n
			g.sliceBytes *= c
		}
	}
	g.chunkBytes = g.sliceBytes * chunk[0]
	return g, true
}

// list asks libhdf5 where the chunks are.
func (g *grid) list(lib *h5.File, name string) ([]h5.Chunk, error) {
	along, chunk := make([]uint64, g.axes), make([]uint64, g.axes)
	for i := range g.axes {
		along[i], chunk[i] = uint64(g.along[i]), uint64(g.chunk[i])
	}
	return lib.Chunks(name, along, chunk)
}

// box is the part of some rows that a chunk holds, in the memory of the rows
// and in that of the chunk. Axis 0 counts the rows that are wanted.
type box struct {
	last     int          // from this axis on, elements follow each other in both
	extent   [maxRank]int // of each axis, in elements
	toStep   [maxRank]int // bytes from one index of an axis to the next, in the rows
	fromStep [maxRank]int // and in the chunk
	start    int          // first byte in the rows
	run      int          // bytes that follow each other
	clipped  bool         // the chunk is wider than its part of the shape
}

// box describes chunk number k of a band, of which count rows are wanted.
func (g *grid) box(k, count int) box {
	b := box{run: g.element}
	to, from := g.element, g.element
	joined := true // the axes so far are whole in both
	for i := g.axes - 1; i >= 0; i-- {
		extent := count
		if i > 0 {
			at := k % g.along[i] * g.chunk[i]
			k /= g.along[i]
			extent = min(g.chunk[i], g.shape[i]-at)
			b.start += at * to
			b.clipped = b.clipped || extent < g.chunk[i]
		}
		b.extent[i], b.toStep[i], b.fromStep[i] = extent, to, from
		if joined {
			b.run *= extent
			b.last = i
			joined = i > 0 && extent == g.shape[i] && extent == g.chunk[i]
		}
		to *= g.shape[i]
		from *= g.chunk[i]
	}
	return b
}

// copy moves the box from the chunk's wanted rows to the rows.
func (b *box) copy(rows, chunk []byte) { b.walk(rows, chunk, nil, 0, b.start, 0) }

// fill repeats an element through the box, nil for zero.
func (b *box) fill(rows, element []byte) { b.walk(rows, nil, element, 0, b.start, 0) }

func (b *box) walk(rows, chunk, element []byte, axis, to, from int) {
	switch {
	case axis < b.last:
		for range b.extent[axis] {
			b.walk(rows, chunk, element, axis+1, to, from)
			to += b.toStep[axis]
			from += b.fromStep[axis]
		}
	case chunk != nil:
		copy(rows[to:to+b.run], chunk[from:])
	default:
		repeat(rows[to:to+b.run], element)
	}
}

// repeat fills dst with copies of an element, or zeros.
func repeat(dst, element []byte) {
	if element == nil {
		clear(dst)
		return
	}
	for done := copy(dst, element); done < len(dst); done *= 2 {
		copy(dst[done:], dst[:done])
	}
}
