package ops

import (
	"slices"
	"testing"

	"github.com/cascade-hpc/cascade/internal/golden"
)

// goldenRNN is a layer that PyTorch computed, with the gates in our order.
type goldenRNN struct {
	RNNDesc
	*golden.Case
	order []int // order[g] is the place of gate g in PyTorch's order
}

var goldenRNNs = map[string]goldenRNN{
	"rnn_tanh": {RNNDesc: RNNDesc{Cell: VanillaRNN, Activation: Activation{Kind: Tanh}}, order: []int{0}},
	"lstm":     {RNNDesc: RNNDesc{Cell: LSTM}, order: []int{0, 1, 2, 3}},
	"gru":      {RNNDesc: RNNDesc{Cell: LBRGRU}, order: []int{1, 0, 2}},
}

// gates is a tensor of all gates, such as weights, in our order.
func (g *goldenRNN) gates(tensor string) (x []float32) {
	theirs := g.F32(tensor)
	size := len(theirs) / len(g.order)
	for _, place := range g.order {
		x = append(x, theirs[place*size:][:size]...)
	}
	return x
}

// bias adds PyTorch's two, but for those of an LBRGRU's last gate.
func (g *goldenRNN) bias() []float32 {
	x, ofState := g.gates("b_ih"), g.gates("b_hh")
	if g.Cell == LBRGRU {
		x = append(x, ofState[2*g.HC:]...)
		ofState = ofState[:2*g.HC]
	}
	for i, v := range ofState {
		x[i] += v
	}
	return x
}

func TestRNNAgainstPyTorch(t *testing.T) {
	for name, g := range goldenRNNs {
		t.Run(name, func(t *testing.T) {
			g.Case = golden.Load(t, name)
			s := g.Shape("x")
			g.T, g.N, g.IC, g.HC, g.Bias = s[0], s[1], s[2], g.Shape("y")[2], true
			in := [][]float32{g.F32("x"), g.gates("w_ih"), g.gates("w_hh"), g.bias(), g.F32("h0")}
			if g.Cell == LSTM {
				in = append(in, g.F32("c0"))
			}
			onEveryISA(t, func(t *testing.T) { g.compare(t, in) })
		})
	}
}

func (g *goldenRNN) compare(t *testing.T, in [][]float32) {
	p, err := NewRNN(g.RNNDesc)
	out := check(t, must(t, p, err), in, rnnOutputs(g.RNNDesc)...)
	golden.Close(t, g.F32("y"), out[0], 1e-5)

	backward, lengths := rnnBackwardCase(t, g.RNNDesc, in)
	backward[0] = g.F32("dy")
	want := [][]float32{g.F32("dx"), g.gates("dw_ih"), g.gates("dw_hh"), g.gates("db_ih"), g.F32("dh0")}
	switch g.Cell {
	case LSTM:
		backward[8] = nil // PyTorch's loss did not see the last cell state
		want = append(want, g.F32("dc0"))
	case LBRGRU:
		want[3] = slices.Concat(want[3], g.gates("db_hh")[2*g.HC:])
	}
	p, err = NewRNNBackward(g.RNNDesc)
	for i, got := range check(t, must(t, p, err), backward, lengths...) {
		golden.Close(t, want[i], got, 1e-5)
	}
}
