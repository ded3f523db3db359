package ops

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// batchLayouts are the pairs of layouts with the batch in blocks.
var batchLayouts = [][2]Layout{{NCX16n, NCX16n}, {NCX16n, NCX}, {NCX, NCX16n}}

// inLayout brings a plain tensor to the layout. What pads the last block is NaN, which
// no result may depend on.
func inLayout(plain []float32, l Layout, n int) []float32 {
	if l == NCX {
		return plain
	}
	size := len(plain) / max(n, 1)
	x := make([]float32, RoundUp(n)*size)
	fill(x, float32(math.NaN()))
	for i, v := range plain {
		x[batchIndex(l, size, i)] = v
	}
	return x
}

// batchIndex is where element i of a plain tensor of samples of the size is in the layout.
func batchIndex(l Layout, size, i int) int {
	if l == NCX {
		return i
	}
	sample, at := i/size, i%size
	return (sample/Block*size+at)*Block + sample%Block
}

// toPlain is the opposite of inLayout.
func toPlain(x []float32, l Layout, n, length int) []float32 {
	plain := make([]float32, length)
	for i := range plain {
		plain[i] = x[batchIndex(l, length/max(n, 1), i)]
	}
	return plain
}

// samePrimitive requires of a primitive with tensors in batch layouts what the plain
// one gives: each of in and out has the layout of its position, and samples n where that
// is not plain.
func samePrimitive(t *testing.T, build func(src, dst Layout) (Primitive, error), n int, in [][]float32, out []int, layouts func(src, dst Layout) (in, out []Layout)) {
	t.Helper()
	p, err := build(NCX, NCX)
	want := execute(t, checkPools()[0], must(t, p, err), in, out...)
	for _, pair := range batchLayouts {
		p, err := build(pair[0], pair[1])
		require.NoError(t, err)
		inL, outL := layouts(pair[0], pair[1])
		blocked, lengths := append([][]float32{}, in...), append([]int{}, out...)
		for i, l := range inL {
			blocked[i] = inLayout(in[i], l, n)
		}
		for i, l := range outL {
			lengths[i] = out[i] / max(n, 1) * l.batchBlock() * ceilDiv(n, l.batchBlock())
		}
		got := check(t, p, blocked, lengths...)
		for i := range got {
			l := NCX
			if i < len(outL) {
				l = outL[i]
			}
			requireSameBits(t, want[i], toPlain(got[i], l, n, out[i]), "%s to %s: output %d", pair[0], pair[1], i)
		}
	}
}

// testBatchLayouts compares the three primitives of a layer in batch layouts with the
// plain ones: sums of real numbers to the bit, gradients of weights, which are added up
// in another order, on whole numbers.
func testBatchLayouts(t *testing.T, of func(src, dst Layout) layer) {
	onEveryISA(t, func(t *testing.T) { compareBatchLayouts(t, of) })
}

func compareBatchLayouts(t *testing.T, of func(src, dst Layout) layer) {
	t.Helper()
	l := of(NCX, NCX)
	bias := noise(l.channels, 3)
	samePrimitive(t, func(src, dst Layout) (Primitive, error) { return of(src, dst).forward() }, l.n,
		withBias(l, bias, noise(l.src, 1), noise(l.weights, 2)), []int{l.dst},
		func(src, dst Layout) (in, out []Layout) { return []Layout{src}, []Layout{dst} })
	samePrimitive(t, func(src, dst Layout) (Primitive, error) { return of(src, dst).backwardData() }, l.n,
		[][]float32{noise(l.dst, 4), noise(l.weights, 2)}, []int{l.src},
		func(src, dst Layout) (in, out []Layout) { return []Layout{dst}, []Layout{src} })
	samePrimitive(t, func(src, dst Layout) (Primitive, error) { return of(src, dst).backwardWeights() }, l.n,
		[][]float32{integers(l.src, 4, 1), integers(l.dst, 4, 4)}, withBiasLength(l, l.weights),
		func(src, dst Layout) (in, out []Layout) { return []Layout{src, dst}, nil })
}

// batches are sizes of batches about the length of a block.
var batches = []int{16, 1, 17, 33, 15}

func TestConvInBatchLayouts(t *testing.T) {
	for i, tc := range convCases {
		d := tc.desc
		if d.N > 0 {
			d.N = batches[i%len(batches)]
		}
		d = d.complete()
		t.Run(fmt.Sprintf("%s, %d samples", tc.name, d.N), func(t *testing.T) {
			testBatchLayouts(t, func(src, dst Layout) layer {
				d.SrcLayout, d.DstLayout = src, dst
				return d.layer()
			})
		})
	}
}

func TestDeconvInBatchLayouts(t *testing.T) {
	for i, tc := range deconvCases {
		d := tc.desc
		if d.N > 0 {
			d.N = batches[i%len(batches)]
		}
		d = d.complete()
		t.Run(fmt.Sprintf("%s, %d samples", tc.name, d.N), func(t *testing.T) {
			testBatchLayouts(t, func(src, dst Layout) layer {
				d.SrcLayout, d.DstLayout = src, dst
				return d.layer()
			})
		})
	}
}

// Every size of a batch, with and without padding and an activation.
func TestBatchSizesInBatchLayouts(t *testing.T) {
	for _, n := range batches {
		for _, pad := range []int{0, 1} {
			d := ConvDesc{
				N: n, IC: 9, OC: 11, In: [3]int{3, 4, 5}, Kernel: [3]int{3, 3, 3}, PadLo: [3]int{pad, pad, pad}, PadHi: [3]int{pad, pad, pad},
				Bias: true, Post: Activation{LeakyReLU, 0.3},
			}.complete()
			t.Run(fmt.Sprintf("%d samples, padding %d", n, pad), func(t *testing.T) {
				testBatchLayouts(t, func(src, dst Layout) layer {
					d.SrcLayout, d.DstLayout = src, dst
					return d.layer()
				})
			})
		}
	}
}

// Layers so large that a plane is cut into slabs, and channels into blocks.
func TestLargeLayersInBatchLayouts(t *testing.T) {
	for name, d := range map[string]ConvDesc{
		"slabs":                   {N: 16, IC: 9, OC: 3, In: [3]int{3, 40, 60}, Kernel: [3]int{3, 3, 3}, PadLo: [3]int{1, 1, 1}, PadHi: [3]int{1, 1, 1}, Bias: true},
		"blocks of channels":      {N: 17, IC: 33, OC: 12, In: [3]int{4, 9, 10}, Kernel: [3]int{3, 4, 5}, PadLo: [3]int{1, 2, 2}, PadHi: [3]int{1, 1, 2}},
		"few rows that are alike": {N: 32, IC: 4, OC: 9, In: [3]int{5, 5, 6}, Kernel: [3]int{4, 4, 6}, PadLo: [3]int{1, 1, 2}, PadHi: [3]int{2, 2, 3}},
		"one channel":             {N: 16, IC: 1, OC: 9, In: [3]int{7, 13, 14}, Kernel: [3]int{5, 5, 5}, PadLo: [3]int{2, 2, 2}, PadHi: [3]int{2, 2, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			d = d.complete()
			compareBatchLayouts(t, func(src, dst Layout) layer {
				d.SrcLayout, d.DstLayout = src, dst
				return d.layer()
			})
		})
	}
}

// The estimate of a narrow layer on a whole block of samples prefers the batch in
// blocks, which needs no transpositions.
func TestCyclesOfBatchLayouts(t *testing.T) {
	cycles := func(l Layout) float64 {
		d := ConvDesc{N: 16, IC: 6, OC: 1, In: [3]int{9, 9, 9}, Kernel: [3]int{2, 2, 2}, SrcLayout: l, DstLayout: l}.complete()
		p, err := NewConv(d)
		return must(t, p, err).Info().Cycles
	}
	assert.Positive(t, cycles(NCX16n))
	assert.Less(t, cycles(NCX16n), cycles(NCX))
}
