package ops

import "fmt"

// Layout says how the elements of a tensor of shape N, C, [D,] H, W lie in
// memory. Shapes are always written in that order, whatever the layout.
type Layout uint8

const (
	// NCX is plain row-major order: what users feed and read.
	NCX Layout = iota
	// NCX16c has the channels in blocks of 16, the block innermost. What pads the last
	// block is no one's: it may hold anything, and no element depends on it.
	NCX16c
	// NCX16n has the batch in blocks of 16, the block innermost: ceil(N/16), C,
	// X, 16. What pads the last block is no one's.
	NCX16n
)

// Block is the length of the blocks of the blocked layouts: one AVX-512 vector
// of float32.
const Block = 16

// String returns the name used by Explain and the verbose log.
func (l Layout) String() string {
	switch l {
	case NCX:
		return "NCX"
	case NCX16c:
		return "NCX16c"
	case NCX16n:
		return "NCX16n"
	}
	return fmt.Sprintf("Layout(%d)", uint8(l))
}

// Size is the number of float32 that a tensor of the shape takes in the layout,
// padding included. A shape of fewer than two dimensions is always plain.
func (l Layout) Size(shape []int) int {
	n := 1
	for axis, d := range shape {
		if blocked := l.blockedAxis(); len(shape) > 1 && axis == blocked {
			d = (d + Block - 1) / Block * Block
		}
		n *= d
	}
	return n
}

// batchBlock is the number of samples that lie side by side.
func (l Layout) batchBlock() int {
	if l == NCX16n {
		return Block
	}
	return 1
}

// blockedAxis is the axis that the layout splits, or -1.
func (l Layout) blockedAxis() int {
	switch l {
	case NCX16c:
		return 1
	case NCX16n:
		return 0
	}
	return -1
}

// cell is the length of a cell: the elements of neighbouring channels or samples that
// a layout has side by side at every position.
func (l Layout) cell() int {
	if l == NCX {
		return 1
	}
	return Block
}

// planes is the number of planes of N x C: a plane has the cells of all positions.
func (l Layout) planes(n, c int) int {
	switch l {
	case NCX16c:
		return n * ceilDiv(c, Block)
	case NCX16n:
		return ceilDiv(n, Block) * c
	}
	return n * c
}

// check reports a layout that the named operation cannot work in on a batch of n.
func (l Layout) check(op string, n int) error {
	switch {
	case l > NCX16n:
		return invalid(op, "layout %s: there is none of that number", l)
	case l == NCX16n && n%Block != 0:
		return invalid(op, "layout %s: a batch of %d is no multiple of %d", l, n, Block)
	}
	return nil
}

// suffix is what Info.Problem says of a layout that is not the usual one.
func (l Layout) suffix() string {
	if l == NCX {
		return ""
	}
	return " " + l.String()
}

// wholeBlocks is the number of channels or samples that fill whole blocks, not less
// than n.
func wholeBlocks(n int) int { return ceilDiv(n, Block) * Block }
