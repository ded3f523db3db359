package ops

import (
	"math"
	"testing"

	"github.com/cascade-hpc/cascade/internal/golden"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var lrnCases = []struct {
	name string
	desc LRNDesc
}{
	{"one element", LRNDesc{N: 1, C: 1, In: [3]int{1, 1, 1}, Size: 5}},
	{"no samples", LRNDesc{N: 0, C: 3, In: [3]int{1, 2, 2}, Size: 3}},
	{"across, as AlexNet", LRNDesc{N: 2, C: 16, In: [3]int{1, 9, 11}, Size: 5}},
	{"across vectors", LRNDesc{N: 5, C: 33, In: [3]int{1, 1, 1}, Size: 7}},
	{"across, wider than the channels", LRNDesc{N: 2, C: 3, In: [3]int{1, 4, 5}, Size: 15}},
	{"across, itself alone", LRNDesc{N: 2, C: 3, In: [3]int{1, 4, 5}, Size: 1}},
	{"across, an even size lacks a cell", LRNDesc{N: 2, C: 7, In: [3]int{1, 3, 3}, Size: 4}},
	{"across, a position more than fits", LRNDesc{N: 2, C: 6, In: [3]int{1, 5, lrnLanes/5 + 1}, Size: 3}},
	{"across, more than a part", LRNDesc{N: 3, C: 40, In: [3]int{2, 17, 19}, Size: 3}},
	{"within an image", LRNDesc{Kind: WithinChannel, N: 2, C: 3, In: [3]int{1, 9, 7}, Size: 3}},
	{"within an image, wider than it", LRNDesc{Kind: WithinChannel, N: 2, C: 2, In: [3]int{1, 2, 3}, Size: 9}},
	{"within an image, an even size", LRNDesc{Kind: WithinChannel, N: 1, C: 2, In: [3]int{1, 6, 5}, Size: 4}},
	{"within the images of a volume", LRNDesc{Kind: WithinChannel, N: 2, C: 2, In: [3]int{4, 5, 6}, Size: 3}},
	{"within a volume", LRNDesc{Kind: WithinChannel, Volume: true, N: 2, C: 3, In: [3]int{4, 5, 6}, Size: 3}},
	{"within a volume, long windows", LRNDesc{Kind: WithinChannel, Volume: true, N: 1, C: 2, In: [3]int{7, 3, 8}, Size: 7}},
}

// complete gives a case numbers that matter: the usual alpha would hide mistakes.
func (d LRNDesc) complete() LRNDesc {
	d.Alpha, d.K = 0.7, 1.5
	if d.Beta == 0 {
		d.Beta = 0.75
	}
	return d
}

func (d LRNDesc) len() int { return d.N * d.C * volume(d.In) }

// lrnWindow calls do for every element of the window of element (n, c, z, y, x).
func lrnWindow(d LRNDesc, at [5]int, do func(index int)) {
	half, reach := (d.Size-1)/2, [5]int{}
	if d.Kind == AcrossChannels {
		reach[1] = half
	} else {
		reach[3], reach[4] = half, half
		if d.Volume {
			reach[2] = half
		}
	}
	size := [5]int{d.N, d.C, d.In[0], d.In[1], d.In[2]}
	index := func(at [5]int) (i int) {
		for a, n := range size {
			i = i*n + at[a]
		}
		return i
	}
	var visit func(axis int, cell [5]int)
	visit = func(axis int, cell [5]int) {
		if axis == 5 {
			do(index(cell))
			return
		}
		for i := max(0, at[axis]-reach[axis]); i <= min(size[axis]-1, at[axis]+reach[axis]); i++ {
			cell[axis] = i
			visit(axis+1, cell)
		}
	}
	visit(0, at)
}

// lrn64 is the normalisation by its definition, and O of every element.
func lrn64(d LRNDesc, src []float64) (dst, base []float64) {
	divisor := math.Pow(float64(d.Size), map[bool]float64{true: 3, false: 2}[d.Volume])
	if d.Kind == AcrossChannels {
		divisor = float64(d.Size)
	}
	lrnEach(d, func(i int, at [5]int) {
		sum := 0.0
		lrnWindow(d, at, func(j int) { sum += src[j] * src[j] })
		base = append(base, float64(d.K)+float64(d.Alpha)/divisor*sum)
		dst = append(dst, src[i]*math.Pow(base[i], -float64(d.Beta)))
	})
	return dst, base
}

// lrnEach calls do for every element in order.
func lrnEach(d LRNDesc, do func(i int, at [5]int)) {
	i := 0
	for n := range d.N {
		for c := range d.C {
			for z := range d.In[0] {
				for y := range d.In[1] {
					for x := range d.In[2] {
						do(i, [5]int{n, c, z, y, x})
						i++
					}
				}
			}
		}
	}
}

// eachLRN runs a test for every case, and with powers that have functions of their own.
func eachLRN(t *testing.T, test func(t *testing.T, d LRNDesc)) {
	for _, tc := range lrnCases {
		t.Run(tc.name, func(t *testing.T) {
			onEveryISA(t, func(t *testing.T) { test(t, tc.desc.complete()) })
		})
	}
	for _, beta := range []float32{0.5, 1, 0.6, -1.25} {
		d := lrnCases[2].desc
		d.Beta = beta
		t.Run("across, another power", func(t *testing.T) { test(t, d.complete()) })
	}
}

func TestLRN(t *testing.T) {
	eachLRN(t, func(t *testing.T, d LRNDesc) {
		src := noise(d.len(), 1)
		want, _ := lrn64(d, widen(src))
		p, err := NewLRN(d)
		assertNear(t, want, check(t, must(t, p, err), [][]float32{src}, d.len())[0], 1e-6, "dst")
	})
}

// The gradient of element i is the sum of what every element has in its window: windows
// being symmetric, those whose window has i.
func TestLRNBackward(t *testing.T) {
	eachLRN(t, func(t *testing.T, d LRNDesc) {
		src, diff := noise(d.len(), 1), noise(d.len(), 2)
		x := widen(src)
		dst, base := lrn64(d, x)
		want, divisor := make([]float64, d.len()), d.divisor()
		lrnEach(d, func(i int, at [5]int) {
			lrnWindow(d, at, func(j int) { // ∂dst_i/∂x_j
				want[j] -= float64(diff[i]) * dst[i] / base[i] * float64(d.Beta) * 2 * float64(d.Alpha) / divisor * x[j]
			})
			want[i] += float64(diff[i]) * math.Pow(base[i], -float64(d.Beta))
		})
		p, err := NewLRNBackward(d)
		assertNear(t, want, check(t, must(t, p, err), [][]float32{diff, src}, d.len())[0], 1e-6, "diffSrc")
	})
}

func TestLRNGradientMatchesDifferences(t *testing.T) {
	for _, d := range []LRNDesc{
		{N: 2, C: 5, In: [3]int{1, 2, 2}, Size: 3},
		{Kind: WithinChannel, N: 1, C: 2, In: [3]int{1, 4, 3}, Size: 3},
		{Kind: WithinChannel, Volume: true, N: 1, C: 2, In: [3]int{3, 3, 2}, Size: 3},
	} {
		t.Run(d.Kind.String(), func(t *testing.T) {
			d := d.complete()
			src, diff := noise(d.len(), 1), noise(d.len(), 2)
			want := slope(src, func(x []float64) float64 { y, _ := lrn64(d, x); return against(y, diff) })
			p, err := NewLRNBackward(d)
			assertNear(t, want, check(t, must(t, p, err), [][]float32{diff, src}, d.len())[0], 1e-5, "diffSrc")
		})
	}
}

// A large element must not spoil the sums of windows that it is not in.
func TestLRNOfExtremes(t *testing.T) {
	d := LRNDesc{N: 1, C: 9, In: [3]int{1, 1, 1}, Size: 3}.complete()
	src := []float32{1, 1e15, 1, 2, 3, 2, 1, 1e-20, 0}
	want, _ := lrn64(d, widen(src))
	p, err := NewLRN(d)
	got := check(t, must(t, p, err), [][]float32{src}, d.len())[0]
	for i, w := range want {
		assert.InEpsilon(t, w+1e-30, float64(got[i])+1e-30, 1e-6, "element %d", i)
	}
}

func TestLRNAgainstPyTorch(t *testing.T) {
	c := golden.Load(t, "lrn")
	s := c.Shape("x")
	d := LRNDesc{
		N: s[0], C: s[1], In: axes(s[2:], 1), Size: c.Int("size"),
		Alpha: float32(c.Float("alpha")), Beta: float32(c.Float("beta")), K: float32(c.Float("k")),
	}
	p, err := NewLRN(d)
	golden.Close(t, c.F32("y"), check(t, must(t, p, err), [][]float32{c.F32("x")}, d.len())[0], 1e-6)
	p, err = NewLRNBackward(d)
	golden.Close(t, c.F32("dx"), check(t, must(t, p, err), [][]float32{c.F32("dy"), c.F32("x")}, d.len())[0], 1e-6)
}

func TestBadLRNs(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, tc := range []struct {
		name, says string
		change     func(d *LRNDesc)
	}{
		{"unknown kind", "unknown kind 9", func(d *LRNDesc) { d.Kind = 9 }},
		{"no channels", "0 channels", func(d *LRNDesc) { d.C = 0 }},
		{"no window", "window of size 0", func(d *LRNDesc) { d.Size = 0 }},
		{"a volume of channels", "volume windows of lrn_across_channels", func(d *LRNDesc) { d.Volume = true }},
		{"negative alpha", "alpha -1", func(d *LRNDesc) { d.Alpha = -1 }},
		{"alpha NaN", "alpha NaN", func(d *LRNDesc) { d.Alpha = nan }},
		{"beta infinite", "beta +Inf", func(d *LRNDesc) { d.Beta = inf }},
		{"k forgotten", "k 0: it must be positive", func(d *LRNDesc) { d.K = 0 }},
		{"no width", "axis W: size 0", func(d *LRNDesc) { d.In[2] = 0 }},
		{"negative batch", "negative", func(d *LRNDesc) { d.N = -1 }},
		{"more than memory", "too many elements", func(d *LRNDesc) { d.N = math.MaxInt / 9 }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := LRNDesc{N: 2, C: 3, In: [3]int{1, 4, 4}, Size: 5, Alpha: 1, Beta: 0.75, K: 1}
			tc.change(&d)
			for _, make := range []func(LRNDesc) (Primitive, error){NewLRN, NewLRNBackward} {
				p, err := make(d)
				require.ErrorIs(t, err, ErrDescriptor)
				assert.ErrorContains(t, err, "ops: lrn: ")
				assert.ErrorContains(t, err, tc.says)
				assert.Nil(t, p)
			}
		})
	}
}

func TestLRNNames(t *testing.T) {
	assert.Equal(t, "lrn_within_channel", WithinChannel.String())
	assert.Equal(t, "LRNKind(9)", LRNKind(9).String())
}

func BenchmarkLRN(b *testing.B) {
	for _, d := range []LRNDesc{
		{N: 8, C: 96, In: [3]int{1, 55, 55}, Size: 5}, // the first of AlexNet
		{Kind: WithinChannel, N: 8, C: 96, In: [3]int{1, 55, 55}, Size: 5},
	} {
		d, src := d.complete(), noise(d.len(), 1)
		b.Run(d.Kind.String()+"/fwd", func(b *testing.B) {
			p, err := NewLRN(d)
			benchmark(b, must(b, p, err), [][]float32{src}, d.len())
			rateOf(b, p)
		})
		b.Run(d.Kind.String()+"/bwd", func(b *testing.B) {
			p, err := NewLRNBackward(d)
			benchmark(b, must(b, p, err), [][]float32{src, src}, d.len())
			rateOf(b, p)
		})
	}
}
