package ops

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

var windowRows = []struct {
	name string
	row  windowRow
}{
	{"elements", windowRow{planes: 1, rows: 1, taps: 1, stride: 1}},
	{"pairs", windowRow{planes: 1, rows: 1, taps: 2, stride: 2}},
	{"cubes from the middle of a volume", windowRow{at: 5, planes: 2, planeStride: 1000, rows: 2, rowStride: 300, taps: 2, stride: 2}},
	{"whole planes of short rows", windowRow{planes: 3, planeStride: 2000, rows: 7, rowStride: 200, taps: 1, stride: 1}},
	{"gaps between windows", windowRow{planes: 1, rows: 3, rowStride: 900, taps: 2, stride: 5}},
	{"overlapping", windowRow{planes: 2, planeStride: 900, rows: 2, rowStride: 200, taps: 3, stride: 2}},
	{"overlapping, a stride of 1", windowRow{planes: 1, rows: 2, rowStride: 300, taps: 4, stride: 1}},
	{"too much for a call", windowRow{planes: 150, planeStride: 200, rows: 40, rowStride: 3, taps: 3, stride: 3}},
}

// windowCounts go over the tails of vectors and beyond the lanes of the portable loop.
var windowCounts = []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 15, 16, 17, 25, 31, 32, 33, windowLanes + 1}

func TestWindowAverages(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		eachWindows(t, func(t *testing.T, w windowRow, volume [2][]float32, n int) {
			dsts := fence(t, n)
			for side := range 2 {
				copy(volume[side], operands(1, len(volume[side]))[0])
				want := make([]float32, n)
				windowAveragesPortable(w, want, volume[side], 3)
				fillPortable(dsts[side], guard)
				l.windowAverages(w, dsts[side], volume[side], 3)
				requireNear(t, [][]float32{want}, [][]float32{dsts[side]}, 0, "%d windows", n)
			}
		})
	})
}

func TestWindowSpread(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		eachWindows(t, func(t *testing.T, w windowRow, volume [2][]float32, n int) {
			srcs := fence(t, n)
			for side := range 2 {
				copy(volume[side], operands(2, len(volume[side]))[1])
				copy(srcs[side], operands(1, n)[0])
				want := slices.Clone(volume[side])
				windowSpreadPortable(w, want, srcs[side], 3)
				l.windowSpread(w, volume[side], srcs[side], 3)
				requireNear(t, [][]float32{want}, [][]float32{volume[side]}, 0, "%d windows", n)
			}
		})
	})
}

func TestWindowMax(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		eachWindows(t, func(t *testing.T, w windowRow, volume [2][]float32, n int) {
			dsts := fence(t, n)
			for side := range 2 {
				copy(volume[side], mostlyEqual(len(volume[side])))
				want := make([]float32, n)
				windowMaxPortable(w, want, volume[side])
				fillPortable(dsts[side], 7)
				l.windowMax(w, dsts[side], volume[side])
				requireNear(t, [][]float32{want}, [][]float32{dsts[side]}, 0, "%d windows", n)
			}
		})
	})
}

func TestWindowMaxBackward(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		eachWindows(t, func(t *testing.T, w windowRow, volume [2][]float32, n int) {
			diffs := noise(n, 1)
			for side := range 2 {
				copy(volume[side], mostlyEqual(len(volume[side])))
				want, got := make([]float32, len(volume[side])), make([]float32, len(volume[side]))
				windowMaxBackwardPortable(w, want, diffs, volume[side])
				l.windowMaxBackward(w, got, diffs, volume[side])
				requireSameBits(t, want, got, "%d windows", n)
			}
		})
	})
}

// mostlyEqual are numbers among which the maximum is often found twice, and is NaN,
// −∞ or a zero of either sign.
func mostlyEqual(n int) []float32 {
	x := operands(1, n)[0]
	for i := range x {
		if x[i] > 0 {
			x[i] = 0
		} else if x[i] < -1 {
			x[i] = negativeInfinity
		}
	}
	return x
}

// eachWindows calls f with volumes that end where the last window does.
func eachWindows(t *testing.T, f func(t *testing.T, w windowRow, volume [2][]float32, n int)) {
	for _, tc := range windowRows {
		t.Run(tc.name, func(t *testing.T) {
			for _, n := range windowCounts {
				f(t, tc.row, fence(t, max(tc.row.end(n), 0)), n)
			}
		})
	}
}

func TestWindowsBeyondTheVolume(t *testing.T) {
	onEveryISA(t, func(t *testing.T) {
		l, w := currentLoops(), windowRow{planes: 1, rows: 1, taps: 2, stride: 2}
		short, x := make([]float32, 39), make([]float32, 20)
		assert.Panics(t, func() { l.windowAverages(w, x, short, 1) })
		assert.Panics(t, func() { l.windowSpread(w, short, x, 1) })
		w.at = -1
		assert.Panics(t, func() { l.windowAverages(w, x, make([]float32, 99), 1) })
	})
}

// Rows of every width, of one or several elements or cells to a block, are written as
// often as asked, and nothing beside them.
func TestUpsampleRows(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		checkUpsampler(t, upsampleRowsPortable, l.upsampleRows, 40, 1)
		checkUpsampler(t, repeatCellsPortable, l.cells.repeat, 5, Block)
	})
}

func checkUpsampler(t *testing.T, portable, upsample upsampler, widest, cell int) {
	t.Helper()
	srcs, dsts := fence(t, widest*3*cell), fence(t, widest*3*4*3*cell)
	for width := 1; width <= widest; width++ {
		for times := 1; times <= 4; times++ {
			index := make([]int32, width*times)
			for i := range index {
				index[i] = int32(i / times)
			}
			for copies := 1; copies <= 3; copies++ {
				for side := range 2 {
					src, dst := beside(srcs, side, 3*width*cell), beside(dsts, side, 3*copies*len(index)*cell)
					copy(src, noise(len(src), uint64(width)))
					want := make([]float32, len(dst))
					portable(want, src, index, copies)
					fillPortable(dst, guard)
					upsample(dst, src, index, copies)
					requireSameBits(t, want, dst, "%d elements, %d times, %d copies", width, times, copies)
				}
			}
		}
	}
}

func TestUpsampleRowsOfShortOperands(t *testing.T) {
	onEveryISA(t, func(t *testing.T) {
		assert.Panics(t, func() {
			currentLoops().upsampleRows(make([]float32, 7), make([]float32, 2), []int32{0, 0, 1, 1}, 2)
		})
	})
}
