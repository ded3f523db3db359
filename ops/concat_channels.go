package ops

import "fmt"

// ConcatDesc describes the concatenation of tensors N x C[i] x Spatial along their
// channels.
type ConcatDesc struct {
	N       int
	C       []int
	Spatial int
	Layout  Layout // of all tensors; N is a multiple of 16 in NCX16n
}

// SliceDesc describes the Count channels from channel Start on of a tensor
// N x C x Spatial.
type SliceDesc struct {
	N, C, Spatial int
	Start, Count  int
	Layout        Layout // of both tensors; N is a multiple of 16 in NCX16n
}

// NewConcatChannels returns the primitive that joins tensors along their channels.
//
//	in:  len(C) tensors [N, C[i], Spatial]
//	out: dst [N, Σ C, Spatial]
func NewConcatChannels(d ConcatDesc) (Primitive, error) {
	const op = "concat"
	pieces, lengths, channels, aligned := []channelPiece{}, []int{}, 0, true
	for i, c := range d.C {
		if _, err := elements(op, d.N, c, d.Spatial, len(d.C), d.Layout.cell()); err != nil {
			return nil, err
		}
		aligned = aligned && (channels%Block == 0 || c == 0)
		pieces = append(pieces, channelPiece{tensor: i, count: c})
		lengths = append(lengths, d.Layout.rowLength(c, d.Spatial))
		channels += c
	}
	if err := d.Layout.check(op, d.N); err != nil {
		return nil, err
	}
	if aligned || d.Layout != NCX16c {
		return NewConcat(d.Layout.rows(d.N), lengths)
	}
	return newRegrouping(op, d.N, d.Spatial, lengths, pieces), nil
}

// NewSliceChannels returns the primitive that takes some channels: the gradient of one
// part of [NewConcatChannels].
//
//	in:  src [N, C, Spatial]
//	out: dst [N, Count, Spatial]
func NewSliceChannels(d SliceDesc) (Primitive, error) {
	const op = "slice"
	if _, err := elements(op, d.N, d.C, d.Spatial, d.Layout.cell()); err != nil {
		return nil, err
	}
	if d.Start < 0 || d.Count < 0 || d.Count > d.C-d.Start {
		return nil, invalid(op, "%d channels from channel %d on of %d", d.Count, d.Start, d.C)
	}
	if err := d.Layout.check(op, d.N); err != nil {
		return nil, err
	}
	total := d.Layout.rowLength(d.C, d.Spatial)
	if d.Start%Block == 0 || d.Layout != NCX16c {
		start, length := d.Layout.rowLength(d.Start, d.Spatial), d.Layout.rowLength(d.Count, d.Spatial)
		return NewSlice(d.Layout.rows(d.N), total, start, length)
	}
	return newRegrouping(op, d.N, d.Spatial, []int{total}, []channelPiece{{start: d.Start, count: d.Count}}), nil
}

// rows is the number of samples, or of blocks of them, that follow each other.
func (l Layout) rows(n int) int { return n / l.batchBlock() }

// rowLength is the number of elements of one such row of c channels.
func (l Layout) rowLength(c, spatial int) int { return l.planes(1, c) * l.cell() * spatial }

// channelPiece are count channels, from channel start on, of one of several tensors.
type channelPiece struct{ tensor, start, count int }

// laneRun are neighbouring channels that keep together: n of them, from place from in a
// row of cells of a tensor to lane to.
type laneRun struct{ tensor, from, to, n int }

// newRegrouping puts pieces together in channel blocks where they do not start with a
// block. rows are the lengths of a row of each tensor.
func newRegrouping(kind string, n, spatial int, rows []int, pieces []channelPiece) Primitive {
	blocks := laneRuns(spatial, pieces)
	info := Info{
		Kind:    kind,
		Problem: fmt.Sprintf("axis:1 %d rows of %v to %d blocks of channels", n, rows, len(blocks)),
		Bytes:   floatBytes(2 * n * len(blocks) * Block * spatial),
	}
	cells := divide(spatial, elementsPerPart/Block)
	return newPhased(info, phase{n * len(blocks) * cells.parts, func(c *call, _, part int) {
		lo, hi := cells.bounds(part % cells.parts)
		plane := part / cells.parts
		sample := plane / len(blocks)
		dst := c.out[0][(plane*spatial+lo)*Block : (plane*spatial+hi)*Block]
		for _, r := range blocks[plane%len(blocks)] {
			if r.tensor < 0 {
				clearLanes(dst[r.to:], r.n)
				continue
			}
			copyLanes(dst[r.to:], c.in[r.tensor][sample*rows[r.tensor]+r.from+lo*Block:], r.n)
		}
	}})
}

// laneRuns are the runs of every block of the result. Those of tensor −1 pad the last.
func laneRuns(spatial int, pieces []channelPiece) (blocks [][]laneRun) {
	to := 0
	add := func(r laneRun) {
		if to%Block == 0 {
			blocks = append(blocks, nil)
		}
		r.to = to % Block
		blocks[to/Block] = append(blocks[to/Block], r)
		to += r.n
	}
	for _, p := range pieces {
		for c := p.start; c < p.start+p.count; {
			n := min(p.start+p.count-c, Block-c%Block, Block-to%Block)
			add(laneRun{tensor: p.tensor, from: c/Block*Block*spatial + c%Block, n: n})
			c += n
		}
	}
	if rest := to % Block; rest > 0 {
		add(laneRun{tensor: -1, n: Block - rest})
	}
	return blocks
}

// copyLanes copies n lanes of every cell, until dst ends.
func copyLanes(dst, src []float32, n int) {
	for at := 0; at < len(dst); at += Block {
		copy(dst[at:at+n], src[at:])
	}
}

func clearLanes(dst []float32, n int) {
	for at := 0; at < len(dst); at += Block {
		clear(dst[at : at+n])
	}
}
