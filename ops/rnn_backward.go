package ops

// rnnBackward goes through the time steps from the last to the first, which gives
// the gradients of all gates. Those of the input and of all weights are then products
// over all steps at once.
type rnnBackward struct {
	recurrence
	steps    *phased
	products rnnGradients

	ownDiffGates, ownDiffKept, ownPast, ownReset span // scratch, of all steps
	ownDiffH, ownDiffC, ownDiffReset             span // scratch, of one
}

func newRNNBackward(d RNNDesc) (Primitive, error) {
	b := &rnnBackward{recurrence: newRecurrence(d, d.info("backward", 2)), products: newRNNGradients(d)}
	gates := d.Cell.Gates()
	b.operands = [2]span{b.reserve(gates * d.StateLen()), b.reserve(gates * d.StateLen())}
	b.ownDiffGates, b.ownPast, b.ownDiffH = b.reserve(gates*d.DstLen()), b.reserve(d.DstLen()), b.reserve(d.StateLen())
	switch d.Cell {
	case LSTM:
		b.ownDiffC = b.reserve(d.StateLen())
	case GRU:
		b.ownReset, b.ownDiffReset = b.reserve(d.DstLen()), b.reserve(d.StateLen())
	case LBRGRU:
		b.ownDiffKept = b.reserve(d.DstLen())
	}
	b.info.share(b.scratch, b.products.inners()...)
	b.steps = newPhased(b.info, b.phases()...)
	return b, nil
}

func (b *rnnBackward) phases() []phase {
	all := []phase{{b.units.parts * b.desc.Cell.Gates(), func(_ *call, _, part int) { b.packWeights(part) }}}
	stages := len(b.cell.backward)
	for q := range b.desc.T * stages {
		all = append(all, phase{b.parts(), func(_ *call, _, part int) {
			if q > 0 {
				b.multiplyStage(q, part)
			}
			b.finishStage(q, part)
		}})
	}
	return append(all, phase{b.parts(), func(_ *call, _, part int) { b.multiplyStage(b.desc.T*stages, part) }})
}

func (b *rnnBackward) Info() Info { return b.info }

func (b *rnnBackward) Exec(x *Exec, in, out [][]float32) {
	b.x = x
	b.bind(in)
	b.steps.Exec(x, in, out)
	b.products.exec(&b.recurrence, out)
	copy(out[4], b.diffH)
	copy(argument(out, 5), b.diffC)
	b.x, b.rnnTensors = nil, rnnTensors{}
}

// bind names the arguments and the scratch memory, and starts the gradients of the
// states.
func (b *rnnBackward) bind(in [][]float32) {
	b.diffDst, b.src, b.weights, b.recurrent, b.h0, b.dst = in[0], in[1], in[2], in[3], in[4], in[5]
	b.gates, b.kept = b.dst, nil
	if b.desc.Cell != VanillaRNN {
		gates := b.desc.DstLen() * b.desc.Cell.Gates()
		b.gates, b.kept = in[6][:gates], in[6][gates:]
	}
	b.diffGates, b.past, b.diffH = b.at(b.ownDiffGates), b.at(b.ownPast), b.at(b.ownDiffH)
	clear(b.at(b.zeros))
	clear(b.diffH)
	switch b.desc.Cell {
	case LSTM:
		b.c0, b.diffC = argument(in, 7), b.at(b.ownDiffC)
		clear(b.diffC)
		copy(b.diffC, argument(in, 8))
	case GRU:
		b.reset, b.diffReset = b.at(b.ownReset), b.at(b.ownDiffReset)
	case LBRGRU:
		b.diffKept = b.at(b.ownDiffKept)
	}
}

// packWeights copies some columns of the recurrent weights of one gate.
func (b *rnnBackward) packWeights(part int) {
	gates, hc := b.desc.Cell.Gates(), b.desc.HC
	var u span
	u.lo, u.hi = b.units.bounds(part / gates)
	gate := part % gates
	panel := b.at(b.panels)[b.panel(u, gate):]
	for k := range hc {
		copy(panel[k*u.size():], b.recurrent[(gate*hc+k)*hc:][u.lo:u.hi])
	}
}

// multiplyStage does a part of the product of stage number q of all: it adds to the
// gradient of the state, or in a second stage makes that of r·hBefore.
func (b *rnnBackward) multiplyStage(q, part int) {
	p, i := b.place(part), q%len(b.cell.backward)
	to := b.diffH
	if i > 0 {
		to = b.diffReset
	}
	for block := p.blocks.lo; block < p.blocks.hi; block++ {
		b.multiply(b.of(to), b.at(b.operands[q%2]), b.cell.backward[i].gates, block, p.units, i == 0)
	}
}

// finishStage does the rest of it, and packs what the next stage multiplies.
func (b *rnnBackward) finishStage(q, part int) {
	p, stages := b.place(part), b.cell.backward
	i, step := q%len(stages), b.desc.T-1-q/len(stages)
	for block := p.blocks.lo; block < p.blocks.hi; block++ {
		lo, hi := b.batch.bounds(block)
		for n := lo; n < hi; n++ {
			row := b.row(step, n, p.units)
			stages[i].finish(b.loops, row)
			if i == 0 {
				copy(b.rows(b.past, step, 1, 0).cut(n, p.units), row.hBefore)
			}
		}
		b.packGates(b.at(b.operands[(q+1)%2]), step, stages[(i+1)%len(stages)].gates, block, p.units)
	}
}

// packGates packs the gradients of some gates at a step, of those kept apart where
// there are such.
func (b *rnnBackward) packGates(operand []float32, step int, which span, block int, units span) {
	gates, hc := b.desc.Cell.Gates(), b.desc.HC
	for g := which.lo; g < which.hi; g++ {
		from := b.rows(b.diffGates, step, gates, g)
		if b.cell.apart && g == gates-1 {
			from = b.rows(b.diffKept, step, 1, 0)
		}
		b.pack(operand, which.size()*hc, (g-which.lo)*hc, from, block, units)
	}
}
