package ops

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// onEveryISA runs a test with the kernels of each instruction set of the machine
// that has kernels of its own.
func onEveryISA(t *testing.T, test func(t *testing.T)) {
	for _, isa := range isasWithKernels() {
		t.Run(isa.String(), func(t *testing.T) {
			defer LowerISA(isa)()
			test(t)
		})
	}
}

func isasWithKernels() (isas []ISA) {
	for isa := CurrentISA(); isa >= Generic; isa-- {
		restore := LowerISA(isa)
		if currentKernels().isa == isa {
			isas = append(isas, isa)
		}
		restore()
	}
	return isas
}

// complete sets what a test leaves out to the usual, and Out to what follows.
func (d ConvDesc) complete() ConvDesc {
	d.Groups = max(d.Groups, 1)
	for a := range d.In {
		for _, size := range []*int{&d.In[a], &d.Kernel[a], &d.Stride[a], &d.Dilation[a]} {
			*size = max(*size, 1)
		}
		d.Out[a] = OutSize(d.In[a], d.Kernel[a], d.Stride[a], d.Dilation[a], d.PadLo[a], d.PadHi[a])
	}
	return d
}

var convCases = []struct {
	name string
	desc ConvDesc
}{
	{"one of everything", ConvDesc{N: 1, IC: 1, OC: 1}},
	{"a single tap on many positions", ConvDesc{N: 2, IC: 1, OC: 1, In: [3]int{1, 9, 11}}},
	{"no samples", ConvDesc{N: 0, IC: 3, OC: 4, In: [3]int{1, 5, 5}, Kernel: [3]int{1, 3, 3}, Bias: true}},
	{"image 3x3", ConvDesc{N: 2, IC: 3, OC: 5, In: [3]int{1, 7, 9}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
	{"volume 3x3x3", ConvDesc{N: 2, IC: 4, OC: 8, In: [3]int{5, 6, 7}, Kernel: [3]int{3, 3, 3}, PadLo: [3]int{1, 1, 1}, PadHi: [3]int{1, 1, 1}}},
	{"primes everywhere", ConvDesc{N: 3, IC: 5, OC: 7, In: [3]int{7, 11, 13}, Kernel: [3]int{2, 3, 5}, Bias: true}},
	{"an even kernel's extra cell after", ConvDesc{N: 1, IC: 8, OC: 9, In: [3]int{5, 5, 6}, Kernel: [3]int{4, 4, 6}, PadLo: [3]int{1, 1, 2}, PadHi: [3]int{2, 2, 3}}},
	{"asymmetric padding", ConvDesc{N: 1, IC: 2, OC: 3, In: [3]int{4, 5, 6}, Kernel: [3]int{3, 2, 3}, PadLo: [3]int{2, 0, 1}, PadHi: [3]int{0, 3, 2}}},
	{"padding before only", ConvDesc{N: 1, IC: 2, OC: 3, In: [3]int{1, 5, 6}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 2, 2}}},
	{"kernel larger than the image", ConvDesc{N: 2, IC: 3, OC: 4, In: [3]int{2, 3, 2}, Kernel: [3]int{5, 6, 7}, PadLo: [3]int{2, 2, 3}, PadHi: [3]int{2, 3, 3}, Bias: true}},
	{"taps wholly in the padding", ConvDesc{N: 2, IC: 2, OC: 3, In: [3]int{1, 2, 3}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 5, 7}, PadHi: [3]int{0, 4, 6}}},
	{"windows wholly in the padding", ConvDesc{N: 1, IC: 1, OC: 2, In: [3]int{1, 1, 1}, Kernel: [3]int{1, 2, 2}, PadLo: [3]int{0, 4, 4}, PadHi: [3]int{0, 4, 4}, Bias: true}},
	{"no window meets the image", ConvDesc{N: 1, IC: 2, OC: 2, In: [3]int{1, 1, 1}, Kernel: [3]int{1, 1, 2}, Stride: [3]int{1, 1, 9}, PadLo: [3]int{0, 0, 3}, PadHi: [3]int{0, 0, 1}, Bias: true}},
	{"stride 2", ConvDesc{N: 2, IC: 3, OC: 4, In: [3]int{1, 9, 12}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 2}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
	{"stride 2 of a kernel of 1", ConvDesc{N: 2, IC: 8, OC: 3, In: [3]int{1, 8, 9}, Stride: [3]int{1, 2, 2}}},
	{"other strides on each axis", ConvDesc{N: 1, IC: 2, OC: 3, In: [3]int{7, 9, 11}, Kernel: [3]int{3, 4, 5}, Stride: [3]int{2, 1, 3}, PadLo: [3]int{1, 2, 0}, PadHi: [3]int{0, 1, 3}}},
	{"stride beyond the kernel", ConvDesc{N: 1, IC: 2, OC: 3, In: [3]int{8, 9, 10}, Kernel: [3]int{2, 1, 2}, Stride: [3]int{3, 4, 5}}},
	{"stride that leaves a rest", ConvDesc{N: 1, IC: 1, OC: 1, In: [3]int{1, 1, 10}, Kernel: [3]int{1, 1, 3}, Stride: [3]int{1, 1, 4}, PadHi: [3]int{0, 0, 2}}},
	{"dilation 2", ConvDesc{N: 1, IC: 3, OC: 4, In: [3]int{1, 11, 13}, Kernel: [3]int{1, 3, 3}, Dilation: [3]int{1, 2, 2}, PadLo: [3]int{0, 2, 2}, PadHi: [3]int{0, 2, 2}}},
	{"dilation 3 with stride 2", ConvDesc{N: 2, IC: 2, OC: 3, In: [3]int{9, 10, 12}, Kernel: [3]int{2, 3, 3}, Stride: [3]int{2, 2, 2}, Dilation: [3]int{3, 2, 3}, PadLo: [3]int{1, 2, 3}, PadHi: [3]int{2, 1, 0}}},
	{"dilation with the same stride", ConvDesc{N: 1, IC: 2, OC: 2, In: [3]int{1, 9, 9}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 3}, Dilation: [3]int{1, 2, 3}, PadLo: [3]int{0, 1, 3}, PadHi: [3]int{0, 1, 3}}},
	{"groups", ConvDesc{N: 2, IC: 6, OC: 9, Groups: 3, In: [3]int{1, 6, 7}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
	{"depthwise", ConvDesc{N: 2, IC: 17, OC: 17, Groups: 17, In: [3]int{1, 7, 8}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}}},
	{"depthwise with a multiplier, stride 2", ConvDesc{N: 1, IC: 5, OC: 10, Groups: 5, In: [3]int{5, 6, 7}, Kernel: [3]int{3, 3, 3}, Stride: [3]int{2, 2, 2}, PadLo: [3]int{1, 1, 1}, PadHi: [3]int{1, 1, 1}, Bias: true}},
	{"1x1 over several blocks of channels", ConvDesc{N: 1, IC: 65, OC: 33, In: [3]int{1, 5, 7}}},
	{"one below a block of rows", ConvDesc{N: 1, IC: 31, OC: 7, In: [3]int{1, 4, 15}, Kernel: [3]int{1, 2, 2}}},
	{"a block of rows", ConvDesc{N: 1, IC: 32, OC: 8, In: [3]int{1, 4, 16}, Kernel: [3]int{1, 2, 1}}},
	{"one above a block of rows", ConvDesc{N: 1, IC: 33, OC: 9, In: [3]int{1, 4, 17}, Kernel: [3]int{1, 2, 2}}},
	{"one output channel", ConvDesc{N: 2, IC: 6, OC: 1, In: [3]int{4, 6, 40}, Kernel: [3]int{2, 2, 2}, Bias: true}},
	{"one input channel", ConvDesc{N: 2, IC: 1, OC: 16, In: [3]int{9, 9, 9}, Kernel: [3]int{5, 5, 5}, PadLo: [3]int{2, 2, 2}, PadHi: [3]int{2, 2, 2}}},
	{"a row of many vectors", ConvDesc{N: 1, IC: 2, OC: 6, In: [3]int{1, 1, 301}, Kernel: [3]int{1, 1, 4}}},
	{"several samples of little", ConvDesc{N: 19, IC: 3, OC: 2, In: [3]int{1, 3, 4}, Kernel: [3]int{1, 2, 2}, Bias: true}},
	{"a plane so large that it is cut", ConvDesc{N: 1, IC: 6, OC: 1, In: [3]int{1, 250, 200}, Kernel: [3]int{1, 2, 2}, PadHi: [3]int{0, 1, 0}}},
}

func TestConv(t *testing.T) {
	for _, tc := range convCases {
		t.Run(tc.name, func(t *testing.T) {
			testLayer(t, tc.desc.complete().layer())
		})
	}
}

// testLayer compares the three primitives of a layer with its oracle, on whole
// numbers so small that every sum is exact in float32, whatever its order.
func testLayer(t *testing.T, l layer) {
	src, weights, bias := integers(l.src, 4, 1), integers(l.weights, 4, 2), integers(l.channels, 9, 3)
	diffDst := integers(l.dst, 4, 4)
	dst := l.refForward(src, weights, bias)
	diffSrc := l.refBackwardData(diffDst, weights)
	diffWeights, diffBias := l.refBackwardWeights(src, diffDst)
	products := 0
	l.products(func(product) { products++ })
	onEveryISA(t, func(t *testing.T) {
		p, err := l.forward()
		require.EqualValues(t, 2*products, p.Info().FLOPs)
		requireExact(t, dst, check(t, must(t, p, err), withBias(l, bias, src, weights), l.dst)[0], "dst")

		p, err = l.backwardData()
		requireExact(t, diffSrc, check(t, must(t, p, err), [][]float32{diffDst, weights}, l.src)[0], "diffSrc")

		p, err = l.backwardWeights()
		out := check(t, must(t, p, err), [][]float32{src, diffDst}, withBiasLength(l, l.weights)...)
		requireExact(t, diffWeights, out[0], "diffWeights")
		if l.channels > 0 {
			requireExact(t, diffBias, out[1], "diffBias")
		}
	})
}

func withBias(l layer, bias []float32, in ...[]float32) [][]float32 {
	if l.channels > 0 {
		return append(in, bias)
	}
	return in
}

func withBiasLength(l layer, lengths ...int) []int {
	if l.channels > 0 {
		return append(lengths, l.channels)
	}
	return lengths
}

// requireExact wants the very numbers of the oracle.
func requireExact(t *testing.T, want []float64, got []float32, what string) {
	t.Helper()
	require.Len(t, got, len(want), what)
	for i, w := range want {
		if float64(got[i]) != w {
			require.Failf(t, what, "element %d is %v, where %v is expected", i, got[i], w)
		}
	}
}
