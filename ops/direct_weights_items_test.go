package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/ops/avx512"
)

// What an item asks for is what the next one reads: wherever two items that follow each
// other have the same rows, the distance leads from every row of the one to the same row
// of the other.
func TestItemsOfAWeightGradientAskForWhatTheNextOneReads(t *testing.T) {
	same := [3]int{0, 1, 1}
	for _, tc := range []struct {
		name string
		desc ConvDesc
	}{
		{"kernel of 1", ConvDesc{N: 2, IC: 32, OC: 64, In: [3]int{1, 56, 56}}},
		{"kernel of 1, cells picked", ConvDesc{N: 2, IC: 32, OC: 64, In: [3]int{1, 56, 56}, Stride: [3]int{1, 2, 2}}},
		{"kernel of 3", ConvDesc{N: 2, IC: 32, OC: 64, In: [3]int{1, 40, 56}, Kernel: [3]int{1, 3, 3}, PadLo: same, PadHi: same}},
		{"kernel of 3, stride 2", ConvDesc{N: 2, IC: 32, OC: 64, In: [3]int{1, 40, 56}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 2}, PadLo: same, PadHi: same}},
		{"groups", ConvDesc{N: 2, IC: 64, OC: 64, Groups: 2, In: [3]int{1, 40, 56}, Kernel: [3]int{1, 3, 3}, PadLo: same, PadHi: same}},
		{"several samples an item", ConvDesc{N: 24, IC: 32, OC: 64, In: [3]int{1, 7, 7}, Kernel: [3]int{1, 3, 3}, PadLo: same, PadHi: same}},
		{"volume", ConvDesc{N: 2, IC: 16, OC: 16, In: [3]int{7, 9, 30}, Kernel: [3]int{3, 3, 3}, PadLo: [3]int{1, 1, 1}, PadHi: [3]int{1, 1, 1}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := plannedWeights(t, tc.desc)
			require.Greater(t, g.items(), 1)
			compared := 0
			for i := range g.items() - 1 {
				here, next := g.item(i), g.item(i+1)
				ask := g.distance(&here, &next)
				from, to := g.rowsOf(&here), g.rowsOf(&next)
				if len(from) != len(to) {
					continue
				}
				for r := range from {
					assert.Equal(t, to[r].A, from[r].A+ask.a, "row %d of src of item %d", r, i)
					assert.Equal(t, to[r].B, from[r].B+ask.b, "row %d of diffDst of item %d", r, i)
				}
				compared++
			}
			assert.Positive(t, compared)
		})
	}
}

// What a worker stages for itself is not there before it does so.
func TestItemsThatAreStagedOneByOneAskForDiffDstAlone(t *testing.T) {
	g := plannedWeights(t, ConvDesc{
		N: 2, IC: 3, OC: 64, In: [3]int{1, 64, 64}, Kernel: [3]int{1, 7, 7}, Stride: [3]int{1, 2, 2},
		PadLo: [3]int{0, 3, 3}, PadHi: [3]int{0, 3, 3}, SrcLayout: NCX,
	})
	here, next := g.item(0), g.item(1)
	ask := g.distance(&here, &next)
	assert.Zero(t, ask.a)
	assert.Positive(t, ask.b)
	assert.Equal(t, g.tiles.largest(), ask.blocks)
}

// plannedWeights is a weight gradient as far as its items are planned.
func plannedWeights(t *testing.T, d ConvDesc) *directWeights {
	t.Helper()
	if d.DstLayout = NCX16c; d.IC >= Block {
		d.SrcLayout = NCX16c
	}
	d = d.complete()
	require.NoError(t, d.checkBlocked("weights"))
	g := &directWeights{direct: d.directForward(false, Activation{})}
	g.role = blockedGradient
	g.divideWork()
	return g
}

// rowsOf are the rows that the middle tap of an item takes, from the start of src and of
// diffDst.
func (g *directWeights) rowsOf(item *weightItem) (rows []avx512.BlockedTap) {
	for _, tap := range item.strips[len(item.strips)/2].taps.list {
		rows = append(rows, avx512.BlockedTap{
			A: item.samples.lo*g.source.sample + tap.A/4,
			B: item.samples.lo*g.groups*g.outBlocks()*g.dst*Block + tap.B/4,
		})
	}
	return rows
}
