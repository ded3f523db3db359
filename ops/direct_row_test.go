package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Whether three taps are taken at once depends on the shape alone, so that results are the
// same bits in every batch, and never on AVX2, which has no such kernel.
func TestThreeTapsAreTakenAtOnceInOneBlockOfChannels(t *testing.T) {
	square := func(kernel, pad int) ConvDesc {
		return ConvDesc{
			N: 2, IC: 40, OC: 16, In: [3]int{1, 12, 12}, Kernel: [3]int{1, kernel, kernel},
			PadLo: [3]int{0, pad, pad}, PadHi: [3]int{0, pad, pad}, SrcLayout: NCX16c, DstLayout: NCX16c,
		}
	}
	with := func(change func(d *ConvDesc)) ConvDesc {
		d := square(3, 1)
		change(&d)
		return d
	}
	for _, tc := range []struct {
		name string
		desc ConvDesc
		want bool
	}{
		{"kernel of 3", square(3, 1), true},
		{"a large batch", with(func(d *ConvDesc) { d.N = 64 }), true},
		{"rows of 7", with(func(d *ConvDesc) { d.In[2] = 7 }), false},
		{"rows of 8", with(func(d *ConvDesc) { d.In[2] = 8 }), true},
		{"two blocks of results", with(func(d *ConvDesc) { d.OC = 17 }), false},
		{"no padding", square(3, 0), false},
		{"kernel of 5", square(5, 2), false},
		{"kernel of 1", square(1, 0), false},
		{"stride along W", with(func(d *ConvDesc) { d.Stride = [3]int{1, 1, 2} }), false},
		{"stride along H", with(func(d *ConvDesc) { d.Stride = [3]int{1, 2, 1} }), true},
		{"dilated along W", with(func(d *ConvDesc) { d.Dilation, d.PadLo[2], d.PadHi[2] = [3]int{1, 1, 2}, 2, 2 }), false},
		{"padding at one end", with(func(d *ConvDesc) { d.PadLo[2], d.PadHi[2] = 2, 0 }), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			onEveryISA(t, func(t *testing.T) {
				d := tc.desc.complete()
				g := planned(d.directForward(false, Activation{}))
				assert.Equal(t, tc.want && g.kern.mostRow > 0, g.role == blockedRow)
				if g.role == blockedRow {
					assert.Zero(t, g.source.staged)
					assert.False(t, g.abreast)
				}
			})
		})
	}
}

// The data gradient of a convolution that keeps the size is one, of turned weights.
func TestThreeTapsAreTakenAtOnceBackwards(t *testing.T) {
	onEveryISA(t, func(t *testing.T) {
		d := ConvDesc{N: 2, IC: 16, OC: 40, In: [3]int{1, 9, 9}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, SrcLayout: NCX16c, DstLayout: NCX16c}.complete()
		g := planned(d.directBackwardData(false, Activation{}))
		assert.Equal(t, g.kern.mostRow > 0, g.role == blockedRow)
		if g.role == blockedRow {
			assert.Negative(t, g.cellStep())
		}
	})
}

func TestWeightGradientsTakeARowOfTapsAtOnce(t *testing.T) {
	for _, tc := range []struct {
		name        string
		oc, width   int
		kernel, pad int
		want        bool
	}{
		{"one block", 16, 9, 3, 1, true},
		{"many blocks of long rows", 512, 14, 3, 1, true},
		{"many blocks of short rows", 512, 7, 3, 1, false},
		{"few blocks of short rows", 128, 7, 3, 1, true},
		{"taps that lie in the padding", 16, 2, 5, 2, false},
		{"no padding", 16, 9, 3, 0, false},
		{"kernel of 1", 16, 9, 1, 0, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			onEveryISA(t, func(t *testing.T) {
				d := ConvDesc{
					N: 2, IC: 20, OC: tc.oc, In: [3]int{1, 3, tc.width}, Kernel: [3]int{1, 1, tc.kernel},
					PadLo: [3]int{0, 0, tc.pad}, PadHi: [3]int{0, 0, tc.pad}, SrcLayout: NCX16c, DstLayout: NCX16c,
				}.complete()
				g := directWeights{direct: d.directForward(false, Activation{})}
				g.role = blockedGradient
				g.divideWork()
				assert.Equal(t, tc.want && g.kern.mostRow > 0, g.role == blockedRowGradient)
			})
		})
	}
}
