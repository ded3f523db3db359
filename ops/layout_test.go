package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLayoutSize(t *testing.T) {
	for _, tc := range []struct {
		name                  string
		shape                 []int
		plain, block16, batch int
	}{
		{"scalar", []int{}, 1, 1, 1},
		{"vector", []int{7}, 7, 7, 7},
		{"full blocks", []int{16, 32, 4}, 2048, 2048, 2048},
		{"one of each", []int{1, 1, 3}, 3, 48, 48},
		{"one more than a block", []int{17, 17, 2, 2}, 1156, 2176, 2176},
		{"empty batch", []int{0, 3, 4}, 0, 0, 0},
		{"volumes", []int{2, 3, 4, 5, 6}, 720, 3840, 5760},
	} {
		t.Run(tc.name, func(t *testing.T) {
			assert.Equal(t, tc.plain, NCX.Size(tc.shape), "NCX")
			assert.Equal(t, tc.block16, NCX16c.Size(tc.shape), "NCX16c")
			assert.Equal(t, tc.batch, NCX16n.Size(tc.shape), "NCX16n")
		})
	}
}

func TestLayoutNames(t *testing.T) {
	assert.Equal(t, "NCX", NCX.String())
	assert.Equal(t, "NCX16c", NCX16c.String())
	assert.Equal(t, "NCX16n", NCX16n.String())
	assert.Equal(t, "Layout(9)", Layout(9).String())
}
