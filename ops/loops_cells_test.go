package ops

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cellCounts are one call of a kernel, none, and several.
var cellCounts = []int{0, 1, 2, 5, 128, 129, 1025}

// cellConstants are numbers that differ from element to element of a cell.
func cellConstants(seed uint64) cell { return cell(noise(Block, seed)) }

// cellCases are the loops over cells that write cells.
var cellCases = []loopCase{
	exact("normalise", 1, 1, func(l *loops, out, in [][]float32) {
		line := cellLine{cellConstants(1), cellConstants(2), cellConstants(3)}
		l.cells.normalise(&line, out[0], in[0])
	}),
	exact("normalise backward", 2, 1, func(l *loops, out, in [][]float32) {
		plane := cellPlane{cellConstants(1), cellConstants(2), cellConstants(3), cellConstants(4)}
		l.cells.normaliseBackward(&plane, out[0], in[0], in[1])
	}),
}

// Loops over cells write what the portable ones do, in place too, and nothing beside it.
func TestCells(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		for _, tc := range cellCases {
			for _, cells := range cellCounts {
				n := cells * Block
				in, want := operands(tc.in, n), [][]float32{make([]float32, n)}
				tc.run(&portableLoops, want, in)
				fenced := fence(t, n)
				for side := range 2 {
					got := [][]float32{fenced[side]}
					tc.run(l, got, in)
					requireNear(t, want, got, 0, "%s of %d cells", tc.name, cells)
					copy(fenced[side], in[0])
					tc.run(l, got, slices.Concat(got, in[1:]))
					requireNear(t, want, got, 0, "%s of %d cells in place", tc.name, cells)
				}
			}
		}
	})
}

// cellSums are the loops over cells that add up.
var cellSums = []struct {
	name  string
	in    int
	kinds int
	run   func(l *loops, sums []float64, in [][]float32, c *cell)
}{
	{"moments", 1, 2, func(l *loops, sums []float64, in [][]float32, c *cell) { l.cells.moments(sums, in[0], c) }},
	{"gradient moments", 2, 3, func(l *loops, sums []float64, in [][]float32, c *cell) {
		l.cells.gradientMoments(sums, in[0], in[1], c)
	}},
}

// They add the very bits of the portable ones to what is there.
func TestCellSums(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		for _, tc := range cellSums {
			for _, cells := range cellCounts {
				in, shift := [][]float32{noise(cells*Block, 1), noise(cells*Block, 2)}[:tc.in], cellConstants(5)
				want := widen(noise(tc.kinds*Block+1, 3))
				got := slices.Clone(want)
				tc.run(&portableLoops, want, in, &shift)
				for i := range in {
					in[i] = append(fence(t, len(in[i]))[0][:0], in[i]...)
				}
				tc.run(l, got, in, &shift)
				require.Equal(t, want, got, "%s of %d cells", tc.name, cells)
			}
		}
	})
}

// A special number in one element of a cell stays there.
func TestCellSumsOfSpecials(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		for _, tc := range cellSums {
			for _, special := range specials {
				in, shift := [][]float32{noise(5*Block, 1), noise(5*Block, 2)}[:tc.in], cellConstants(5)
				in[0][2*Block+9] = special
				want, got := make([]float64, tc.kinds*Block), make([]float64, tc.kinds*Block)
				tc.run(&portableLoops, want, in, &shift)
				tc.run(l, got, in, &shift)
				for i := range want {
					same := want[i] == got[i] || math.IsNaN(want[i]) && math.IsNaN(got[i])
					require.True(t, same, "%s of %v: sum %d is %v, not %v", tc.name, special, i, got[i], want[i])
				}
			}
		}
	})
}

// cellWindowCases are the loops over windows of cells. They change volume or row.
var cellWindowCases = []struct {
	name string
	run  func(l windowLoops, w windowRow, row, volume, diff []float32)
}{
	{"averages", func(l windowLoops, w windowRow, row, volume, _ []float32) { l.averages(w, row, volume, 3) }},
	{"spread", func(l windowLoops, w windowRow, row, volume, _ []float32) { l.spread(w, volume, row, 3) }},
	{"max", func(l windowLoops, w windowRow, row, volume, _ []float32) { l.max(w, row, volume) }},
	{"max backward", func(l windowLoops, w windowRow, row, volume, diff []float32) { l.maxBackward(w, diff, row, volume) }},
}

// Windows of cells have the results of the portable loops, and nothing beside the
// volume is read or written.
func TestCellWindows(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		for _, tc := range windowRows {
			w := tc.row
			if w.planes > 3 { // the longest is too long for a volume of cells
				w.planes, w.planeStride, w.rowStride = 40, 600, 15
			}
			for _, n := range []int{0, 1, 3, 130} {
				size := max(w.end(n), 0) * Block
				volumes, diffs, rows := fence(t, size), fence(t, size), fence(t, n*Block)
				for _, op := range cellWindowCases {
					for side := range 2 {
						checkCellWindows(t, tc.name+", "+op.name, func(l windowLoops, row, volume, diff []float32) {
							op.run(l, w, row, volume, diff)
						}, l.cells.windows, rows[side], volumes[side], diffs[side])
					}
				}
			}
		}
	})
}

func checkCellWindows(t *testing.T, name string, run func(l windowLoops, row, volume, diff []float32), l windowLoops, got ...[]float32) {
	t.Helper()
	want := make([][]float32, len(got))
	for i, values := range [][]float32{operands(1, len(got[0]))[0], mostlyEqual(len(got[1])), noise(len(got[2]), 9)} {
		copy(got[i], values)
		want[i] = values
	}
	run(portableCells.windows, want[0], want[1], want[2])
	run(l, got[0], got[1], got[2])
	requireNear(t, want, got, 0, "%s: windows, volume and gradient", name)
}

func TestCellsBeyondTheOperands(t *testing.T) {
	onEveryISA(t, func(t *testing.T) {
		l, w := currentLoops().cells, windowRow{planes: 1, rows: 1, taps: 2, stride: 2}
		short, x := make([]float32, 7*Block), make([]float32, 4*Block)
		assert.Panics(t, func() { l.windows.averages(w, x, short, 1) })
		assert.Panics(t, func() { l.windows.max(w, x, short) })
		assert.Panics(t, func() { l.windows.maxBackward(w, x, x, make([]float32, 8*Block)) })
		assert.Panics(t, func() { l.normalise(new(cellLine), short, x) })
		assert.Panics(t, func() { l.moments(make([]float64, Block), x, new(cell)) })
		assert.Panics(t, func() { l.gradientMoments(make([]float64, 3*Block), x, short, new(cell)) })
	})
}
