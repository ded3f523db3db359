package compile

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/ops"
)

// TestPlace gives random tensors their places: those alive at the same time must not
// overlap, all are aligned, and the arena is as large as the last of them needs.
func TestPlace(t *testing.T) {
	r := philox.NewStream(1, 2)
	for range 300 {
		var list []*buffer
		total := 0
		for range r.Intn(40) {
			first := r.Intn(20)
			b := &buffer{size: r.Intn(300), first: first, last: first + r.Intn(6)}
			total += ops.RoundUp(b.size)
			list = append(list, b)
		}
		size := place(list)
		assert.LessOrEqual(t, size, total)
		end := 0
		for i, a := range list {
			end = max(end, a.offset+ops.RoundUp(a.size))
			assert.Zero(t, a.offset%16)
			for _, b := range list[:i] {
				together := a.first <= b.last && b.first <= a.last
				overlap := a.offset < b.offset+b.size && b.offset < a.offset+a.size
				assert.False(t, together && overlap, "%+v and %+v", *a, *b)
			}
		}
		assert.Equal(t, end, size)
	}
}

// TestPlaceShares: of three tensors in a chain two can lie in the same place.
func TestPlaceShares(t *testing.T) {
	chain := []*buffer{{size: 64, first: 0, last: 1}, {size: 64, first: 1, last: 2}, {size: 64, first: 2, last: 3}}
	assert.Equal(t, 128, place(chain))
}
