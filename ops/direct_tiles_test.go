package ops

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// planned is the convolution, or its data gradient, with all decided.
func planned(g direct) direct {
	g.kern = currentKernels()
	g.dst = g.axes[0].dst * g.axes[1].dst * g.axes[2].dst
	g.plan(2)
	return g
}

func TestSamplesAreRowsOfATileWhereARowOfPositionsIsNarrow(t *testing.T) {
	onEveryISA(t, func(t *testing.T) {
		for _, tc := range []struct {
			n, width int
			want     bool
		}{{8, 7, true}, {1, 7, false}, {8, 56, false}} {
			d := ConvDesc{N: tc.n, IC: 64, OC: 192, In: [3]int{1, tc.width, tc.width}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, SrcLayout: NCX16c, DstLayout: NCX16c}.complete()
			for _, g := range []direct{planned(d.directForward(false, Activation{})), planned(d.directBackwardData(false, Activation{}))} {
				assert.Equal(t, tc.want, g.abreast, "%d samples %d wide", tc.n, tc.width)
				if g.abreast {
					assert.Zero(t, g.source.staged)
					assert.LessOrEqual(t, g.work.samples.size, g.kern.blockedRows[g.tiles.largest()])
				}
			}
		}
	})
}

// The components of a stride write in turns: those without taps give zeros, or what
// bias and activation make of them.
func TestElementsThatNoTapReaches(t *testing.T) {
	for _, tc := range []struct {
		name string
		desc DeconvDesc
	}{
		{"zeros", DeconvDesc{}},
		{"bias", DeconvDesc{Bias: true}},
		{"an activation that makes no zeros of zeros", DeconvDesc{Post: Activation{Kind: Sigmoid}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := tc.desc
			d.N, d.IC, d.OC, d.In, d.Stride, d.OutPad = 5, 32, 48, [3]int{2, 3, 4}, [3]int{1, 2, 3}, [3]int{0, 1, 2}
			d = d.complete()
			l := d.layer()
			in := withBias(l, integers(l.channels, 9, 3), integers(l.src, 4, 1), integers(l.weights, 4, 2))
			p, err := NewDeconv(d)
			want := execute(t, checkPools()[0], must(t, p, err), in, l.dst)[0]
			d.SrcLayout, d.DstLayout = NCX16c, NCX16c
			in[0] = inChannelBlocks(in[0], d.N, d.IC)
			onEveryISA(t, func(t *testing.T) {
				p, err := NewDeconv(d)
				got := check(t, must(t, p, err), in, d.N*wholeBlocks(d.OC)*l.dst/d.N/d.OC)[0]
				for i, x := range fromChannelBlocks(got, d.N, d.OC, l.dst) {
					require.InDelta(t, want[i], x, 1e-6, "element %d", i)
				}
			})
		})
	}
}

// A sample by itself has rows of positions, and several passes as well.
func TestASampleGivesTheSameBitsInEveryBatch(t *testing.T) {
	d := ConvDesc{N: 9, IC: 500, OC: 96, In: [3]int{1, 4, 7}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, SrcLayout: NCX16c, DstLayout: NCX16c}.complete()
	random := rand.New(rand.NewPCG(1, 2))
	floats := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = random.Float32() - 0.5
		}
		return x
	}
	cells := d.In[1] * d.In[2]
	src, dst, weights := floats(d.N*wholeBlocks(d.IC)*cells), floats(d.N*wholeBlocks(d.OC)*cells), floats(d.WeightsLen())
	onEveryISA(t, func(t *testing.T) {
		require.True(t, planned(d.directForward(false, Activation{})).abreast)
		for _, dir := range []struct {
			build func(ConvDesc) (Primitive, error)
			in    []float32
			out   int
		}{{NewConv, src, len(dst)}, {NewConvBackwardData, dst, len(src)}} {
			p, err := dir.build(d)
			all := execute(t, checkPools()[0], must(t, p, err), [][]float32{dir.in, weights}, dir.out)[0]
			one := d
			one.N = 1
			p, err = dir.build(one)
			must(t, p, err)
			for n := range d.N {
				size, length := len(dir.in)/d.N, dir.out/d.N
				alone := execute(t, checkPools()[0], p, [][]float32{dir.in[n*size:][:size], weights}, length)[0]
				requireSameBits(t, alone, all[n*length:][:length], "sample %d", n)
			}
		}
	})
}
