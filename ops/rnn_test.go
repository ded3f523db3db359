package ops

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rnnShapes are tried with every cell.
var rnnShapes = []struct {
	name    string
	desc    RNNDesc
	noState bool
}{
	{"one of everything", RNNDesc{T: 1, N: 1, IC: 1, HC: 1, Bias: true}, false},
	{"one step", RNNDesc{T: 1, N: 3, IC: 5, HC: 7, Bias: true}, false},
	{"one sample", RNNDesc{T: 6, N: 1, IC: 5, HC: 9, Bias: true}, false},
	{"no samples", RNNDesc{T: 4, N: 0, IC: 5, HC: 6, Bias: true}, false},
	{"states of zeros", RNNDesc{T: 3, N: 4, IC: 5, HC: 6, Bias: true}, true},
	{"no bias", RNNDesc{T: 3, N: 4, IC: 6, HC: 5}, false},
	{"backwards in time", RNNDesc{T: 5, N: 3, IC: 4, HC: 11, Bias: true, Reverse: true}, false},
	{"backwards from zeros", RNNDesc{T: 4, N: 2, IC: 3, HC: 5, Bias: true, Reverse: true}, true},
	{"a unit more than a vector", RNNDesc{T: 3, N: 9, IC: 2, HC: Block + 1, Bias: true}, false},
	{"more inputs than units", RNNDesc{T: 3, N: 17, IC: 50, HC: 3, Bias: true}, false},
	{"a long sequence", RNNDesc{T: 40, N: 2, IC: 3, HC: 4, Bias: true}, false},
	{"more than a piece of a product", RNNDesc{T: 2, N: 2, IC: 3, HC: pieceOfPanel + 3, Bias: true}, false},
}

// rnnVariants are the cells, and the activations of the plain one.
var rnnVariants = []struct {
	name string
	desc RNNDesc
}{
	{"relu", RNNDesc{Activation: Activation{Kind: ReLU}}},
	{"leaky relu", RNNDesc{Activation: Activation{LeakyReLU, 0.2}}},
	{"elu", RNNDesc{Activation: Activation{ELU, 0.5}}},
	{"tanh", RNNDesc{Activation: Activation{Kind: Tanh}}},
	{"sigmoid", RNNDesc{Activation: Activation{Kind: Sigmoid}}},
	{"lstm", RNNDesc{Cell: LSTM}},
	{"gru", RNNDesc{Cell: GRU}},
	{"lbr gru", RNNDesc{Cell: LBRGRU}},
}

// eachRNN runs a test for every variant and shape, on every instruction set.
func eachRNN(t *testing.T, test func(t *testing.T, d RNNDesc, in [][]float32)) {
	for _, v := range rnnVariants {
		for _, s := range rnnShapes {
			d := s.desc
			d.Cell, d.Activation = v.desc.Cell, v.desc.Activation
			in := rnnInputs(d)
			if s.noState {
				clear(in[4:])
			}
			t.Run(v.name+"/"+s.name, func(t *testing.T) {
				onEveryISA(t, func(t *testing.T) { test(t, d, in) })
			})
		}
	}
}

// rnnOutputs are the lengths of the outputs of NewRNN.
func rnnOutputs(d RNNDesc) []int {
	lengths := []int{d.DstLen(), d.WorkspaceLen()}
	if d.Cell == LSTM {
		lengths = append(lengths, d.StateLen())
	}
	return lengths
}

func TestRNN(t *testing.T) {
	const tolerance = 3e-6
	eachRNN(t, func(t *testing.T, d RNNDesc, in [][]float32) {
		want := newRNN64(d, in)
		want.forward()
		p, err := NewRNN(d)
		out := check(t, must(t, p, err), in, rnnOutputs(d)...)
		assertNear(t, want.dst, out[0], tolerance, "dst")
		lengths := slices.Delete(rnnOutputs(d), 1, 2)
		if d.Cell != VanillaRNN {
			gates := len(want.gates)
			assertNear(t, want.gates, out[1][:gates], tolerance, "gates in the workspace")
		}
		if d.Cell == LSTM {
			last := want.time(d.T-1) * d.StateLen()
			assertNear(t, want.c[last:last+d.StateLen()], out[2], tolerance, "cN")
		}
		p, err = NewRNNInference(d)
		inferred := check(t, must(t, p, err), in, lengths...)
		requireSameBits(t, out[0], inferred[0], "dst in inference")
		if d.Cell == LSTM {
			requireSameBits(t, out[2], inferred[1], "cN in inference")
		}
	})
}

// rnnBackwardCase are the inputs of NewRNNBackward, after a forward pass, and the lengths
// of its outputs.
func rnnBackwardCase(t testing.TB, d RNNDesc, in [][]float32) (backward [][]float32, lengths []int) {
	t.Helper()
	p, err := NewRNN(d)
	out := [][]float32{}
	for _, n := range rnnOutputs(d) {
		out = append(out, Alloc(n))
	}
	must(t, p, err).Exec(NewExec(checkPools()[1], p), in, out)
	backward = [][]float32{noise(d.DstLen(), 11), in[0], in[1], in[2], in[4], out[0], out[1]}
	lengths = []int{d.SrcLen(), d.WeightsLen(), d.RecurrentLen(), d.BiasLen(), d.StateLen()}
	if !d.Bias {
		lengths[3] = -1
	}
	if d.Cell == LSTM {
		backward = append(backward, in[5], noise(d.StateLen(), 12))
		lengths = append(lengths, d.StateLen())
	}
	return backward, lengths
}

var rnnGradientNames = []string{"diffSrc", "diffWeights", "diffRecurrent", "diffBias", "diffH0", "diffC0"}

func (s rnnState64) list() [][]float64 {
	return [][]float64{s.src, s.weights, s.recurrent, s.bias, s.h0, s.c0}
}

func TestRNNBackward(t *testing.T) {
	const tolerance = 5e-6
	eachRNN(t, func(t *testing.T, d RNNDesc, in [][]float32) {
		backward, lengths := rnnBackwardCase(t, d, in)
		oracle := newRNN64(d, in)
		oracle.forward()
		diffCN := make([]float64, d.StateLen())
		if d.Cell == LSTM {
			diffCN = widen(backward[8])
		}
		want := oracle.backward(widen(backward[0]), diffCN).list()
		p, err := NewRNNBackward(d)
		for i, got := range check(t, must(t, p, err), backward, lengths...) {
			if lengths[i] >= 0 {
				assertNear(t, want[i], got, tolerance, rnnGradientNames[i])
			}
		}
	})
}

// The oracle's gradients are those of its forward pass.
func TestRNNOracleAgainstDifferences(t *testing.T) {
	for _, v := range rnnVariants {
		for _, reverse := range []bool{false, true} {
			d := RNNDesc{Cell: v.desc.Cell, Activation: v.desc.Activation, T: 3, N: 2, IC: 3, HC: 4, Bias: true, Reverse: reverse}
			t.Run(fmt.Sprintf("%s reverse %v", v.name, reverse), func(t *testing.T) {
				in, diffDst, diffCN := rnnInputs(d), noise(d.DstLen(), 1), noise(d.StateLen(), 2)
				oracle := newRNN64(d, in)
				oracle.forward()
				got := oracle.backward(widen(diffDst), widen(diffCN)).list()
				for i, x := range in {
					want := slope(x, func(x []float64) float64 {
						r := newRNN64(d, in)
						*[]*[]float64{&r.src, &r.weights, &r.recurrent, &r.bias, &r.h0, &r.c0}[i] = x
						r.forward()
						last := r.time(d.T-1) * d.StateLen()
						return against(r.dst, diffDst) + against(r.c[last:last+d.StateLen()], diffCN)
					})
					assertNear(t, want, narrow(got[i]), 1e-6, rnnGradientNames[i])
				}
			})
		}
	}
}

func narrow(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}

// Layers large enough for several parts a step, against the oracle.
func TestRNNInParts(t *testing.T) {
	for name, d := range map[string]RNNDesc{
		"many units":              {Cell: LSTM, T: 2, N: 5, IC: 7, HC: 3*leastUnits + 45, Bias: true},
		"many samples":            {Cell: LBRGRU, T: 2, N: 150, IC: 4, HC: 90, Bias: true},
		"both":                    {Cell: GRU, T: 2, N: 71, IC: 9, HC: 2*leastUnits + 1, Bias: true},
		"the batch first":         {Cell: LSTM, T: 3, N: 71, IC: 9, HC: leastUnits + 7, Bias: true, BatchFirst: true},
		"both, backwards in time": {Cell: VanillaRNN, Activation: Activation{Kind: Tanh}, T: 3, N: 80, IC: 9, HC: 2*leastUnits + 31, Bias: true, Reverse: true},
	} {
		t.Run(name, func(t *testing.T) {
			in := rnnInputs(d)
			oracle := newRNN64(d, in)
			oracle.forward()
			onEveryISA(t, func(t *testing.T) {
				r := newRecurrence(d, Info{}, d.HC)
				require.Greater(t, r.parts(), 1)
				backward, lengths := rnnBackwardCase(t, d, in)
				assertNear(t, oracle.dst, backward[5], 3e-6, "dst")
				diffCN := make([]float64, d.StateLen())
				if d.Cell == LSTM {
					diffCN = widen(backward[8])
				}
				want := oracle.backward(widen(backward[0]), diffCN).list()
				p, err := NewRNNBackward(d)
				for i, got := range check(t, must(t, p, err), backward, lengths...) {
					assertNear(t, want[i], got, 5e-6, rnnGradientNames[i])
				}
			})
		})
	}
}

// Gradients that are not wanted change nothing in the others.
func TestRNNBackwardLeavesOut(t *testing.T) {
	d := RNNDesc{Cell: LSTM, T: 3, N: 4, IC: 5, HC: 6, Bias: true}
	backward, lengths := rnnBackwardCase(t, d, rnnInputs(d))
	p, err := NewRNNBackward(d)
	all := check(t, must(t, p, err), backward, lengths...)
	some := check(t, p, backward, -1, lengths[1], lengths[2], lengths[3], -1, -1)
	for _, i := range []int{1, 2, 3} {
		requireSameBits(t, all[i], some[i], "%s", rnnGradientNames[i])
	}
	ofInput := check(t, p, backward, lengths[0], -1, -1, -1, lengths[4], lengths[5])
	for _, i := range []int{0, 4, 5} {
		requireSameBits(t, all[i], ofInput[i], "%s", rnnGradientNames[i])
	}
	clear(backward[8])
	zeros := check(t, p, backward, lengths...)
	backward[8] = nil
	for i, want := range zeros {
		requireSameBits(t, want, check(t, p, backward, lengths...)[i], "%s", rnnGradientNames[i])
	}
	p, err = NewRNN(d)
	out := check(t, must(t, p, err), rnnInputs(d), d.DstLen(), d.WorkspaceLen(), -1)
	requireSameBits(t, backward[5], out[0], "dst without cN")
}

// With the batch first everything is the same in another order in memory. Sums of the
// weights' gradients are formed in that order.
func TestRNNBatchFirst(t *testing.T) {
	eachRNN(t, func(t *testing.T, d RNNDesc, in [][]float32) {
		p, err := NewRNN(d)
		want := execute(t, checkPools()[1], must(t, p, err), in, rnnOutputs(d)...)
		backward, lengths := rnnBackwardCase(t, d, in)
		p, err = NewRNNBackward(d)
		wantGradients := execute(t, checkPools()[1], must(t, p, err), backward, lengths...)

		d.BatchFirst = true
		steps := func(x []float32) []float32 { return swapAxes(x, d.T, d.N) }
		in = slices.Clone(in)
		in[0] = steps(in[0])
		p, err = NewRNN(d)
		got := check(t, must(t, p, err), in, rnnOutputs(d)...)
		requireSameBits(t, steps(want[0]), got[0], "dst")
		if d.Cell == LSTM {
			requireSameBits(t, want[2], got[2], "cN")
		}
		p, err = NewRNNInference(d)
		requireSameBits(t, got[0], check(t, must(t, p, err), in, slices.Delete(rnnOutputs(d), 1, 2)...)[0], "dst in inference")

		backward[0], backward[1], backward[5], backward[6] = steps(backward[0]), in[0], got[0], got[1]
		p, err = NewRNNBackward(d)
		gradients := check(t, must(t, p, err), backward, lengths...)
		wantGradients[0] = steps(wantGradients[0])
		for i, x := range gradients {
			assertNear(t, widen(wantGradients[i]), x, 2e-6, rnnGradientNames[i])
		}
	})
}

// swapAxes makes [b, a, …] of [a, b, …].
func swapAxes(x []float32, a, b int) []float32 {
	if len(x) == 0 {
		return nil
	}
	y, row := make([]float32, 0, len(x)), len(x)/(a*b)
	for j := range b {
		for i := range a {
			y = append(y, x[(i*b+j)*row:][:row]...)
		}
	}
	return y
}

// A sample's states have the same bits in any batch.
func TestRNNOfABatch(t *testing.T) {
	for _, v := range rnnVariants {
		t.Run(v.name, func(t *testing.T) {
			d := RNNDesc{Cell: v.desc.Cell, Activation: v.desc.Activation, T: 3, N: 1, IC: 20, HC: 33, Bias: true}
			in := rnnInputs(d)
			p, err := NewRNN(d)
			want := execute(t, checkPools()[0], must(t, p, err), in, rnnOutputs(d)...)[0]
			d.N = 13
			in[0] = repeatRows(in[0], d.IC, d.N)
			for i := range in[4:] {
				in[4+i] = repeatRows(in[4+i], d.HC, d.N)
			}
			p, err = NewRNN(d)
			got := execute(t, checkPools()[1], must(t, p, err), in, rnnOutputs(d)...)[0]
			requireSameBits(t, repeatRows(want, d.HC, d.N), got, "dst")
		})
	}
}

// repeatRows repeats every row of a length n times.
func repeatRows(x []float32, length, n int) (y []float32) {
	for ; len(x) > 0; x = x[length:] {
		y = append(y, slices.Repeat(x[:length], n)...)
	}
	return y
}

func TestBadRNNs(t *testing.T) {
	good := RNNDesc{Cell: LSTM, T: 2, N: 3, IC: 4, HC: 5}
	for _, tc := range []struct {
		name, says string
		change     func(d *RNNDesc)
	}{
		{"unknown cell", "unknown cell 9", func(d *RNNDesc) { d.Cell = 9 }},
		{"no steps", "0 time steps: at least 1 is needed", func(d *RNNDesc) { d.T = 0 }},
		{"negative batch", "batch -1 is negative", func(d *RNNDesc) { d.N = -1 }},
		{"no input", "0 input channels and 5 hidden units", func(d *RNNDesc) { d.IC = 0 }},
		{"no units", "4 input channels and 0 hidden units", func(d *RNNDesc) { d.HC = 0 }},
		{"activation of an LSTM", "activation tanh of a vanilla_lstm", func(d *RNNDesc) { d.Activation.Kind = Tanh }},
		{"activation forgotten", "activation identity: relu", func(d *RNNDesc) { d.Cell = VanillaRNN }},
		{"activation that needs its argument", "activation gelu", func(d *RNNDesc) { d.Cell, d.Activation.Kind = VanillaRNN, GELU }},
		{"negative slope", "leaky_relu with alpha -1", func(d *RNNDesc) { d.Cell, d.Activation = VanillaRNN, Activation{LeakyReLU, -1} }},
		{"more than memory", "too many elements", func(d *RNNDesc) { d.T = math.MaxInt / 100 }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := good
			tc.change(&d)
			for _, make := range []func(RNNDesc) (Primitive, error){NewRNN, NewRNNInference, NewRNNBackward} {
				p, err := make(d)
				require.ErrorIs(t, err, ErrDescriptor)
				assert.ErrorContains(t, err, "ops: ")
				assert.ErrorContains(t, err, tc.says)
				assert.Nil(t, p)
			}
		})
	}
}

func TestRNNCellNames(t *testing.T) {
	assert.Equal(t, "lbr_gru", LBRGRU.String())
	assert.Equal(t, "RNNCell(9)", RNNCell(9).String())
}
