package ops

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

var reorderShapes = [][]int{
	{}, {7}, {2, 3}, {1, 1}, {0, 4, 3}, {5, 0, 3}, {5, 3, 0}, {16, 16, 4}, {17, 33, 5, 3}, {15, 31, 2, 3, 2}, {1, 3, 65}, {3, 48, 7, 19}, {33, 17, 1}, {16, 5, 1}, {32, 47, 1, 1}, {2, 20, 1100},
}

// placeIn is where element i, in plain order, of a tensor lies in a layout: by
// the layout's definition.
func placeIn(l Layout, shape []int, i int) int {
	if l == NCX || len(shape) < 2 {
		return i
	}
	spatial := NCX.Size(shape[2:])
	x, c, n := i%spatial, i/spatial%shape[1], i/spatial/shape[1]
	if l == NCX16c { // N, C/16, X, 16
		blocks := (shape[1] + 15) / 16
		return (n*blocks*spatial+c/16*spatial+x)*16 + c%16
	}
	return (n/16*shape[1]*spatial+c*spatial+x)*16 + n%16 // N/16, C, X, 16
}

func TestReorder(t *testing.T) {
	layouts := []Layout{NCX, NCX16c, NCX16n}
	for _, shape := range reorderShapes {
		for _, from := range layouts {
			for _, to := range layouts {
				t.Run(fmt.Sprintf("%v from %s to %s", shape, from, to), func(t *testing.T) {
					src, want := make([]float32, from.Size(shape)), make([]float32, to.Size(shape))
					fill(src, guard) // what pads src must not be read
					for i, v := range noise(NCX.Size(shape), 1) {
						src[placeIn(from, shape, i)] = v
						want[placeIn(to, shape, i)] = v
					}
					p, err := NewReorder(shape, from, to)
					assert.Equal(t, want, check(t, must(t, p, err), [][]float32{src}, len(want))[0])
				})
			}
		}
	}
}

func BenchmarkReorder(b *testing.B) {
	shape := []int{16, 64, 56, 56}
	for _, to := range []Layout{NCX, NCX16c, NCX16n} {
		for _, from := range []Layout{NCX, NCX16c, NCX16n} {
			b.Run(fmt.Sprintf("%s to %s", from, to), func(b *testing.B) {
				p, err := NewReorder(shape, from, to)
				benchmark(b, must(b, p, err), [][]float32{noise(from.Size(shape), 1)}, to.Size(shape))
			})
		}
	}
}
