package ops

import "github.com/cascade-hpc/cascade/ops/avx512"

// blocked is a row of tiles of a batch-reduce GEMM with the channels of one operand
// in blocks of 16, in lanes:
//
//	c[i·cRow + j·cVector + l] (+)= Σ_t Σ_k a[t.A + i·aRow + k·aStep] · b[t.B + j·bVector + 16·k + l]
//
// for each of several lines, the next aLine and cLine further on, with 0 ≤ i < rows,
// 0 ≤ j < blocks, 0 ≤ l < 16.
type blocked struct {
	role          blockedRole
	rows, blocks  int // blocks as many as a kernel has tiles for
	a, b, c       []float32
	taps          *blockedTaps
	aRow, aStep   int
	bVector       int
	cRow, cVector int
	lines         int // at least 1
	aLine, cLine  int
	bias          []float32  // of the blocks, added to every row; or nil
	accumulate    bool       // add to c instead of writing it
	post          Activation // Identity, ReLU or LeakyReLU
	ahead         ahead
}

// ahead is memory that will be wanted soon, which a blockedGradient asks for while it
// computes: processors do not see it coming, for it is read in short runs far apart.
// Distances are in floats from what is read now.
type ahead struct {
	a      int // from every element of a to one, or 0
	b      int // from the first block of b to one of blocks that are bVector apart
	blocks int // how many of them, a line asking for one
}

// skip leaves out what some lines have asked for.
func (a *ahead) skip(lines, bVector int) {
	asked := min(lines, a.blocks)
	a.b += asked * bVector
	a.blocks -= asked
}

// blockedRole is what a sum counts.
type blockedRole uint8

const (
	// blockedData has positions for i, channels of src for k and of dst for j and l; b
	// holds weights: a convolution or its data gradient. aStep is 1.
	blockedData blockedRole = iota
	// blockedGradient has channels of src for i, of dst for j and l, and positions for
	// k; b is the gradient of dst: a weight gradient. aRow is 1.
	blockedGradient
	// blockedRow is blockedData with three taps where that has one: rows are neighbouring
	// cells, the whole row of src that they are the positions of, and each position takes
	// its own cell and those beside it, if there are any. There is one block.
	blockedRow
	// blockedRowGradient is blockedGradient with three taps of a row for blocks: the steps
	// of a tap are the cells of a row and the positions, at least two, and tap j takes the
	// cell j−1 further on. bVector is 0, and cVector the distance of taps.
	blockedRowGradient
	// blockedDepthwise has, instead of one element of a, the 16 that begin there, one
	// for each l, and one block: a convolution of each channel by itself, with
	// positions for i, or its weight gradient, with taps for i and positions for k.
	blockedDepthwise
)

// width is the number of elements of a that are used at once.
func (r blockedRole) width() int {
	if r == blockedDepthwise {
		return Block
	}
	return 1
}

// blockedTaps are the taps of a sum and what they reach.
type blockedTaps struct {
	list           []avx512.BlockedTap // in bytes, as kernels want them
	bTap           int                 // of a blockedRow, from a tap to the next in b; in floats
	steps          int                 // of all taps
	reachA, reachB int                 // one more than the furthest element that a tile of one row and block takes
}

// newBlockedTaps takes taps whose places are counted in elements. The steps of a tap
// are aStep apart in a.
func newBlockedTaps(taps []avx512.BlockedTap, aStep int) *blockedTaps {
	t := &blockedTaps{}
	for _, tap := range taps {
		t.steps += tap.Steps
		t.reachA = max(t.reachA, tap.A+(tap.Steps-1)*aStep+1)
		t.reachB = max(t.reachB, tap.B+tap.Steps*Block)
		t.list = append(t.list, avx512.BlockedTap{A: 4 * tap.A, B: 4 * tap.B, Steps: tap.Steps})
	}
	// Kernels look ahead for what to prefetch.
	t.list = append(t.list, make([]avx512.BlockedTap, 2)...)[:len(t.list)]
	return t
}

// newRowTaps takes the taps of a blockedRow: in a the cell of the first position, in b the
// tap before it.
func newRowTaps(taps []avx512.BlockedTap, bTap int) *blockedTaps {
	t := newBlockedTaps(taps, 1)
	t.bTap = bTap
	t.reachB += max(0, (rowTaps-1)*bTap)
	return t
}

// rowTaps is the number of taps that a blockedRow takes at once.
const rowTaps = 3

// bound slices the operands to what the call may touch, so that no kernel needs to
// look again. It panics where an operand is too short.
func (t *blocked) bound() {
	if t.taps.steps > 0 {
		t.a = t.a[:t.taps.reachA-1+t.role.width()+(t.rows-1)*t.aRow+(t.lines-1)*t.aLine]
		t.b = t.b[:t.taps.reachB+(t.blocks-1)*t.bVector]
	}
	t.c = t.c[:(t.rows-1)*t.cRow+(t.blocks-1)*t.cVector+(t.lines-1)*t.cLine+Block]
}

// blockedPortable is blocked in Go: it defines the result.
func blockedPortable(t blocked) {
	t.bound()
	for line := range t.lines {
		for i := range t.rows {
			for j := range t.blocks {
				sum := t.sum(i, line, j)
				t.finish(&sum, t.c[i*t.cRow+line*t.cLine+j*t.cVector:][:Block], j)
			}
		}
	}
}

// sum is what the taps give for a row of a line and a block.
func (t *blocked) sum(i, line, block int) (sum [Block]float32) {
	first, count := i, 1
	if t.role == blockedRow {
		first, count = i-1, rowTaps
	}
	for _, tap := range t.taps.list {
		for s := max(0, -first); s < min(count, t.rows-first); s++ {
			a, b := t.a[tap.A/4+(first+s)*t.aRow+line*t.aLine:], t.b[tap.B/4+s*t.taps.bTap+block*t.bVector:]
			if steps := tap.Steps; t.role == blockedRowGradient {
				at, from := max(0, block-1), max(0, 1-block)
				t.addTap(&sum, a[at*t.aStep:], b[from*Block:], steps-at-from)
			} else {
				t.addTap(&sum, a, b, steps)
			}
		}
	}
	return sum
}

// addTap adds the steps of a tap.
func (t *blocked) addTap(sum *[Block]float32, a, b []float32, steps int) {
	for k := range steps {
		w := (*[Block]float32)(b[k*Block:])
		if t.role == blockedDepthwise {
			for l, x := range a[k*t.aStep:][:Block] {
				sum[l] += x * w[l]
			}
			continue
		}
		x := a[k*t.aStep]
		for l := range sum {
			sum[l] += x * w[l]
		}
	}
}

// finish writes a block of a row, c.
func (t *blocked) finish(sum *[Block]float32, c []float32, block int) {
	if t.bias != nil {
		for l, b := range t.bias[block*Block:][:Block] {
			sum[l] += b
		}
	}
	if t.accumulate {
		for l := range sum {
			sum[l] += c[l]
		}
	}
	copy(c, sum[:])
	activatePortable(t.post, c, c)
}

// clear writes zeros, as a sum without taps gives.
func (t *blocked) clear() {
	if t.accumulate {
		return
	}
	for j := range t.blocks {
		for line := range t.lines {
			for i := range t.rows {
				*(*[Block]float32)(t.c[i*t.cRow+line*t.cLine+j*t.cVector:]) = [Block]float32{}
			}
		}
	}
}
