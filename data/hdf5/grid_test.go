package hdf5

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzGrid puts an array together from its chunks and compares it, element by
// element, with what index arithmetic says. Each byte of the seed is an axis:
// its length and that of a chunk along it.
func FuzzGrid(f *testing.F) {
	f.Add([]byte{0x73}, 1, 4)
	f.Add([]byte{0x73, 0x52}, 0, 7)
	f.Add([]byte{0x52, 0x33, 0x41}, 2, 2)
	f.Add([]byte{0x24, 0x35, 0x33}, 0, 2)
	f.Add([]byte{0x52, 0x33, 0x42, 0x33}, 3, 2)
	f.Add([]byte{0x52, 0x21, 0x22, 0x25, 0x31}, 1, 3)
	f.Fuzz(func(t *testing.T, axes []byte, first, count int) {
		if len(axes) == 0 || len(axes) > 5 {
			t.Skip()
		}
		shape, chunk := make([]int, len(axes)), make([]int, len(axes))
		for i, b := range axes {
			shape[i], chunk[i] = 1+int(b>>4)%7, 1+int(b&15)%9
		}
		first = int(uint(first) % uint(shape[0]))
		count = 1 + int(uint(count)%uint(shape[0]-first))
		g, ok := newGrid(shape, chunk, 1)
		require.True(t, ok)
		got := make([]byte, count*g.rowBytes)
		for at := first; at < first+count; {
			band := at / chunk[0]
			skip := at - band*chunk[0]
			n := min(first+count-at, chunk[0]-skip)
			for k := range g.band {
				b := g.box(k, n)
				b.copy(got[(at-first)*g.rowBytes:], chunkOf(&g, band*g.band+k)[skip*g.sliceBytes:])
			}
			at += n
		}
		for i := range got {
			require.Equal(t, byte(first*g.rowBytes+i), got[i], "shape %v, chunk %v, rows [%d, +%d), element %d", shape, chunk, first, count, i)
		}
	})
}

// chunkOf is a chunk of an array whose elements hold their own places, the low
// byte of them; 0 beyond the shape.
func chunkOf(g *grid, index int) []byte {
	var origin [maxRank]int
	for i := g.axes - 1; i >= 0; i-- {
		origin[i] = index % g.along[i] * g.chunk[i]
		index /= g.along[i]
	}
	chunk := make([]byte, g.chunkBytes)
	for e := range chunk {
		at, rest, step, inside := 0, e, 1, true
		for i := g.axes - 1; i >= 0; i-- {
			x := origin[i] + rest%g.chunk[i]
			rest /= g.chunk[i]
			at += x * step
			step *= g.shape[i]
			inside = inside && x < g.shape[i]
		}
		if inside {
			chunk[e] = byte(at)
		}
	}
	return chunk
}

func TestGridsOfTooManyChunksAreLeftToLibhdf5(t *testing.T) {
	_, ok := newGrid([]int{1 << 24}, []int{1}, 4)
	require.True(t, ok)
	_, ok = newGrid([]int{1<<24 + 1}, []int{1}, 4)
	require.False(t, ok)
	_, ok = newGrid([]int{1 << 40, 1 << 20}, []int{1, 1}, 4)
	require.False(t, ok)
}
