package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// testDirectDeconv compares the three primitives of a deconvolution between channels
// in blocks with the oracle, exactly, on whole numbers.
func testDirectDeconv(t *testing.T, d DeconvDesc) {
	plain := d.layer()
	src, weights, bias := integers(plain.src, 4, 1), integers(plain.weights, 4, 2), integers(plain.channels, 9, 3)
	diffDst := integers(plain.dst, 4, 4)
	blockedSrc, blockedDst := inChannelBlocks(src, d.N, d.IC), inChannelBlocks(diffDst, d.N, d.OC)
	packed := func(backward bool) []float32 {
		if !d.Packed {
			return weights
		}
		p, err := NewPackDeconvWeights(d, backward)
		return check(t, must(t, p, err), [][]float32{weights}, d.PackedLen(backward))[0]
	}

	p, err := NewDeconv(d)
	dst := check(t, must(t, p, err), withBias(plain, bias, blockedSrc, packed(false)), len(blockedDst))[0]
	requireExact(t, plain.refForward(src, weights, bias), fromChannelBlocks(dst, d.N, d.OC, plain.dst), "dst")

	p, err = NewDeconvBackwardData(d)
	diffSrc := check(t, must(t, p, err), [][]float32{blockedDst, packed(true)}, len(blockedSrc))[0]
	requireExact(t, plain.refBackwardData(diffDst, weights), fromChannelBlocks(diffSrc, d.N, d.IC, plain.src), "diffSrc")

	p, err = NewDeconvBackwardWeights(d)
	length := plain.weights
	if d.Packed {
		length = d.PackedLen(true) // the order of the convolution whose data gradient this is
	}
	out := check(t, must(t, p, err), [][]float32{blockedSrc, blockedDst}, withBiasLength(plain, length)...)
	if d.Packed {
		u, err := NewUnpackDeconvWeights(d)
		out[0] = check(t, must(t, u, err), [][]float32{out[0]}, plain.weights)[0]
	}
	diffWeights, diffBias := plain.refBackwardWeights(src, diffDst)
	requireExact(t, diffWeights, out[0], "diffWeights")
	if d.Bias {
		requireExact(t, diffBias, out[1], "diffBias")
	}
}

func TestDirectDeconv(t *testing.T) {
	for _, tc := range append(deconvCases[:len(deconvCases):len(deconvCases)], []struct {
		name string
		desc DeconvDesc
	}{
		{"stride 2 between blocks", DeconvDesc{N: 2, IC: 32, OC: 17, In: [3]int{1, 5, 7}, Kernel: [3]int{1, 4, 4}, Stride: [3]int{1, 2, 2}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
		{"kernel and stride of 2", DeconvDesc{N: 2, IC: 16, OC: 16, In: [3]int{2, 3, 4}, Kernel: [3]int{2, 2, 2}, Stride: [3]int{2, 2, 2}}},
		{"groups of blocks", DeconvDesc{N: 1, IC: 32, OC: 32, Groups: 2, In: [3]int{1, 4, 5}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 2}, PadLo: [3]int{0, 1, 1}, OutPad: [3]int{0, 1, 0}}},
	}...) {
		d := tc.desc.complete()
		if d.N == 0 || d.Groups > 1 && (d.IC/d.Groups%Block != 0 || d.OC/d.Groups%Block != 0) {
			continue
		}
		d.SrcLayout, d.DstLayout = NCX16c, NCX16c
		t.Run(tc.name, func(t *testing.T) {
			onEveryISA(t, func(t *testing.T) {
				d.Packed = false
				testDirectDeconv(t, d)
				d.Packed = true
				testDirectDeconv(t, d)
			})
		})
	}
}

// Between full blocks of channels a stride leaves gaps of whole cells in dst, which the
// estimate knows to be slow to fill with the batch in blocks.
func TestCyclesOfWideDeconvolutions(t *testing.T) {
	if CurrentISA() == Generic {
		t.Skip("portable kernels take longer than memory")
	}
	cycles := func(l Layout) float64 {
		d := DeconvDesc{N: 16, IC: 32, OC: 16, In: [3]int{14, 14, 14}, Kernel: [3]int{4, 4, 4}, Stride: [3]int{2, 2, 2}, PadLo: [3]int{1, 1, 1}, PadHi: [3]int{1, 1, 1}}
		d.SrcLayout, d.DstLayout = l, l
		p, err := NewDeconv(d.complete())
		return must(t, p, err).Info().Cycles
	}
	assert.Less(t, cycles(NCX16c), cycles(NCX16n))
	assert.Less(t, cycles(NCX16c), cycles(NCX))
}
