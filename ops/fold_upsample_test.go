package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

var foldUpsampleCases = []struct {
	name         string
	d            FoldUpsampleDesc
	in           [3]int // spatial sizes of what is up-sampled
	padLo, padHi [3]int // of the convolution
}{
	{"one of everything", FoldUpsampleDesc{1, 1, 1, [3]int{1, 1, 1}, [3]int{1, 1, 1}}, [3]int{1, 1, 1}, [3]int{}, [3]int{}},
	{"scale 1 flips and transposes", FoldUpsampleDesc{3, 2, 1, [3]int{1, 3, 4}, [3]int{1, 1, 1}}, [3]int{1, 5, 6}, [3]int{}, [3]int{}},
	{"image", FoldUpsampleDesc{3, 4, 1, [3]int{1, 3, 5}, [3]int{1, 2, 2}}, [3]int{1, 5, 4}, [3]int{0, 1, 2}, [3]int{0, 1, 2}},
	{"scale beyond the kernel", FoldUpsampleDesc{2, 3, 1, [3]int{1, 2, 3}, [3]int{1, 5, 4}}, [3]int{1, 3, 2}, [3]int{0, 1, 0}, [3]int{0, 0, 2}},
	{"kernel beyond the image", FoldUpsampleDesc{2, 1, 1, [3]int{1, 7, 9}, [3]int{1, 2, 3}}, [3]int{1, 2, 1}, [3]int{0, 6, 8}, [3]int{0, 5, 7}},
	{"volume, another scale on each axis", FoldUpsampleDesc{4, 3, 1, [3]int{3, 4, 2}, [3]int{2, 1, 3}}, [3]int{3, 5, 2}, [3]int{2, 0, 1}, [3]int{1, 3, 0}},
	{"groups", FoldUpsampleDesc{6, 4, 2, [3]int{2, 3, 3}, [3]int{2, 2, 2}}, [3]int{2, 3, 3}, [3]int{1, 1, 1}, [3]int{0, 1, 1}},
	{"depthwise", FoldUpsampleDesc{5, 5, 5, [3]int{1, 3, 3}, [3]int{1, 3, 2}}, [3]int{1, 4, 3}, [3]int{0, 1, 1}, [3]int{0, 1, 1}},
	{"more than a part", FoldUpsampleDesc{24, 40, 1, [3]int{1, 3, 3}, [3]int{1, 2, 2}}, [3]int{1, 3, 3}, [3]int{0, 1, 1}, [3]int{0, 1, 1}},
}

// TestFoldUpsample: the deconvolution with the folded weights gives what up-sampling
// and convolution give, exactly with whole numbers.
func TestFoldUpsample(t *testing.T) {
	const samples = 2
	for _, tc := range foldUpsampleCases {
		t.Run(tc.name, func(t *testing.T) {
			d := tc.d
			up := UpsampleDesc{N: samples, C: d.IC, In: tc.in, Scale: d.Scale}
			conv := ConvDesc{
				N: samples, IC: d.IC, OC: d.OC, Groups: d.Groups, In: up.Out(), Kernel: d.Kernel, PadLo: tc.padLo, PadHi: tc.padHi,
			}.complete()
			both := DeconvDesc{N: samples, IC: d.IC, OC: d.OC, Groups: d.Groups, In: tc.in, Kernel: d.Folded(), Stride: d.Scale}
			for a, k := range d.Kernel {
				both.PadLo[a], both.PadHi[a] = k-1-tc.padLo[a], k-1-tc.padHi[a]
			}
			both = both.complete()
			assert.Equal(t, conv.Out, both.Out)

			src, weights := integers(both.SrcLen(), 8, 1), integers(conv.WeightsLen(), 8, 2)
			p, err := NewUpsample(up)
			large := execute(t, checkPools()[1], must(t, p, err), [][]float32{src}, conv.SrcLen())[0]
			p, err = NewConv(conv)
			want := execute(t, checkPools()[1], must(t, p, err), [][]float32{large, weights}, conv.DstLen())[0]

			p, err = NewFoldUpsample(d)
			folded := check(t, must(t, p, err), [][]float32{weights}, both.WeightsLen())[0]
			p, err = NewDeconv(both)
			got := execute(t, checkPools()[1], must(t, p, err), [][]float32{src, folded}, both.DstLen())[0]
			assert.Equal(t, want, got)

			diff := integers(len(folded), 8, 3)
			p, err = NewFoldUpsampleBackward(d)
			back := check(t, must(t, p, err), [][]float32{diff}, len(weights))[0]
			assert.Equal(t, scalarProduct(folded, diff), scalarProduct(weights, back), "the gradient is the adjoint")
		})
	}
}

func BenchmarkFoldUpsample(b *testing.B) {
	d := FoldUpsampleDesc{OC: 64, IC: 64, Groups: 1, Kernel: [3]int{6, 5, 8}, Scale: [3]int{2, 2, 2}}
	weights, folded := d.OC*d.IC*volume(d.Kernel), d.OC*d.IC*volume(d.Folded())
	b.Run("forward", func(b *testing.B) {
		p, err := NewFoldUpsample(d)
		benchmark(b, must(b, p, err), [][]float32{noise(weights, 1)}, folded)
	})
	b.Run("backward", func(b *testing.B) {
		p, err := NewFoldUpsampleBackward(d)
		benchmark(b, must(b, p, err), [][]float32{noise(folded, 1)}, weights)
	})
}
