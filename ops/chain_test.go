package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestChain compares chains with their links executed one after the other, to the bit.
func TestChain(t *testing.T) {
	norm := BatchNormDesc{N: 16, C: 5, Spatial: 7, Eps: 1e-3}
	n := norm.N * norm.C * norm.Spatial
	in := func(layout Layout, change func(d *BatchNormDesc)) BatchNormDesc {
		d := norm
		d.Layout = layout
		if change != nil {
			change(&d)
		}
		return d
	}
	long := in(NCX, func(d *BatchNormDesc) { d.N, d.Spatial = 3, 9001 })
	short := in(NCX, func(d *BatchNormDesc) { d.Spatial = 1 })
	pool := PoolingDesc{Kind: AveragePooling, N: 2, C: 3, In: [3]int{1, 4, 4}, Out: [3]int{1, 4, 4}, Kernel: [3]int{1, 1, 1}, Stride: [3]int{1, 1, 1}}
	type made = func() (Primitive, error)
	normalise := func(d BatchNormDesc) made { return func() (Primitive, error) { return NewBatchNorm(d) } }
	backward := func(d BatchNormDesc) made { return func() (Primitive, error) { return NewBatchNormBackward(d) } }
	for _, tc := range []struct {
		name  string
		first made
		n     int   // elements of the chain's tensor
		in    []int // lengths of the first link's other inputs
		out   []int // and of its other outputs
	}{
		{"sum", func() (Primitive, error) { return NewSum(n, 2) }, n, []int{n}, nil},
		{"sum of more than a part", func() (Primitive, error) { return NewSum(3*elementsPerPart+5, 2) }, 3*elementsPerPart + 5, []int{3*elementsPerPart + 5}, nil},
		{"an empty tensor", func() (Primitive, error) { return NewScale(0, 2) }, 0, nil, nil},
		{"batch norm", normalise(norm), n, []int{5, 5}, []int{5, 5}},
		{"batch norm, more than a part", normalise(long), 3 * 5 * 9001, []int{5, 5}, []int{5, 5}},
		{"batch norm of features", normalise(short), 16 * 5, []int{5, 5}, []int{5, 5}},
		{"batch norm in batch blocks", normalise(in(NCX16n, nil)), n, []int{5, 5}, []int{5, 5}},
		{"batch norm in channel blocks", normalise(in(NCX16c, nil)), 16 * 16 * 7, []int{5, 5}, []int{5, 5}},
		{"batch norm backward", backward(norm), n, []int{n, 5, 5, 5}, []int{5, 5}},
		{"batch norm backward of features", backward(short), 16 * 5, []int{16 * 5, 5, 5, 5}, []int{5, 5}},
		{"batch norm backward in channel blocks", backward(in(NCX16c, nil)), 16 * 16 * 7, []int{16 * 16 * 7, 5, 5, 5}, []int{5, 5}},
		{"a first link that does not tell of pieces", func() (Primitive, error) { return NewPooling(pool) }, 2 * 3 * 16, nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inputs := [][]float32{noise(tc.n, 1)}
			for i, length := range tc.in {
				x := noise(length, uint64(i+2))
				if length == 5 {
					for j := range x { // a variance, perhaps
						x[j] = x[j]*x[j] + 0.5
					}
				}
				inputs = append(inputs, x)
			}
			p, err := tc.first()
			testChain(t, must(t, p, err), inputs, append([]int{tc.n}, tc.out...)...)
		})
	}
}

// TestChainBehindConv lets others follow convolutions and their gradients, of all
// shapes, in the layouts that they have, though pieces are short.
func TestChainBehindConv(t *testing.T) {
	for _, tc := range convCases {
		for _, l := range []Layout{NCX, NCX16n, NCX16c} {
			d := tc.desc.complete()
			d.SrcLayout, d.DstLayout = l, l
			if l == NCX16n {
				d.N = 16
			}
			forward, err := NewConv(d)
			if l == NCX16c && d.checkBlocked("") != nil {
				continue
			}
			must(t, forward, err)
			backward, err := NewConvBackwardData(d)
			must(t, backward, err)
			if l == NCX16c {
				forward.(*phased).streams, backward.(*phased).streams = true, true
			}
			t.Run(tc.name+" "+l.String(), func(t *testing.T) {
				src, dst := l.Size([]int{d.N, d.IC, volume(d.In)}), l.Size([]int{d.N, d.OC, volume(d.Out)})
				weights, bias := noise(d.WeightsLen(), 2), noise(d.OC, 3)
				testChainOf(t, execute3, forward, [][]float32{noise(src, 1), weights, bias}[:2+biased(d.Bias, 1)], dst)
				testChainOf(t, execute3, backward, [][]float32{noise(dst, 1), weights}, src)
			})
		}
	}
}

func execute3(t *testing.T, p Primitive, in [][]float32, lengths ...int) [][]float32 {
	return execute(t, checkPools()[2], p, in, lengths...)
}

// testChain puts links of all kinds behind a primitive and compares with the links
// executed one after the other.
func testChain(t *testing.T, first Primitive, inputs [][]float32, lengths ...int) {
	t.Helper()
	testChainOf(t, check, first, inputs, lengths...)
}

func testChainOf(t *testing.T, run func(*testing.T, Primitive, [][]float32, ...int) [][]float32,
	first Primitive, inputs [][]float32, lengths ...int,
) {
	t.Helper()
	n := lengths[0]
	links := []Link{{first, len(inputs)}}
	add := func(p Primitive, err error, inputs int) { links = append(links, Link{must(t, p, err), inputs}) }
	p, err := NewDropout(DropoutDesc{N: n, C: 1, Spatial: 1, P: 0.4, Stream: 7})
	add(p, err, 0)
	p, err = NewSum(n, 3)
	add(p, err, 2)
	p, err = NewActivationBackward(Activation{LeakyReLU, 0.3}, n)
	add(p, err, 1)
	extra := [][]float32{noise(n, 11), noise(n, 12), noise(n, 13)}

	want := execute(t, checkPools()[1], first, inputs, lengths...)
	at := 0
	for _, l := range links[1:] {
		operands := append([][]float32{want[0]}, extra[at:at+l.Inputs]...)
		want[0] = execute(t, checkPools()[1], l.Primitive, operands, n)[0]
		at += l.Inputs
	}
	p, err = NewChain(links[0], links[1:]...)
	got := run(t, must(t, p, err), append(inputs, extra...), lengths...)
	for i := range want {
		requireSameBits(t, want[i], got[i], "output %d", i)
	}
}

func TestChainCountsATensorOnce(t *testing.T) {
	const n = 1000
	sum, err := NewSum(n, 2)
	require.NoError(t, err)
	relu, err := NewActivation(Activation{Kind: ReLU}, n)
	require.NoError(t, err)
	c, err := NewChain(Link{sum, 2}, Link{relu, 0})
	require.NoError(t, err)
	assert.Equal(t, sum.Info().Bytes, c.Info().Bytes)
	assert.Equal(t, sum.Info().FLOPs+relu.Info().FLOPs, c.Info().FLOPs)
	assert.Equal(t, "alg:sum inputs:2 1000 + eltwise forward_training alg:relu alpha:0 1000", c.Info().Problem)
}

// BenchmarkChain compares the gradient of batch normalisation and of the activation
// before it in one pass with two passes, and likewise that of dropout.
func BenchmarkChain(b *testing.B) {
	norm := BatchNormDesc{N: 16, C: 8, Spatial: 25 * 25 * 25, Eps: 1e-3}
	n := norm.N * norm.C * norm.Spatial
	large := 4 * n
	backward, err := NewBatchNormBackward(norm)
	require.NoError(b, err)
	dropout, err := NewDropout(DropoutDesc{N: large, C: 1, Spatial: 1, P: 0.2, Stream: 1})
	require.NoError(b, err)
	for _, bc := range []struct {
		name  string
		n     int
		first Primitive
		in    [][]float32
		out   []int
	}{
		{"batch norm", n, backward, [][]float32{noise(n, 1), noise(n, 2), noise(8, 3), noise(8, 4), {1, 1, 1, 1, 1, 1, 1, 1}}, []int{8, 8}},
		{"dropout", large, dropout, [][]float32{noise(large, 1)}, nil},
	} {
		data := noise(bc.n, 2)
		leaky, err := NewActivationBackward(Activation{LeakyReLU, 0.3}, bc.n)
		require.NoError(b, err)
		c, err := NewChain(Link{bc.first, len(bc.in)}, Link{leaky, 1})
		require.NoError(b, err)
		pool := Default()
		out := [][]float32{make([]float32, bc.n)}
		for _, length := range bc.out {
			out = append(out, make([]float32, length))
		}
		b.Run(bc.name+"/chain", func(b *testing.B) {
			x := NewExec(pool, c)
			for b.Loop() {
				c.Exec(x, append(bc.in, data), out)
			}
		})
		b.Run(bc.name+"/apart", func(b *testing.B) {
			x := NewExec(pool, bc.first)
			for b.Loop() {
				bc.first.Exec(x, bc.in, out)
				leaky.Exec(x, [][]float32{out[0], data}, out[:1])
			}
		})
	}
}
