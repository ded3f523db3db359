package ops

import "fmt"

// RNNCell names a recurrent cell. Its gates are always stored in the order of the
// constants' formulas, which is oneDNN's. W are the weights of the input x and U the
// recurrent weights of the state h before; σ is the sigmoid, · the product of
// elements.
type RNNCell uint8

const (
	// VanillaRNN (Elman 1990) has one gate, and Activation is ReLU, LeakyReLU, ELU,
	// Tanh or Sigmoid:
	//
	//	h' = Activation(W x + U h + b)
	VanillaRNN RNNCell = iota

	// LSTM (Hochreiter & Schmidhuber 1997; Gers et al. 2000), gates i, f, c̃, o, the
	// order of PyTorch (i, f, g, o) and Keras too:
	//
	//	i, f, o = σ(W x + U h + b)
	//	c̃       = tanh(W x + U h + b)
	//	c'      = f·c + i·c̃
	//	h'      = o·tanh(c')
	LSTM

	// GRU (Cho et al. 2014), gates u, r, o; the reset gate comes before the product,
	// as with Keras' reset_after=False:
	//
	//	u, r = σ(W x + U h + b)
	//	o    = tanh(W x + U (r·h) + b)
	//	h'   = u·h + (1 − u)·o
	GRU

	// LBRGRU is the GRU with linear before reset, of PyTorch (whose order is r, u, o),
	// cuDNN and Keras (reset_after=True). It has a fourth bias, u′:
	//
	//	u, r = σ(W x + U h + b)
	//	o    = tanh(W x + b + r·(U h + b_u′))
	//	h'   = u·h + (1 − u)·o
	//
	// PyTorch's and Keras' two biases of u and r are to be added up.
	LBRGRU
)

var rnnCellNames = [...]string{"vanilla_rnn", "vanilla_lstm", "vanilla_gru", "lbr_gru"}

// String returns oneDNN's name of the cell.
func (c RNNCell) String() string {
	if int(c) < len(rnnCellNames) {
		return rnnCellNames[c]
	}
	return fmt.Sprintf("RNNCell(%d)", uint8(c))
}

// Gates is the number of gates: the sets of HC rows that both weights have.
func (c RNNCell) Gates() int { return [...]int{1, 4, 3, 3}[c] }

// Biases is the number of sets of HC biases.
func (c RNNCell) Biases() int { return [...]int{1, 4, 3, 4}[c] }

// RNNDesc describes one layer of a recurrent network in one direction, over whole
// sequences. Stacks are several of them, the dst of one being the src of the next;
// a bidirectional layer is one of each direction, with the results concatenated or
// added.
//
// Tensors are plain, the time outermost: src [T, N, IC], dst [T, N, HC]. The state
// of step t is dst[t], so the last state is dst[T−1], or dst[0] with Reverse; what a
// loss wants of it is added to that part of diffDst. With BatchFirst the batch is
// outermost (PyTorch's batch_first) wherever it says [T, N, …] here: src [N, T, IC],
// dst [N, T, HC], and so on. States stay [N, HC].
type RNNDesc struct {
	Cell    RNNCell
	T, N    int // steps, of which there is at least one, and samples
	IC, HC  int // channels of the input, hidden units
	Bias    bool
	Reverse bool // from step T−1 to step 0

	BatchFirst bool // the order of sequences in memory

	Activation Activation // of VanillaRNN; the other cells have theirs
}

// Validate reports the first thing in the descriptor that cannot be.
func (d RNNDesc) Validate() error {
	const op = "rnn"
	switch {
	case int(d.Cell) >= len(rnnCellNames):
		return invalid(op, "unknown cell %d", d.Cell)
	case d.T < 1:
		return invalid(op, "%d time steps: at least 1 is needed", d.T)
	case d.N < 0:
		return invalid(op, "batch %d is negative", d.N)
	case d.IC < 1 || d.HC < 1:
		return invalid(op, "%d input channels and %d hidden units: each must be at least 1", d.IC, d.HC)
	case d.Cell != VanillaRNN && d.Activation != Activation{}:
		return invalid(op, "activation %s of a %s: only %s has a choice", d.Activation.Kind, d.Cell, VanillaRNN)
	case d.Cell == VanillaRNN && (d.Activation.Kind == Identity || !d.Activation.FromDst()):
		return invalid(op, "activation %s: relu, leaky_relu, elu, tanh or sigmoid is needed", d.Activation.Kind)
	}
	for _, sizes := range [][]int{{d.T, d.N, d.IC}, {8, d.T, d.N, d.HC}, {8, d.HC, d.IC}, {8, d.HC, d.HC}} {
		if _, err := elements(op, sizes...); err != nil {
			return err
		}
	}
	return d.Activation.validate()
}

// SrcLen, DstLen, StateLen, WeightsLen, RecurrentLen and BiasLen are the lengths of
// src [T, N, IC], dst [T, N, HC], a state [N, HC], and the weights and biases of all
// gates.
func (d RNNDesc) SrcLen() int       { return d.T * d.N * d.IC }
func (d RNNDesc) DstLen() int       { return d.T * d.N * d.HC }
func (d RNNDesc) StateLen() int     { return d.N * d.HC }
func (d RNNDesc) WeightsLen() int   { return d.Cell.Gates() * d.HC * d.IC }
func (d RNNDesc) RecurrentLen() int { return d.Cell.Gates() * d.HC * d.HC }
func (d RNNDesc) BiasLen() int      { return d.Cell.Biases() * d.HC }

// WorkspaceLen is the length of what training keeps for the backward pass: the gates
// [T, N, gates, HC], then of an LSTM the cell states c [T, N, HC], and of an LBRGRU
// the U h + b_u′ of its last gate [T, N, HC]. A VanillaRNN keeps nothing.
func (d RNNDesc) WorkspaceLen() int { return d.DstLen() * [...]int{0, 5, 3, 4}[d.Cell] }

// MACs is the number of multiply-adds of the products of a forward execution.
func (d RNNDesc) MACs() int64 {
	return int64(d.T) * int64(d.N) * int64(d.Cell.Gates()*d.HC) * int64(d.IC+d.HC)
}

// NewRNN returns the forward pass in training.
//
//	in:  src [T, N, IC], weights [gates, HC, IC], recurrent [gates, HC, HC],
//	     bias [biases, HC], h0 [N, HC], and for an LSTM c0 [N, HC]
//	out: dst [T, N, HC], workspace [WorkspaceLen], and for an LSTM cN [N, HC]
//
// A bias is not read without Bias, a nil state is zeros, and a nil cN is not written.
func NewRNN(d RNNDesc) (Primitive, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	return newRNNForward(d, true)
}

// NewRNNInference returns the forward pass that keeps no workspace.
//
//	in:  as for NewRNN
//	out: dst [T, N, HC], and for an LSTM cN [N, HC] or nil
func NewRNNInference(d RNNDesc) (Primitive, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	return newRNNForward(d, false)
}

// NewRNNBackward returns the gradients of [NewRNN] with respect to all its inputs, by
// back-propagation through time.
//
//	in:  diffDst [T, N, HC], src, weights, recurrent, h0, dst, workspace, and for an
//	     LSTM c0 and diffCN [N, HC]
//	out: diffSrc [T, N, IC], diffWeights [gates, HC, IC], diffRecurrent [gates, HC, HC],
//	     diffBias [biases, HC], diffH0 [N, HC], and for an LSTM diffC0 [N, HC]
//
// Nil states and a nil diffCN are zeros. diffBias is not written without Bias; diffSrc,
// diffH0 and diffC0 may be nil too, and so may be all of diffWeights, diffRecurrent and
// diffBias together, which saves their products.
func NewRNNBackward(d RNNDesc) (Primitive, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	return newRNNBackward(d)
}

func (d RNNDesc) info(prop string, passes int) Info {
	direction := "left2right"
	if d.Reverse {
		direction = "right2left"
	}
	floats := d.SrcLen() + d.DstLen() + d.WorkspaceLen() + d.WeightsLen() + d.RecurrentLen()
	return Info{
		Kind: "rnn", Prop: prop,
		Problem: fmt.Sprintf("alg:%s direction:%s activation:%s l1t%dmb%dsic%dslc%ddhc%d",
			d.Cell, direction, d.Activation.Kind, d.T, d.N, d.HC, d.IC, d.HC),
		FLOPs: int64(passes) * 2 * d.MACs(),
		Bytes: floatBytes(passes * floats),
	}
}
