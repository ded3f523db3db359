package ops

import "slices"

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
	gates := d.Cell.Gates()
	f := &rnnForward{recurrence: newRecurrence(d, d.info(prop, 1), slices.Repeat([]int{d.HC}, gates)...), training: training}
	// Packed whatever the batch, so that a sample's bits do not depend on it.
	product := InnerProductDesc{N: d.T * d.N, IC: d.IC, OC: gates * d.HC, Bias: d.Bias}
	f.input.Primitive = newPackedProduct(product.packed(), Info{})
	if !training && d.Cell != VanillaRNN {
		f.ownGates = f.reserve(d.DstLen() * gates)
		f.ownKept = f.reserve(d.WorkspaceLen() - d.DstLen()*gates)
	}
	f.info.share(f.scratch, &f.input)
	f.steps = newPhased(f.info, f.phases()...)
	return f, nil
}

func (f *rnnForward) phases() []phase {
	hc := f.desc.HC
	all := []phase{
		f.packing(func(gate int) factor { return factor{f.recurrent[gate*hc*hc:], 1, hc} }),
		{f.parts(), func(_ *call, _, part int) {
			f.copyTo(f.at(f.operands[0]), hc, 0, f.before(0, f.dst, f.h0), f.place(part))
		}},
	}
	for step := range f.desc.T {
		for i := range f.cell.forward {
			all = append(all, phase{f.parts(), func(_ *call, worker, part int) { f.stage(worker, step, i, part) }})
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

// stage does a part of one stage of a step.
func (f *rnnForward) stage(worker, step, i, part int) {
	p, st := f.place(part), &f.cell.forward[i]
	q := step*len(f.cell.forward) + i
	for g := st.gates.lo; g < st.gates.hi; g++ {
		f.addGate(worker, step, g, f.at(f.operands[q%2]), p)
	}
	rows := f.step(step)
	for n := p.samples.lo; n < p.samples.hi; n++ {
		st.finish(f.loops, rows.row(n, p.units))
	}
	f.copyTo(f.at(f.operands[(q+1)%2]), f.desc.HC, 0, f.before(step+1, f.dst, nil), p)
}

// addGate adds the recurrent product to the gate, or writes it where it is kept apart.
func (f *rnnForward) addGate(worker, step, gate int, operand []float32, p rnnPlace) {
	gates := f.desc.Cell.Gates()
	if f.cell.apart && gate == gates-1 {
		f.multiply(worker, f.rows(f.kept, step, 1, 0), gate, operand, p, false)
		return
	}
	f.multiply(worker, f.rows(f.gates, step, gates, gate), gate, operand, p, true)
}
