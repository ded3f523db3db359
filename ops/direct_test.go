package ops

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// directCases are convolutions whose channels and rows are about the sizes of blocks
// and tiles.
var directCases = []struct {
	name string
	desc ConvDesc
}{
	{"one block to one", ConvDesc{N: 2, IC: 16, OC: 16, In: [3]int{1, 5, 6}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
	{"one below a block", ConvDesc{N: 1, IC: 15, OC: 31, In: [3]int{1, 4, 14}, Kernel: [3]int{1, 2, 2}, Bias: true}},
	{"one above a block", ConvDesc{N: 1, IC: 17, OC: 33, In: [3]int{1, 4, 16}, Kernel: [3]int{1, 2, 2}}},
	{"tiles of two and three blocks", ConvDesc{N: 1, IC: 16, OC: 80, In: [3]int{1, 3, 15}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}}},
	{"tiles of four blocks, rows of six", ConvDesc{N: 1, IC: 16, OC: 64, In: [3]int{1, 3, 6}, Kernel: [3]int{1, 1, 3}, PadLo: [3]int{0, 0, 1}, PadHi: [3]int{0, 0, 1}}},
	{"kernel of 1, planes in one row", ConvDesc{N: 3, IC: 32, OC: 48, In: [3]int{2, 5, 7}}},
	{"kernel of 1, rows of a handy length", ConvDesc{N: 1, IC: 16, OC: 16, In: [3]int{1, 56, 56}, Bias: true}},
	{"kernel of 1, stride 2", ConvDesc{N: 2, IC: 32, OC: 32, In: [3]int{1, 9, 10}, Stride: [3]int{1, 2, 2}}},
	{"stride 2 with padding", ConvDesc{N: 2, IC: 20, OC: 24, In: [3]int{1, 14, 14}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 2}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
	{"volume", ConvDesc{N: 2, IC: 18, OC: 17, In: [3]int{3, 5, 7}, Kernel: [3]int{3, 3, 3}, PadLo: [3]int{1, 1, 1}, PadHi: [3]int{1, 1, 1}, Bias: true}},
	{"groups of whole blocks", ConvDesc{N: 2, IC: 32, OC: 64, Groups: 2, In: [3]int{1, 6, 7}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
	{"several passes over src", ConvDesc{N: 1, IC: 530, OC: 18, In: [3]int{1, 4, 5}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
	{"a plane of blocks so large that it is cut", ConvDesc{N: 1, IC: 16, OC: 2, In: [3]int{1, 100, 120}, Kernel: [3]int{1, 2, 2}, PadLo: [3]int{0, 1, 1}}},
	{"many samples of little", ConvDesc{N: 37, IC: 16, OC: 32, In: [3]int{1, 3, 3}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}}},
	{"narrow rows of samples abreast, three blocks to a tile", ConvDesc{N: 17, IC: 32, OC: 96, In: [3]int{1, 5, 7}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
	{"samples abreast, stride 2", ConvDesc{N: 9, IC: 48, OC: 33, In: [3]int{1, 9, 6}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 2}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
	{"samples abreast, groups in a volume", ConvDesc{N: 5, IC: 64, OC: 96, Groups: 2, In: [3]int{3, 2, 4}, Kernel: [3]int{2, 3, 4}, PadLo: [3]int{1, 1, 2}, PadHi: [3]int{0, 1, 1}}},
	{"samples abreast, taps that no column has all of", ConvDesc{N: 8, IC: 16, OC: 16, In: [3]int{1, 2, 3}, Kernel: [3]int{1, 1, 7}, Dilation: [3]int{1, 1, 2}, PadLo: [3]int{0, 0, 8}, PadHi: [3]int{0, 0, 8}, Bias: true}},
	{"samples abreast, several passes", ConvDesc{N: 4, IC: 700, OC: 64, In: [3]int{1, 3, 5}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
	{"three taps at once, the shortest row", ConvDesc{N: 2, IC: 16, OC: 16, In: [3]int{1, 5, 8}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
	{"three taps at once, the longest row of one tile", ConvDesc{N: 3, IC: 35, OC: 9, In: [3]int{1, 3, 28}, Kernel: [3]int{1, 2, 3}, PadLo: [3]int{0, 0, 1}, PadHi: [3]int{0, 0, 1}}},
	{"three taps at once, two tiles", ConvDesc{N: 2, IC: 19, OC: 16, In: [3]int{2, 3, 29}, Kernel: [3]int{3, 3, 3}, PadLo: [3]int{1, 1, 1}, PadHi: [3]int{1, 1, 1}, Bias: true}},
	{"three taps at once, three tiles, groups", ConvDesc{N: 1, IC: 32, OC: 32, Groups: 2, In: [3]int{1, 4, 57}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 1}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}}},
	{"three taps at once, several passes", ConvDesc{N: 1, IC: 700, OC: 16, In: [3]int{1, 3, 10}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
	{"weights' sums of many items", ConvDesc{N: 2, IC: 32, OC: 80, In: [3]int{1, 40, 56}}},
	{"depthwise, whole blocks", ConvDesc{N: 2, IC: 32, OC: 32, Groups: 32, In: [3]int{1, 6, 31}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}},
	{"depthwise, stride 2", ConvDesc{N: 3, IC: 19, OC: 19, Groups: 19, In: [3]int{1, 9, 12}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 2}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}}},
	{"depthwise, dilated", ConvDesc{N: 1, IC: 16, OC: 16, Groups: 16, In: [3]int{1, 11, 13}, Kernel: [3]int{1, 3, 5}, Dilation: [3]int{1, 2, 2}, PadLo: [3]int{0, 2, 4}, PadHi: [3]int{0, 2, 3}, Bias: true}},
	{"depthwise, volume", ConvDesc{N: 2, IC: 5, OC: 5, Groups: 5, In: [3]int{4, 5, 6}, Kernel: [3]int{3, 3, 3}, PadLo: [3]int{1, 1, 1}, PadHi: [3]int{1, 0, 1}}},
	{"depthwise, kernel of 1, stride 2", ConvDesc{N: 2, IC: 18, OC: 18, Groups: 18, In: [3]int{1, 5, 6}, Stride: [3]int{1, 2, 2}, Bias: true}},
	{"first layer of ResNet", ConvDesc{N: 2, IC: 3, OC: 64, In: [3]int{1, 13, 30}, Kernel: [3]int{1, 7, 7}, Stride: [3]int{1, 2, 2}, PadLo: [3]int{0, 3, 3}, PadHi: [3]int{0, 3, 3}, Bias: true}},
	{"first layer of a volume", ConvDesc{N: 2, IC: 1, OC: 20, In: [3]int{6, 7, 8}, Kernel: [3]int{5, 5, 5}, PadLo: [3]int{2, 2, 2}, PadHi: [3]int{2, 2, 2}}},
}

// inChannelBlocks brings a plain tensor of samples of c channels to NCX16c. What pads
// the last block is NaN, which no result may depend on.
func inChannelBlocks(plain []float32, n, c int) []float32 {
	if n == 0 {
		return nil
	}
	size := len(plain) / n / c
	x := make([]float32, n*wholeBlocks(c)*size)
	fill(x, float32(math.NaN()))
	for i, v := range plain {
		x[channelIndex(c, size, i)] = v
	}
	return x
}

// channelIndex is where element i of a plain tensor is in NCX16c.
func channelIndex(c, size, i int) int {
	n, ch, at := i/size/c, i/size%c, i%size
	return ((n*ceilDiv(c, Block)+ch/Block)*size+at)*Block + ch%Block
}

// fromChannelBlocks is the opposite.
func fromChannelBlocks(x []float32, n, c, length int) []float32 {
	plain := make([]float32, length)
	for i := range plain {
		plain[i] = x[channelIndex(c, length/n/c, i)]
	}
	return plain
}

// directLayer is a convolution between channels in blocks under test.
type directLayer struct {
	ConvDesc
	t *testing.T
}

// source brings src to its layout.
func (l *directLayer) source(src []float32) []float32 {
	if l.SrcLayout == NCX {
		return src
	}
	return inChannelBlocks(src, l.N, l.IC)
}

// weights packs weights if they are to be, by the primitive for it.
func (l *directLayer) weights(plain []float32, backward bool) []float32 {
	if !l.Packed {
		return plain
	}
	p, err := NewPackWeights(l.ConvDesc, backward)
	return check(l.t, must(l.t, p, err), [][]float32{plain}, l.PackedLen(backward))[0]
}

// directData are whole numbers to convolve, in plain layout, and what the oracle makes
// of them.
type directData struct {
	src, weights, bias, diffDst         []float32
	dst, diffSrc, diffWeights, diffBias []float64
}

func newDirectData(d ConvDesc) (x directData) {
	l := d.layer()
	x.src, x.weights, x.bias = integers(l.src, 4, 1), integers(l.weights, 4, 2), integers(l.channels, 9, 3)
	x.diffDst = integers(l.dst, 4, 4)
	x.dst, x.diffSrc = l.refForward(x.src, x.weights, x.bias), l.refBackwardData(x.diffDst, x.weights)
	x.diffWeights, x.diffBias = l.refBackwardWeights(x.src, x.diffDst)
	return x
}

// testDirect compares the three primitives with the oracle, exactly.
func testDirect(t *testing.T, d ConvDesc, x directData) {
	plain := d.layer()
	l := directLayer{d, t}
	src, weights, bias := x.src, x.weights, x.bias
	blockedDst := inChannelBlocks(x.diffDst, d.N, d.OC)

	p, err := NewConv(d)
	dst := check(t, must(t, p, err), withBias(plain, bias, l.source(src), l.weights(weights, false)), len(blockedDst))[0]
	requireExact(t, x.dst, fromChannelBlocks(dst, d.N, d.OC, plain.dst), "dst")
	assert.Positive(t, p.Info().Cycles)

	if d.SrcLayout == NCX16c {
		p, err = NewConvBackwardData(d)
		diffSrc := check(t, must(t, p, err), [][]float32{blockedDst, l.weights(weights, true)}, len(l.source(src)))[0]
		requireExact(t, x.diffSrc, fromChannelBlocks(diffSrc, d.N, d.IC, plain.src), "diffSrc")
	}

	p, err = NewConvBackwardWeights(d)
	length := plain.weights
	if d.Packed {
		length = d.PackedLen(false)
	}
	out := check(t, must(t, p, err), [][]float32{l.source(src), blockedDst}, withBiasLength(plain, length)...)
	if d.Packed {
		u, err := NewUnpackWeights(d)
		out[0] = check(t, must(t, u, err), [][]float32{out[0]}, plain.weights)[0]
	}
	requireExact(t, x.diffWeights, out[0], "diffWeights")
	if d.Bias {
		requireExact(t, x.diffBias, out[1], "diffBias")
	}
}

func TestDirect(t *testing.T) {
	cases := append(convCases[:len(convCases):len(convCases)], directCases...)
	for i, tc := range cases {
		d := tc.desc.complete()
		if d.N == 0 {
			continue
		}
		d.SrcLayout, d.DstLayout = NCX16c, NCX16c
		if d.IC < Block && d.Groups == 1 {
			d.SrcLayout = NCX
		}
		if d.Groups > 1 && !d.depthwise() && (d.IC/d.Groups%Block != 0 || d.OC/d.Groups%Block != 0) {
			continue
		}
		t.Run(tc.name, func(t *testing.T) {
			x := newDirectData(d)
			onEveryISA(t, func(t *testing.T) {
				testDirect(t, d, x)
				if d.SrcLayout == NCX {
					all := d
					all.SrcLayout = NCX16c
					testDirect(t, all, x)
				}
				if i >= len(convCases) {
					packed := d
					packed.Packed = true
					testDirect(t, packed, x)
				}
			})
		})
	}
}

func TestDirectOfNothing(t *testing.T) {
	d := ConvDesc{N: 0, IC: 16, OC: 16, In: [3]int{1, 5, 5}, Kernel: [3]int{1, 3, 3}, Bias: true, SrcLayout: NCX16c, DstLayout: NCX16c}.complete()
	p, err := NewConv(d)
	check(t, must(t, p, err), [][]float32{{}, make([]float32, d.WeightsLen()), make([]float32, 16)}, 0)
	p, err = NewConvBackwardData(d)
	check(t, must(t, p, err), [][]float32{{}, make([]float32, d.WeightsLen())}, 0)
	p, err = NewConvBackwardWeights(d)
	out := check(t, must(t, p, err), [][]float32{{}, {}}, d.WeightsLen(), 16)
	requireExact(t, make([]float64, d.WeightsLen()), out[0], "diffWeights")
}

func TestDirectActivations(t *testing.T) {
	d := ConvDesc{N: 2, IC: 24, OC: 40, In: [3]int{1, 6, 9}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, Bias: true}.complete()
	src, weights, bias := integers(d.SrcLen(), 4, 1), integers(d.WeightsLen(), 4, 2), integers(d.OC, 9, 3)
	for _, post := range []Activation{{Kind: ReLU}, {LeakyReLU, 0.25}, {LeakyReLU, 2}, {ELU, 1}, {Kind: Tanh}} {
		t.Run(post.Kind.String(), func(t *testing.T) {
			onEveryISA(t, func(t *testing.T) {
				d.Post, d.SrcLayout, d.DstLayout = post, NCX, NCX
				p, err := NewConv(d)
				want := check(t, must(t, p, err), [][]float32{src, weights, bias}, d.DstLen())[0]
				d.SrcLayout, d.DstLayout = NCX16c, NCX16c
				p, err = NewConv(d)
				got := check(t, must(t, p, err), [][]float32{inChannelBlocks(src, d.N, d.IC), weights, bias}, d.N*wholeBlocks(d.OC)*d.Out[1]*d.Out[2])[0]
				for i, w := range fromChannelBlocks(got, d.N, d.OC, d.DstLen()) {
					require.InDelta(t, want[i], w, 1e-6, "element %d", i) // tanh of equal numbers
				}
			})
		})
	}
}

func TestDirectRefusals(t *testing.T) {
	for _, tc := range []struct {
		name string
		desc ConvDesc
		want string
	}{
		{"from blocks to plain", ConvDesc{SrcLayout: NCX16c}, "from NCX16c to NCX: no kernel has these layouts"},
		{"from blocks of samples", ConvDesc{SrcLayout: NCX16n, DstLayout: NCX16c}, "from NCX16n to NCX16c: no kernel has these layouts"},
		{"plain src with many channels", ConvDesc{IC: 16, DstLayout: NCX16c}, "16 input channels in 1 groups, where plain src has fewer than 16 in one"},
		{"groups that cut blocks", ConvDesc{IC: 16, OC: 32, Groups: 2, SrcLayout: NCX16c, DstLayout: NCX16c}, "groups of 8 and 16 channels, which are no whole blocks of 16"},
		{"packed, but plain", ConvDesc{Packed: true}, "packed weights from NCX to NCX: only channel-blocked kernels have them"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := tc.desc
			d.N, d.IC, d.OC = 1, max(d.IC, 1), max(d.OC, 1)
			_, err := NewConv(d.complete())
			require.ErrorIs(t, err, ErrDescriptor)
			require.ErrorContains(t, err, tc.want)
		})
	}
	_, err := NewConvBackwardData(ConvDesc{N: 1, IC: 3, OC: 16, DstLayout: NCX16c}.complete())
	require.ErrorContains(t, err, "a data gradient of channels in blocks gives no plain tensor")
}

// The estimate of one channel prefers plain src, of whose rows a tap takes several
// elements, to a channel of a block.
func TestCyclesOfOneChannel(t *testing.T) {
	cycles := func(src Layout) float64 {
		d := ConvDesc{N: 16, IC: 1, OC: 32, In: [3]int{29, 29, 29}, Kernel: [3]int{5, 5, 5}, SrcLayout: src, DstLayout: NCX16c, Packed: true}.complete()
		p, err := NewConv(d)
		return must(t, p, err).Info().Cycles
	}
	assert.Less(t, cycles(NCX), cycles(NCX16c))
}
