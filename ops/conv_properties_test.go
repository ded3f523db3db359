package ops

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// With y = conv(x) linear in x and in w, ⟨y, v⟩ = ⟨x, backwardData(v)⟩ =
// ⟨w, backwardWeights(x, v)⟩ for any v, and exactly so on whole numbers. These are
// layers too large for the oracle: slabs, items and copies are many here.
func TestAdjoint(t *testing.T) {
	same := func(n int) [3]int { return [3]int{n, n, n} }
	for name, l := range map[string]layer{
		"a volume in several slabs": ConvDesc{N: 17, IC: 9, OC: 3, In: [3]int{5, 25, 17}, Kernel: same(3), PadLo: same(1), PadHi: same(1)}.complete().layer(),
		"the generator's first":     ConvDesc{N: 2, IC: 8, OC: 20, In: [3]int{7, 7, 8}, Kernel: [3]int{6, 6, 8}, PadLo: [3]int{2, 2, 3}, PadHi: [3]int{3, 3, 4}}.complete().layer(),
		"an image with stride":      ConvDesc{N: 2, IC: 64, OC: 40, In: [3]int{1, 57, 56}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 2}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}}.complete().layer(),
		"wide 1x1":                  ConvDesc{N: 1, IC: 256, OC: 160, In: [3]int{1, 14, 14}}.complete().layer(),
		"depthwise":                 ConvDesc{N: 4, IC: 64, OC: 64, Groups: 64, In: [3]int{1, 28, 28}, Kernel: [3]int{1, 3, 3}}.complete().layer(),
		"up-sampling deconvolution": DeconvDesc{N: 2, IC: 16, OC: 8, In: same(12), Kernel: same(4), Stride: same(2), PadLo: same(1), PadHi: same(1)}.complete().layer(),
		"inner product":             InnerProductDesc{N: 70, IC: 1100, OC: 200}.layer(),
	} {
		t.Run(name, func(t *testing.T) {
			x, w, v := integers(l.src, 3, 1), integers(l.weights, 3, 2), integers(l.dst, 3, 3)
			onEveryISA(t, func(t *testing.T) {
				pool := checkPools()[1]
				p, err := l.forward()
				want := scalarProduct(execute(t, pool, must(t, p, err), [][]float32{x, w}, l.dst)[0], v)
				p, err = l.backwardData()
				assert.Equal(t, want, scalarProduct(x, execute(t, pool, must(t, p, err), [][]float32{v, w}, l.src)[0]), "⟨x, backwardData(v)⟩")
				p, err = l.backwardWeights()
				assert.Equal(t, want, scalarProduct(w, execute(t, pool, must(t, p, err), [][]float32{x, v}, l.weights)[0]), "⟨w, backwardWeights(x, v)⟩")
			})
		})
	}
}

// On real numbers results differ from the oracle by rounding alone.
func TestLayersOnRealNumbers(t *testing.T) {
	for name, l := range someLayers(Activation{}) {
		t.Run(name, func(t *testing.T) {
			const tolerance = 3e-6 // of the largest element: a few dozen roundings
			src, weights, bias, diffDst := noise(l.src, 1), noise(l.weights, 2), noise(l.channels, 3), noise(l.dst, 4)
			dst, diffSrc := l.refForward(src, weights, bias), l.refBackwardData(diffDst, weights)
			diffWeights, diffBias := l.refBackwardWeights(src, diffDst)
			onEveryISA(t, func(t *testing.T) {
				pool := checkPools()[1]
				p, err := l.forward()
				assertNear(t, dst, execute(t, pool, must(t, p, err), [][]float32{src, weights, bias}, l.dst)[0], tolerance, "dst")
				p, err = l.backwardData()
				assertNear(t, diffSrc, execute(t, pool, must(t, p, err), [][]float32{diffDst, weights}, l.src)[0], tolerance, "diffSrc")
				p, err = l.backwardWeights()
				out := execute(t, pool, must(t, p, err), [][]float32{src, diffDst}, l.weights, l.channels)
				assertNear(t, diffWeights, out[0], tolerance, "diffWeights")
				assertNear(t, diffBias, out[1], tolerance, "diffBias")
			})
		})
	}
}

// someLayers is one of each kind.
func someLayers(post Activation) map[string]layer {
	return map[string]layer{
		"convolution":   ConvDesc{N: 2, IC: 35, OC: 9, In: [3]int{4, 5, 9}, Kernel: [3]int{3, 3, 4}, PadLo: [3]int{1, 1, 1}, Bias: true, Post: post}.complete().layer(),
		"deconvolution": DeconvDesc{N: 2, IC: 9, OC: 7, In: [3]int{4, 5, 9}, Kernel: [3]int{3, 4, 4}, Stride: [3]int{2, 2, 1}, Bias: true, Post: post}.complete().layer(),
		"inner product": InnerProductDesc{N: 7, IC: 1100, OC: 30, Bias: true, Post: post}.layer(),
	}
}

// A layer with an activation is the layer and then the activation, to the bit.
func TestPost(t *testing.T) {
	for _, post := range activations {
		plain := someLayers(Activation{})
		for name, l := range someLayers(post.a) {
			t.Run(name+" and "+post.name, func(t *testing.T) {
				in := [][]float32{noise(l.src, 1), noise(l.weights, 2), noise(l.channels, 3)}
				l0 := plain[name]
				onEveryISA(t, func(t *testing.T) {
					p, err := l0.forward()
					want := execute(t, checkPools()[0], must(t, p, err), in, l.dst)
					p, err = NewActivation(post.a, l.dst)
					want = execute(t, checkPools()[0], must(t, p, err), want, l.dst)
					p, err = l.forward()
					requireSameBits(t, want[0], execute(t, checkPools()[2], must(t, p, err), in, l.dst)[0], "dst")
				})
			})
		}
	}
}

// Bits do not depend on the batch that a sample is in, nor on how many cores the work
// was divided for.
func TestSameBitsInAnyBatchAndDivision(t *testing.T) {
	const batch = 19
	for name, d := range map[string]ConvDesc{
		"image":                      {IC: 20, OC: 9, In: [3]int{1, 9, 10}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}},
		"volume":                     {IC: 9, OC: 3, In: [3]int{6, 7, 5}, Kernel: [3]int{4, 5, 4}, PadLo: [3]int{2, 2, 1}, PadHi: [3]int{1, 2, 2}},
		"several blocks of channels": {IC: 21, OC: 10, In: [3]int{5, 9, 18}, Kernel: [3]int{3, 3, 3}},
		"with stride":                {IC: 5, OC: 17, In: [3]int{6, 7, 9}, Kernel: [3]int{3, 2, 4}, Stride: [3]int{2, 1, 2}, PadLo: [3]int{1, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			d.N = batch
			d = d.complete()
			src, weights, bias := noise(d.SrcLen(), 1), noise(d.WeightsLen(), 2), noise(d.OC, 3)
			diffDst := noise(d.DstLen(), 4)
			onEveryISA(t, func(t *testing.T) {
				run := func(d ConvDesc, cores int) [][]float32 {
					p, err := newGather(d.forward(true, Activation{}), Info{}, cores)
					dst := execute(t, checkPools()[1], must(t, p, err), [][]float32{src[:d.SrcLen()], weights, bias}, d.DstLen())
					p, err = newGather(d.backwardData(false, Activation{}), Info{}, cores)
					return append(dst, execute(t, checkPools()[1], must(t, p, err), [][]float32{diffDst[:d.DstLen()], weights}, d.SrcLen())...)
				}
				want := run(d, 1)
				for _, cores := range []int{3, 64} {
					got := run(d, cores)
					requireSameBits(t, want[0], got[0], "dst divided for %d cores", cores)
					requireSameBits(t, want[1], got[1], "diffSrc divided for %d cores", cores)
				}
				d := d
				d.N = 1
				got := run(d, 1)
				requireSameBits(t, want[0][:d.DstLen()], got[0], "dst of the first sample alone")
				requireSameBits(t, want[1][:d.SrcLen()], got[1], "diffSrc of the first sample alone")
			})
		})
	}
}

// randomLayer draws a small layer of any kind. Most of it is whatever bytes say;
// what would be no layer at all is made one.
func randomLayer(draw func(n int) int) layer {
	groups := 1 + draw(3)
	n := draw(4)
	if draw(4) == 3 {
		n = draw(20) // samples side by side
	}
	d := ConvDesc{N: n, Groups: groups, IC: groups * (1 + draw(11)), OC: groups * (1 + draw(11)), Bias: draw(2) == 1}
	kind := draw(5)
	for a := draw(2); a < 3; a++ { // an image or a volume
		d.In[a], d.Kernel[a], d.Stride[a], d.Dilation[a] = 1+draw(9), 1+draw(5), 1+draw(3), 1+draw(3)
		d.PadLo[a], d.PadHi[a] = draw(5), draw(5)
	}
	d = d.complete()
	if kind == 0 {
		d := InnerProductDesc{N: d.N * d.In[1], IC: d.IC * d.Kernel[1] * d.In[2], OC: d.OC * d.Kernel[2], Bias: d.Bias}
		return d.layer()
	}
	for a := range d.In {
		if missing := (d.Kernel[a]-1)*d.Dilation[a] + 1 - d.In[a] - d.PadLo[a] - d.PadHi[a]; missing > 0 {
			d.PadHi[a] += missing
		}
	}
	d = d.complete()
	if kind < 3 {
		return d.layer()
	}
	e := DeconvDesc{
		N: d.N, IC: d.IC, OC: d.OC, Groups: d.Groups, In: d.In, Kernel: d.Kernel,
		Stride: d.Stride, Dilation: d.Dilation, Bias: d.Bias,
	}
	for a := range e.In {
		e.OutPad[a] = d.PadHi[a] % max(d.Stride[a], d.Dilation[a])
		free := DeconvSize(e.In[a], e.Kernel[a], e.Stride[a], e.Dilation[a], 0, 0, e.OutPad[a]) - 1
		e.PadLo[a] = min(d.PadLo[a], free)
		e.PadHi[a] = min(d.PadHi[a], free-e.PadLo[a])
	}
	return e.complete().layer()
}

// FuzzLayers compares the three primitives of random layers with the oracle, on
// every instruction set of the machine and so with each other.
func FuzzLayers(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 120 {
		seed := make([]byte, 32)
		for i := range seed {
			seed[i] = byte(r.Uint32())
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, shape []byte) {
		l := randomLayer(func(n int) int {
			if len(shape) == 0 {
				return 0
			}
			b := shape[0]
			shape = shape[1:]
			return int(b) % n
		})
		compareISAs(t, l)
	})
}

func compareISAs(t *testing.T, l layer) {
	src, weights, bias, diffDst := integers(l.src, 4, 1), integers(l.weights, 4, 2), integers(l.channels, 9, 3), integers(l.dst, 4, 4)
	dst, diffSrc := l.refForward(src, weights, bias), l.refBackwardData(diffDst, weights)
	diffWeights, diffBias := l.refBackwardWeights(src, diffDst)
	pool := checkPools()[1]
	for _, isa := range isasWithKernels() {
		restore := LowerISA(isa)
		p, err := l.forward()
		require.NoError(t, err, "a layer that is none")
		what := isa.String() + ": " + p.Info().Kind + " " + p.Info().Problem
		requireExact(t, dst, execute(t, pool, p, withBias(l, bias, src, weights), l.dst)[0], what+": dst")
		p, err = l.backwardData()
		requireExact(t, diffSrc, execute(t, pool, must(t, p, err), [][]float32{diffDst, weights}, l.src)[0], what+": diffSrc")
		p, err = l.backwardWeights()
		out := execute(t, pool, must(t, p, err), [][]float32{src, diffDst}, withBiasLength(l, l.weights)...)
		requireExact(t, diffWeights, out[0], what+": diffWeights")
		if l.channels > 0 {
			requireExact(t, diffBias, out[1], what+": diffBias")
		}
		restore()
	}
}
