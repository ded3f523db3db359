package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

var concatShapes = []struct {
	name    string
	outer   int
	lengths []int
}{
	{"one tensor", 3, []int{5}},
	{"empty batch", 0, []int{5, 6}},
	{"scalars", 1, []int{1, 1, 1}},
	{"an empty one between", 4, []int{3, 0, 2}},
	{"all empty", 4, []int{0, 0}},
	{"empty ends", 2, []int{0, 3, 0}},
	{"many short rows", 9001, []int{1, 2, 1}},
	{"longer than a part", 2, []int{elementsPerPart + 1, 17, 2 * elementsPerPart}},
}

func TestConcatAndSlice(t *testing.T) {
	for _, s := range concatShapes {
		t.Run(s.name, func(t *testing.T) {
			var in [][]float32
			total := 0
			for i, n := range s.lengths {
				in = append(in, noise(s.outer*n, uint64(i)))
				total += n
			}
			want := make([]float32, 0, s.outer*total)
			for r := range s.outer {
				for i, n := range s.lengths {
					want = append(want, in[i][r*n:(r+1)*n]...)
				}
			}
			p, err := NewConcat(s.outer, s.lengths)
			joined := check(t, must(t, p, err), in, len(want))[0]
			assert.Equal(t, want, joined)
			start := 0
			for i, n := range s.lengths {
				p, err = NewSlice(s.outer, total, start, n)
				assert.Equal(t, in[i], check(t, must(t, p, err), [][]float32{joined}, s.outer*n)[0], "part %d", i)
				start += n
			}
		})
	}
}

func TestConcatKeepsItsLengths(t *testing.T) {
	lengths := []int{1, 2}
	p, err := NewConcat(1, lengths)
	must(t, p, err)
	lengths[0] = 3
	assert.Equal(t, []float32{1, 2, 3}, check(t, p, [][]float32{{1}, {2, 3}}, 3)[0])
}

func BenchmarkConcat(b *testing.B) {
	const outer, length = 64, 8 * 25 * 25
	p, err := NewConcat(outer, []int{length, length})
	benchmark(b, must(b, p, err), [][]float32{noise(outer*length, 1), noise(outer*length, 2)}, 2*outer*length)
}
