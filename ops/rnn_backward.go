package ops

// rnnBackward goes through the time steps from the last to the first, which gives
// the gradients of all gates. Those of the input and of all weights are then products
// over all steps at once.
type rnnBackward struct {
	recurrence
	steps     *phased
	gradients rnnGradients

	ownDiffGates, ownDiffKept, ownPast, ownReset span // scratch, of all steps
	ownDiffH, ownDiffC, ownDiffReset             span // scratch, of one
}

func newRNNBackward(d RNNDesc) (Primitive, error) {
	gates := d.Cell.Gates()
	var lengths []int
	for _, stage := range rnnCells[d.Cell].backward {
		lengths = append(lengths, stage.gates.size()*d.HC)
	}
	b := &rnnBackward{recurrence: newRecurrence(d, d.info("backward", 2), lengths...), gradients: newRNNGradients(d)}
	b.ownDiffGates, b.ownPast, b.ownDiffH = b.reserve(gates*d.DstLen()), b.reserve(d.DstLen()), b.reserve(d.StateLen())
	switch d.Cell {
	case LSTM:
		b.ownDiffC = b.reserve(d.StateLen())
	case GRU:
		b.ownReset, b.ownDiffReset = b.reserve(d.DstLen()), b.reserve(d.StateLen())
	case LBRGRU:
		b.ownDiffKept = b.reserve(d.DstLen())
	}
	b.info.share(b.scratch, b.gradients.inners()...)
	b.steps = newPhased(b.info, b.phases()...)
	return b, nil
}

func (b *rnnBackward) phases() []phase {
	hc, stages := b.desc.HC, b.cell.backward
	all := []phase{b.packing(func(stage int) factor { return factor{b.recurrent[stages[stage].gates.lo*hc*hc:], hc, 1} })}
	for q := range b.desc.T * len(stages) {
		all = append(all, phase{b.parts(), func(_ *call, worker, part int) {
			if q > 0 {
				b.multiplyStage(worker, q, part)
			}
			b.finishStage(q, part)
		}})
	}
	return append(all, phase{b.parts(), func(_ *call, worker, part int) {
		b.multiplyStage(worker, b.desc.T*len(stages), part)
	}})
}

func (b *rnnBackward) Info() Info { return b.info }

func (b *rnnBackward) Exec(x *Exec, in, out [][]float32) {
	b.x = x
	b.bind(in)
	b.steps.Exec(x, in, out)
	b.gradients.exec(&b.recurrence, out)
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

// multiplyStage does a part of the product of stage number q of all: it adds to the
// gradient of the state, or in a second stage makes that of r·hBefore.
func (b *rnnBackward) multiplyStage(worker, q, part int) {
	i := q % len(b.cell.backward)
	to := b.diffH
	if i > 0 {
		to = b.diffReset
	}
	b.multiply(worker, b.of(to), i, b.at(b.operands[q%2]), b.place(part), i == 0)
}

// finishStage does the rest of it, and copies what the next stage multiplies.
func (b *rnnBackward) finishStage(q, part int) {
	p, stages := b.place(part), b.cell.backward
	i, step := q%len(stages), b.desc.T-1-q/len(stages)
	rows := b.step(step)
	for n := p.samples.lo; n < p.samples.hi; n++ {
		row := rows.row(n, p.units)
		stages[i].finish(b.loops, row)
		if i == 0 {
			copy(b.rows(b.past, step, 1, 0).cut(n, p.units), row.hBefore)
		}
	}
	b.copyGates(b.at(b.operands[(q+1)%2]), step, stages[(i+1)%len(stages)].gates, p)
}

// copyGates copies the gradients of some gates at a step, of those kept apart where
// there are such.
func (b *rnnBackward) copyGates(operand []float32, step int, which span, p rnnPlace) {
	gates, hc := b.desc.Cell.Gates(), b.desc.HC
	for g := which.lo; g < which.hi; g++ {
		from := b.rows(b.diffGates, step, gates, g)
		if b.cell.apart && g == gates-1 {
			from = b.rows(b.diffKept, step, 1, 0)
		}
		b.copyTo(operand, which.size()*hc, (g-which.lo)*hc, from, p)
	}
}
