package ops

// recurrence is what the two passes of an RNN share. A time step has one stage or
// two, and each is a phase: a part of it is some samples and some hidden units, for
// which a product with recurrent weights is followed by what the cell does with the
// result. The part then leaves its share of the next stage's operand as brgemm wants
// it, so that packing takes no phase of its own.
type recurrence struct {
	desc  RNNDesc
	cell  rnnCell
	kern  kernels
	loops *loops

	batch  evenBlocks // the samples, in blocks of the rows of a brgemm
	groups evenBlocks // of those blocks
	units  ranges     // of the hidden units

	panels   span    // scratch: the recurrent weights, packed
	operands [2]span // scratch: stage q reads operands[q%2], and writes the other
	zeros    span    // scratch: a state of zeros
	scratch  int     // length of what is reserved, behind which inner primitives have theirs
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

	// leastUnits fill the widest tile of eight samples; a gate's weights for mostUnits
	// are 192 KiB where there are 512 units.
	leastUnits = 48
	mostUnits  = 96

	// transposedRows of 16 weights are transposed at a time.
	transposedRows = 64
)

// rnnPlace is what one part covers.
type rnnPlace struct{ blocks, units span }

func newRecurrence(d RNNDesc, info Info) recurrence {
	r := recurrence{desc: d, cell: rnnCells[d.Cell], kern: currentKernels(), loops: currentLoops(), info: info}
	r.info.Impl = "brgemm:" + r.kern.name()
	r.batch = newEvenBlocks(d.N, r.kern.rows)
	work := int64(max(d.N, leastSamples)) * int64(d.RecurrentLen())
	parts := int(min(stepParts, max(1, work/stepWork)))
	size := ceilDiv(d.HC, parts)
	if parts > 1 {
		size = ceilDiv(d.HC, ceilDiv(d.HC, min(max(size, leastUnits), mostUnits)))
	}
	r.units = divide(d.HC, RoundUp(size))
	r.groups = evenBlocks{r.batch.count, min(r.batch.count, max(1, parts/r.units.parts))}
	r.panels = r.reserve(d.RecurrentLen())
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
func (r *recurrence) parts() int { return r.groups.count * r.units.parts }

func (r *recurrence) place(part int) (p rnnPlace) {
	p.blocks.lo, p.blocks.hi = r.groups.bounds(part / r.units.parts)
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

// panel is the place of the packed recurrent weights of some units, from one gate on.
// They are [gate][k][unit].
func (r *recurrence) panel(units span, gate int) int {
	return r.desc.HC * (units.lo*r.desc.Cell.Gates() + gate*units.size())
}

// multiply computes a block of samples and some units of a product with the recurrent
// weights of neighbouring gates.
func (r *recurrence) multiply(to rnnRows, operand []float32, gates span, block int, units span, accumulate bool) {
	lo, hi := r.batch.bounds(block)
	k := gates.size() * r.desc.HC
	r.kern.brgemm(brgemm{
		rows: hi - lo, cols: units.size(), k: k,
		a: operand[lo*k : hi*k], b: r.at(r.panels)[r.panel(units, gates.lo):], c: to.x[to.first+lo*to.stride+units.lo:],
		planes: oneTap[:], taps: oneTap[:], bStride: units.size(), cStride: to.stride, accumulate: accumulate,
	})
}

// pack writes a block of samples and some units to an operand with k columns: to those
// from first on.
func (r *recurrence) pack(operand []float32, k, first int, from rnnRows, block int, units span) {
	lo, hi := r.batch.bounds(block)
	rows := hi - lo
	to := operand[lo*k:][(first+units.lo)*rows : (first+units.hi)*rows]
	r.kern.interleave(to, samples{from.x[from.first+lo*from.stride+units.lo:], from.stride, rows}, 1, rows)
}

// packAll packs a state as an operand of one gate.
func (r *recurrence) packAll(operand []float32, from rnnRows, part int) {
	p := r.place(part)
	for b := p.blocks.lo; b < p.blocks.hi; b++ {
		r.pack(operand, r.desc.HC, 0, from, b, p.units)
	}
}
