package ops

import (
	"fmt"
	"slices"
)

// NewReorder returns the primitive that brings a tensor of the shape, N, C, …,
// from one layout to another. What pads the last block of a blocked layout is
// written as zeros, and never read.
//
//	in:  src, from.Size(shape) elements
//	out: dst, to.Size(shape) elements
func NewReorder(shape []int, from, to Layout) (Primitive, error) {
	const op = "reorder"
	if from > NCX16n || to > NCX16n {
		return nil, invalid(op, "from %s to %s: no such layout", from, to)
	}
	n, err := elements(op, append(slices.Clone(shape), Block, Block)...)
	if err != nil {
		return nil, err
	}
	n /= Block * Block
	if len(shape) < 2 || from == NCX && to == NCX {
		return NewCopy(n)
	}
	r := newReordering(shape, from, to)
	info := Info{
		Kind:    "reorder",
		Problem: fmt.Sprintf("%s:%s %v", from, to, shape),
		Bytes:   floatBytes(from.Size(shape) + to.Size(shape)),
	}
	return newPhased(info, overRanges(r.tiles(), func(c *call, lo, hi int) {
		for t := lo; t < hi; t++ {
			r.tile(c.out[0], c.in[0], t)
		}
	})), nil
}

// reordering moves a tensor of N x C x X, X being all spatial axes, in tiles in
// which either layout reads or writes whole vectors.
type reordering struct {
	n, c, x  int
	from, to Layout
	// The tiles: over the padded batch and channels of the destination, and X.
	batch, channels, spatial ranges
}

func newReordering(shape []int, from, to Layout) reordering {
	const spatialTile = 64 // 64 vectors of 16: 4 KiB of either tensor
	r := reordering{n: shape[0], c: shape[1], x: NCX.Size(shape[2:]), from: from, to: to}
	nTile, cTile := 1, 1
	if from == NCX16n || to == NCX16n {
		nTile = Block
	}
	if from == NCX16c || to == NCX16c {
		cTile = Block
	}
	n, c := r.n, r.c
	if to == NCX16n {
		n = roundUpBlock(n)
	}
	if to == NCX16c {
		c = roundUpBlock(c)
	}
	r.batch, r.channels, r.spatial = divide(n, nTile), divide(c, cTile), divide(r.x, spatialTile)
	return r
}

func roundUpBlock(n int) int { return (n + Block - 1) / Block * Block }

// tiles divides all tiles into parts.
func (r reordering) tiles() ranges {
	size := r.batch.size * r.channels.size * min(r.spatial.size, r.x)
	return divideRows(r.batch.parts*r.channels.parts*r.spatial.parts, size)
}

func (r reordering) tile(dst, src []float32, t int) {
	x0, x1 := r.spatial.bounds(t % r.spatial.parts)
	t /= r.spatial.parts
	c0, c1 := r.channels.bounds(t % r.channels.parts)
	n0, n1 := r.batch.bounds(t / r.channels.parts)
	read, write := r.from.cell(), r.to.cell()
	for n := n0; n < n1; n++ {
		for c := c0; c < c1; c++ {
			at := r.offset(r.to, n, c) + x0*write
			if n >= r.n || c >= r.c {
				for range x1 - x0 {
					dst[at] = 0
					at += write
				}
				continue
			}
			from := r.offset(r.from, n, c) + x0*read
			for range x1 - x0 {
				dst[at] = src[from]
				at += write
				from += read
			}
		}
	}
}

// offset is the place of the first spatial element of sample n and channel c.
func (r reordering) offset(l Layout, n, c int) int {
	switch l {
	case NCX16c:
		return (n*roundUpBlock(r.c)+c/Block*Block)*r.x + c%Block
	case NCX16n:
		return (n/Block*r.c+c)*r.x*Block + n%Block
	}
	return (n*r.c + c) * r.x
}
