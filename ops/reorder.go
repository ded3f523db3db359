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
	r := reordering{n: shape[0], c: shape[1], x: NCX.Size(shape[2:]), k: currentKernels()}
	info := Info{
		Kind:    "reorder",
		Impl:    "lanes:" + r.k.name(),
		Problem: fmt.Sprintf("%s:%s %v", from, to, shape),
		Bytes:   floatBytes(from.Size(shape) + to.Size(shape)),
	}
	return newPhased(info, r.phase(from, to)), nil
}

// reordering moves a tensor of N x C x X, X being all spatial axes.
type reordering struct {
	n, c, x int
	k       kernels
}

func (r *reordering) phase(from, to Layout) phase {
	switch {
	case from != NCX && to != NCX && from != to:
		return r.squares(from, to)
	case r.x == 1 && from != NCX16n && to != NCX16n:
		return r.padded(from.rowLength(r.c, 1), to.rowLength(r.c, 1))
	}
	return r.tiles(from, to)
}

// padded copies the channels of one position, and makes zeros of what comes after them.
func (r *reordering) padded(from, to int) phase {
	return overRanges(divideRows(r.n, to), func(c *call, lo, hi int) {
		for n := lo; n < hi; n++ {
			dst := c.out[0][n*to : (n+1)*to]
			copy(dst, c.in[0][n*from:][:r.c])
			clear(dst[r.c:])
		}
	})
}

// groups is how many blocks of channels or samples a layout has, and the number of
// cells of each: a cell for every element that the rows of the block have in plain
// order.
func (r *reordering) groups(l Layout) (count, cells int) {
	if l == NCX16c {
		return r.n * ceilDiv(r.c, Block), r.x
	}
	return ceilDiv(r.n, Block), r.c * r.x
}

// group is where the first row of a block starts in plain order, and the number of rows.
func (r *reordering) group(l Layout, g int) (first, rows int) {
	if l == NCX16n {
		return g * Block * r.c * r.x, min(r.n-g*Block, Block)
	}
	blocks := ceilDiv(r.c, Block)
	channel := g % blocks * Block
	return (g/blocks*r.c + channel) * r.x, min(r.c-channel, Block)
}

// tiles puts plain rows side by side in blocks, takes them apart, or copies blocks.
func (r *reordering) tiles(from, to Layout) phase {
	blocked := max(from, to)
	groups, cells := r.groups(blocked)
	tiles := divide(cells, elementsPerPart/Block)
	return phase{groups * tiles.parts, func(c *call, _, part int) {
		lo, hi := tiles.bounds(part % tiles.parts)
		g := part / tiles.parts
		first, rows := r.group(blocked, g)
		dst, src := c.out[0], c.in[0]
		at, end := (g*cells+lo)*Block, (g*cells+hi)*Block
		switch NCX {
		case from:
			r.k.lanes(dst[at:end], samples{src[first+lo:], cells, rows}, Block, false)
		case to:
			r.k.lanes(src[at:end], samples{dst[first+lo:], cells, rows}, Block, true)
		default:
			copy(dst[at:end], src[at:end])
			clearLanes(dst[at+rows:end], Block-rows)
		}
	}}
}

// cellRows are the rows of a square of 16 channels and as many samples at one position:
// count cells, from cell number first on, a pitch of cells apart. Where samples are in
// blocks a row is a channel, where channels are it is a sample.
type cellRows struct{ first, pitch, count int }

// cellRows are those at the first position of a block of samples and one of channels.
func (r *reordering) cellRows(l Layout, samples, channels int) cellRows {
	if l == NCX16n {
		channel := channels * Block
		return cellRows{(samples*r.c + channel) * r.x, r.x, min(r.c-channel, Block)}
	}
	sample, blocks := samples*Block, ceilDiv(r.c, Block)
	return cellRows{(sample*blocks + channels) * r.x, blocks * r.x, min(r.n-sample, Block)}
}

// squares brings blocks of channels to blocks of samples, or the other way round.
func (r *reordering) squares(from, to Layout) phase {
	groups, blocks := ceilDiv(r.n, Block), ceilDiv(r.c, Block)
	tiles := divide(r.x, elementsPerPart/(Block*Block))
	return phase{groups * blocks * tiles.parts, func(c *call, _, part int) {
		lo, hi := tiles.bounds(part % tiles.parts)
		part /= tiles.parts
		src, dst := r.cellRows(from, part/blocks, part%blocks), r.cellRows(to, part/blocks, part%blocks)
		rows := samples{c.in[0][(src.first+lo)*Block:], src.pitch * Block, src.count}
		r.k.squares(c.out[0][(dst.first+lo)*Block:], dst.pitch*Block, rows, dst.count, hi-lo)
	}}
}
