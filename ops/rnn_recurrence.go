package ops

// recurrence is what the two passes of an RNN share. A time step has one stage or
// two, and each is a phase: a part of it is some samples and some hidden units, for
// which a product with recurrent weights is followed by what the cell does with the
// result. The part then leaves its share of the next stage's operand, so that copying
// it takes no phase of its own.
type recurrence struct {
	desc  RNNDesc
	cell  rnnCell
	kern  kernels
	loops *loops

	samples evenBlocks // groups of samples
	units   ranges     // of the hidden units

	products []panels // forward one for each gate, backward for each stage
	packed   []span   // scratch: their recurrent weights
	operands [2]span  // scratch: stage q reads operands[q%2], and writes the other
	zeros    span     // scratch: a state of zeros
	scratch  int      // length of what is reserved, behind which inner primitives have theirs
	info     Info

	// Of the execution that is under way.
	x *Exec
	rnnTensors
}

// rnnTensors are arguments and results by name, and scratch memory that has a shape.
type rnnTensors struct {
	src, weights, recurrent, bias, h0, c0 []float32
	dst, gates, kept                      []float32 // the latter two are the workspace
	reset                                 []float32 // of a GRU [T, N, HC]

	diffDst, diffGates, diffKept []float32
	past                         []float32 // the states before each step [T, N, HC]
	diffH, diffC, diffReset      []float32
}

const (
	// A stage is divided into at most stepParts parts, which have to be handed out in
	// each of many short steps. A part has stepWork multiply-adds at least: a few µs, as
	// much as handing it out may take. Fewer samples than leastSamples take no less time
	// than these, for reading the weights does.
	stepParts    = 16
	stepWork     = 1 << 19
	leastSamples = 8

	// leastUnits are four vectors: a part goes through its gates in rows of as many.
	leastUnits = 64
)

// rnnPlace is what one part covers.
type rnnPlace struct{ samples, units span }

// newRecurrence prepares products with as many elements of an operand as lengths says.
func newRecurrence(d RNNDesc, info Info, lengths ...int) recurrence {
	r := recurrence{desc: d, cell: rnnCells[d.Cell], kern: currentKernels(), loops: currentLoops(), info: info}
	r.info.Impl = "panels:" + r.kern.name()
	work := int64(max(d.N, leastSamples)) * int64(d.RecurrentLen())
	parts := int(min(stepParts, max(1, work/stepWork)))
	r.units = divide(d.HC, RoundUp(max(ceilDiv(d.HC, parts), leastUnits)))
	r.samples = evenBlocks{d.N, min(d.N, max(1, parts/r.units.parts))}
	longest := 0
	for _, k := range lengths {
		p := newPanels(r.kern, k, d.HC, r.samples.largest(), min(r.units.size, d.HC)/Block)
		r.products, r.packed = append(r.products, p), append(r.packed, r.reserve(p.length()))
		longest = max(longest, k)
	}
	for i := range r.operands {
		r.operands[i] = r.reserve(d.N * rowPitch(longest))
	}
	r.info.ScratchPerWorker = panelWork(r.samples.largest())
	r.zeros = r.reserve(d.StateLen())
	return r
}

// reserve sets n floats of scratch memory aside.
func (r *recurrence) reserve(n int) span {
	lo := r.scratch
	r.scratch += RoundUp(n)
	return span{lo, lo + n}
}

// at is a piece of scratch memory.
func (r *recurrence) at(s span) []float32 { return r.x.Scratch[s.lo:s.hi] }

// parts is the number of parts of a stage.
func (r *recurrence) parts() int { return r.samples.count * r.units.parts }

func (r *recurrence) place(part int) (p rnnPlace) {
	p.samples.lo, p.samples.hi = r.samples.bounds(part / r.units.parts)
	p.units.lo, p.units.hi = r.units.bounds(part % r.units.parts)
	return p
}

// time is the time of a step.
func (r *recurrence) time(step int) int {
	if r.desc.Reverse {
		return r.desc.T - 1 - step
	}
	return step
}

// before is the state that a step starts from, of states [T, N, HC].
func (r *recurrence) before(step int, states, initial []float32) rnnRows {
	switch {
	case step > 0:
		return r.rows(states, step-1, 1, 0)
	case initial != nil:
		return r.of(initial)
	}
	return r.of(r.at(r.zeros))
}

// packing is the phase that packs the recurrent weights; weights gives those of a
// product.
func (r *recurrence) packing(weights func(product int) factor) phase {
	parts := 0
	for _, p := range r.products {
		parts += p.packings()
	}
	return phase{parts, func(_ *call, _, part int) {
		for i := range r.products {
			p := &r.products[i]
			if part < p.packings() {
				p.pack(r.at(r.packed[i]), weights(i), part)
				return
			}
			part -= p.packings()
		}
	}}
}

// multiply computes some samples and units of a product with an operand.
func (r *recurrence) multiply(worker int, to rnnRows, product int, operand []float32, p rnnPlace, accumulate bool) {
	b, n := &r.products[product], p.samples.lo
	pitch := rowPitch(b.k)
	b.multiply(panelProduct{
		rows: p.samples.size(), a: operand[n*pitch:], aRow: pitch, packed: r.at(r.packed[product]), cols: p.units,
		c: to.x[to.first+n*to.stride:], cRow: to.stride, accumulate: accumulate, work: r.x.Worker(&r.info, worker),
	})
}

// copyTo copies some samples and units to an operand with rows of k elements: to those
// from first on.
func (r *recurrence) copyTo(operand []float32, k, first int, from rnnRows, p rnnPlace) {
	pitch := rowPitch(k)
	for n := p.samples.lo; n < p.samples.hi; n++ {
		copy(operand[n*pitch+first+p.units.lo:], from.cut(n, p.units))
	}
}
