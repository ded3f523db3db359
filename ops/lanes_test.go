package ops

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Rows of samples go side by side and apart again, whatever their number and
// length, and nothing beside them is read or written.
func TestLanes(t *testing.T) {
	onKernels(t, func(t *testing.T, k kernels) {
		for _, n := range []int{1, 15, 16, 17, 33} {
			for lanes := 1; lanes <= Block; lanes++ {
				for _, missing := range []int{0, 1, 4, lanes - 1} {
					checkLanes(t, &k, n, lanes, max(lanes-missing, 1), 1)
				}
			}
		}
		for _, step := range []int{2, 3} {
			checkLanes(t, &k, 7, 5, 3, step)
			checkLanes(t, &k, 7, 1, 1, step)
		}
		checkLanes(t, &k, 5000, Block, 13, 1)
	})
}

func checkLanes(t *testing.T, k *kernels, n, lanes, count, step int) {
	t.Helper()
	length := (n-1)*step + 1
	stride := length + 2
	stagedFence, plainFence := fence(t, n*lanes), fence(t, (count-1)*stride+length)
	for side := range 2 {
		staged, plain := stagedFence[side], plainFence[side]
		copy(plain, integers(len(plain), 99, 1))
		fill(staged, guard)
		k.interleave(staged, samples{plain, stride, count}, step, lanes)
		for i := range n {
			for l := range lanes {
				want := float32(0)
				if l < count {
					want = plain[l*stride+i*step]
				}
				require.Equal(t, want, staged[i*lanes+l], "element %d of lane %d of %d, %d samples of %d", i, l, lanes, count, n)
			}
		}
		fill(plain, guard)
		k.deinterleave(samples{plain, stride, count}, staged, step, lanes)
		for at, v := range plain {
			l, i := at/stride, at%stride
			if i < length && i%step == 0 {
				require.Equal(t, staged[i/step*lanes+l], v, "element %d of sample %d", i, l)
			} else {
				requireSameBits(t, []float32{guard}, []float32{v}, "between the samples")
			}
		}
	}
}

// Rows of any number and length become columns, and nothing beside them is read or
// written.
func TestTranspose(t *testing.T) {
	onKernels(t, func(t *testing.T, k kernels) {
		for count := 1; count <= Block; count++ {
			for _, n := range []int{1, 7, 8, 9, 15, 16} {
				checkTranspose(t, &k, count, n)
			}
		}
	})
}

func checkTranspose(t *testing.T, k *kernels, count, n int) {
	t.Helper()
	const stride, pitch = Block + 3, Block + 5
	from, to := fence(t, (count-1)*stride+n), fence(t, (n-1)*pitch+Block)
	for side := range 2 {
		src, dst := from[side], to[side]
		copy(src, integers(len(src), 99, 1))
		fill(dst, guard)
		k.transpose(dst, pitch, Block, samples{src, stride, count}, n, false)
		for at, v := range dst {
			want := guard
			switch i, l := at/pitch, at%pitch; {
			case l < count:
				want = src[l*stride+i]
			case l < Block:
				want = 0
			}
			requireSameBits(t, []float32{want}, []float32{v}, "place %d, %d rows of %d", at, count, n)
		}
	}
}

// So do those of squares side by side.
func TestSquares(t *testing.T) {
	onKernels(t, func(t *testing.T, k kernels) {
		for count := 1; count <= Block; count++ {
			for _, n := range []int{1, 7, 8, 9, 15, 16} {
				checkSquares(t, &k, count, n)
			}
		}
	})
}

func checkSquares(t *testing.T, k *kernels, count, n int) {
	t.Helper()
	const squares, stride, pitch = 3, 3*Block + 3, 3*Block + 5
	from, to := fence(t, (count-1)*stride+2*Block+n), fence(t, (n-1)*pitch+3*Block)
	for side := range 2 {
		src, dst := from[side], to[side]
		copy(src, integers(len(src), 99, 1))
		fill(dst, guard)
		k.squares(dst, pitch, samples{src, stride, count}, n, squares)
		for at, v := range dst {
			i, square, l := at/pitch, at%pitch/Block, at%pitch%Block
			want := guard
			switch {
			case square == squares: // between the columns
			case l < count:
				want = src[l*stride+square*Block+i]
			default:
				want = 0
			}
			requireSameBits(t, []float32{want}, []float32{v}, "place %d, %d rows of %d", at, count, n)
		}
	}
}

// Cells are copied to where there are others between them, and from there; those stay as
// they are.
func TestCopyCells(t *testing.T) {
	onKernels(t, func(t *testing.T, k kernels) {
		for _, n := range []int{0, 1, 2, 13, 5000} {
			for _, steps := range [][2]int{{1, 1}, {1, 2}, {2, 1}, {3, 5}} {
				dstStep, srcStep := steps[0]*Block, steps[1]*Block
				extent := func(step int) int { return max(0, (n-1)*step+Block) }
				dsts, srcs := fence(t, extent(dstStep)), fence(t, extent(srcStep))
				for side := range 2 {
					dst, src := dsts[side], srcs[side]
					copy(src, integers(len(src), 99, 1))
					fill(dst, guard)
					k.copyCells(dst, src, dstStep, srcStep, n)
					for i, v := range dst {
						want := guard
						if i%dstStep < Block {
							want = src[i/dstStep*srcStep+i%dstStep]
						}
						requireSameBits(t, []float32{want}, []float32{v}, "element %d of %d cells, %d apart", i, n, dstStep)
					}
				}
			}
		}
	})
}
