package ops

// rnnCell is what distinguishes a cell: the stages of a time step, forward and
// backward.
type rnnCell struct {
	forward, backward []rnnStage
	apart             bool // U h of the last gate is kept apart from W x + b
}

// rnnStage is one product and what follows. Forward it is one for each of the gates,
// with the state or what the stage before it made of it. Backward it is one for all
// of them, with their gradients, and its result is a gradient of the state.
type rnnStage struct {
	gates  span
	finish func(l *loops, row rnnRow)
}

var rnnCells = [...]rnnCell{VanillaRNN: vanillaCell, LSTM: lstmCell, GRU: gruCell, LBRGRU: lbrCell}

// rnnRow is what one sample has of some hidden units at one time step. The last
// stage of a forward step writes h and c.
type rnnRow struct {
	activation Activation   // of a VanillaRNN
	gate       [4][]float32 // W x + b + U h before the stage of a gate, its activation after
	kept       []float32    // LSTM: c; LBRGRU: U h of the last gate, b_u′ included after the stage
	bias       []float32    // LBRGRU: b_u′, nil for zeros
	h, hBefore []float32
	cBefore    []float32 // LSTM
	reset      []float32 // GRU: r·hBefore; forward it is h, until that is known

	// Of the backward pass. On entry to the first stage, diffH is the gradient that h has
	// from later steps; the last one leaves the share of hBefore's that does not come
	// through recurrent weights.
	diffDst   []float32
	diffGate  [4][]float32 // before the activation
	diffKept  []float32    // LBRGRU: of U h
	diffH     []float32
	diffC     []float32 // LSTM: of c, then of cBefore
	diffReset []float32 // GRU: of r·hBefore
}

// The activations of the gates.
var (
	sigmoidGate = Activation{Kind: Sigmoid}
	tanhGate    = Activation{Kind: Tanh}
)

var vanillaCell = rnnCell{
	forward:  []rnnStage{{span{0, 1}, vanillaForward}},
	backward: []rnnStage{{span{0, 1}, vanillaBackward}},
}

func vanillaForward(l *loops, r rnnRow) { l.activate(r.activation, r.h, r.gate[0]) }

func vanillaBackward(l *loops, r rnnRow) {
	l.add(r.diffH, r.diffH, r.diffDst)
	l.activateBackward(r.activation, r.diffGate[0], r.diffH, r.h)
	clear(r.diffH)
}
