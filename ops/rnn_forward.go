package ops

// rnnForward does the input's part of the gates for all time steps at once, and then
// goes from step to step. Every stage of a step leaves what the next one multiplies
// in dst[t].
type rnnForward struct {
	recurrence
	training bool
	input    inner // gates = src·weightsᵀ + bias
	steps    *phased

	ownGates, ownKept span // scratch: the workspace of inference
}

func newRNNForward(d RNNDesc, training bool) (Primitive, error) {
	prop := "forward_inference"
	if training {
		prop = "forward_training"
	}
	f := &rnnForward{recurrence: newRecurrence(d, d.info(prop, 1)), training: training}
	product, err := NewInnerProduct(InnerProductDesc{N: d.T * d.N, IC: d.IC, OC: d.Cell.Gates() * d.HC, Bias: d.Bias})
	if err != nil {
		return nil, err
	}
	f.input.Primitive = product
	f.operands = [2]span{f.reserve(d.StateLen()), f.reserve(d.StateLen())}
	if !training && d.Cell != VanillaRNN {
		f.ownGates = f.reserve(d.DstLen() * d.Cell.Gates())
		f.ownKept = f.reserve(d.WorkspaceLen() - d.DstLen()*d.Cell.Gates())
	}
	f.info.ScratchPerWorker = transposedRows * Block
	f.info.share(f.scratch, &f.input)
	f.steps = newPhased(f.info, f.phases()...)
	return f, nil
}

func (f *rnnForward) phases() []phase {
	all := []phase{
		{f.units.parts * f.desc.Cell.Gates(), func(_ *call, worker, part int) { f.packWeights(worker, part) }},
		{f.parts(), func(_ *call, _, part int) {
			f.packAll(f.at(f.operands[0]), f.before(0, f.dst, f.h0), part)
		}},
	}
	for step := range f.desc.T {
		for i := range f.cell.forward {
			all = append(all, phase{f.parts(), func(_ *call, _, part int) { f.stage(step, i, part) }})
		}
	}
	return all
}

func (f *rnnForward) Info() Info { return f.info }

func (f *rnnForward) Exec(x *Exec, in, out [][]float32) {
	f.x = x
	f.bind(in, out)
	f.input.in = [3][]float32{f.src, f.weights, f.bias}
	f.input.out[0] = f.gates
	f.input.exec(x, f.scratch)
	f.steps.Exec(x, in, out)
	if cN := out[len(out)-1]; f.desc.Cell == LSTM && cN != nil {
		last, all := f.before(f.desc.T, f.kept, nil), span{0, f.desc.HC}
		for n := range f.desc.N {
			copy(f.of(cN).cut(n, all), last.cut(n, all))
		}
	}
	f.x, f.rnnTensors = nil, rnnTensors{}
}

// bind names the arguments.
func (f *rnnForward) bind(in, out [][]float32) {
	f.src, f.weights, f.recurrent, f.bias, f.h0 = in[0], in[1], in[2], in[3], in[4]
	f.c0 = argument(in, 5)
	f.dst, f.reset = out[0], out[0]
	clear(f.at(f.zeros))
	gates := f.desc.DstLen() * f.desc.Cell.Gates()
	switch {
	case f.desc.Cell == VanillaRNN:
		f.gates = f.dst
	case f.training:
		f.gates, f.kept = out[1][:gates], out[1][gates:]
	default:
		f.gates, f.kept = f.at(f.ownGates), f.at(f.ownKept)
	}
}

// packWeights transposes the recurrent weights of one gate and some units: rows of
// the units become rows of k, a vector of units after the other.
func (f *rnnForward) packWeights(worker, part int) {
	gates, hc := f.desc.Cell.Gates(), f.desc.HC
	var u span
	u.lo, u.hi = f.units.bounds(part / gates)
	gate := part % gates
	panel := f.at(f.panels)[f.panel(u, gate):]
	for lo := u.lo; lo < u.hi; lo += Block {
		lanes := min(Block, u.hi-lo)
		rows := samples{f.recurrent[(gate*hc+lo)*hc:], hc, lanes}
		for k := 0; k < hc; k += transposedRows {
			n := min(transposedRows, hc-k)
			transposed := f.x.Worker(&f.info, worker)[:n*lanes]
			f.kern.interleave(transposed, rows.from(k), 1, lanes)
			for i := range n {
				copy(panel[(k+i)*u.size()+lo-u.lo:], transposed[i*lanes:][:lanes])
			}
		}
	}
}

// stage does a part of one stage of a step.
func (f *rnnForward) stage(step, i, part int) {
	p, st := f.place(part), &f.cell.forward[i]
	q := step*len(f.cell.forward) + i
	from, to := f.at(f.operands[q%2]), f.at(f.operands[(q+1)%2])
	for g := st.gates.lo; g < st.gates.hi; g++ {
		for b := p.blocks.lo; b < p.blocks.hi; b++ {
			f.addGate(step, g, from, b, p.units)
		}
	}
	made := f.before(step+1, f.dst, nil)
	for b := p.blocks.lo; b < p.blocks.hi; b++ {
		lo, hi := f.batch.bounds(b)
		for n := lo; n < hi; n++ {
			st.finish(f.loops, f.row(step, n, p.units))
		}
		f.pack(to, f.desc.HC, 0, made, b, p.units)
	}
}

// addGate adds the recurrent product to the gate, or writes it where it is kept apart.
func (f *rnnForward) addGate(step, gate int, operand []float32, block int, units span) {
	gates, one := f.desc.Cell.Gates(), span{gate, gate + 1}
	if f.cell.apart && one.hi == gates {
		f.multiply(f.rows(f.kept, step, 1, 0), operand, one, block, units, false)
		return
	}
	f.multiply(f.rows(f.gates, step, gates, gate), operand, one, block, units, true)
}
