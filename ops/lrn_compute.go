package ops

import "math"

// lrnLanes is how many neighbouring positions are normalised across channels together,
// so that memory is read in order.
const lrnLanes = 64

// lrn works on slabs that hold all the windows of their elements: some neighbouring
// positions of all channels of a sample, or one whole channel; with the batch in blocks
// the same of the samples of a block. The windows are boxes, and the sum over a box is a
// sum along one axis after the other. Where channels are in blocks and windows go across
// them, a slab is brought to plain order first.
type lrn struct {
	desc        LRNDesc
	loops       *loops
	kernels     kernels
	rows, pitch int    // of a slab, and the distance of its rows in the tensors
	lanes       ranges // of a row of the tensor: each is a slab's width
	elements    int    // of the largest slab
	copied      bool   // slabs are brought to plain order
	inverse     func(float64) float64
	scale       float64 // Alpha/m
	info        Info
}

// lrnSlab is a slab: rows of width elements, a pitch apart, and memory for the sums over
// windows, of which a and b have one each.
type lrnSlab struct {
	width, pitch      int
	src, diffDst, dst []float32
	a, b              []float32
}

func newLRN(d LRNDesc, info Info, do func(l *lrn, s lrnSlab)) Primitive {
	l := &lrn{
		desc: d, loops: currentLoops(), kernels: currentKernels(),
		inverse: inversePower(float64(d.Beta)), scale: float64(d.Alpha) / d.divisor(), info: info,
	}
	slabs := l.cut()
	work := divideRows(slabs, l.elements)
	return newPhased(l.info, phase{work.parts, func(c *call, worker, part int) {
		lo, hi := work.bounds(part)
		for i := lo; i < hi; i++ {
			number := i / l.lanes.parts
			first, end := l.lanes.bounds(i % l.lanes.parts)
			s := l.slab(c, worker, number, first, end)
			do(l, s)
			if l.copied {
				l.copyLanes(c.out[0], s.dst, number, first, s.width, false)
			}
		}
	}})
}

// cut decides on the slabs and returns their number.
func (l *lrn) cut() (slabs int) {
	d, buffers := l.desc, 2
	l.rows, l.pitch = 1, volume(d.In)*d.Layout.cell()
	l.lanes, slabs = whole(l.pitch), d.Layout.planes(d.N, d.C)
	if d.Kind == AcrossChannels {
		if l.copied = d.Layout == NCX16c; l.copied {
			l.pitch, buffers = volume(d.In), 5
		}
		l.rows, l.lanes = d.C, divide(l.pitch, lrnLanes)
		slabs = d.Layout.rows(d.N) * l.lanes.parts
	}
	l.elements = l.rows * min(l.lanes.size, l.pitch)
	l.info.ScratchPerWorker = buffers * RoundUp(l.elements)
	return slabs
}

// slab are the positions first to end of a sample, of a block of them or of a channel.
func (l *lrn) slab(c *call, worker, number, first, end int) lrnSlab {
	at, last := number*l.rows*l.pitch+first, len(c.in)-1
	s := lrnSlab{width: end - first, pitch: l.pitch}
	s.a, s.b = l.scratch(c, worker, 0, s.width), l.scratch(c, worker, 1, s.width)
	if !l.copied {
		s.src, s.diffDst, s.dst = c.in[last][at:], c.in[0][at:], c.out[0][at:]
		return s
	}
	s.pitch = s.width
	s.src, s.diffDst, s.dst = l.scratch(c, worker, 2, s.width), l.scratch(c, worker, 3, s.width), l.scratch(c, worker, 4, s.width)
	l.copyLanes(c.in[last], s.src, number, first, s.width, true)
	if last > 0 {
		l.copyLanes(c.in[0], s.diffDst, number, first, s.width, true)
	}
	return s
}

// scratch is memory for a slab of the width.
func (l *lrn) scratch(c *call, worker, number, width int) []float32 {
	return c.x.Worker(&l.info, worker)[number*RoundUp(l.elements):][:l.rows*width]
}

// copyLanes copies positions from first on of a sample in channel blocks to a slab of
// rows, or the other way.
func (l *lrn) copyLanes(blocked, slab []float32, sample, first, width int, apart bool) {
	blocks := ceilDiv(l.rows, Block)
	for b := range blocks {
		at := ((sample*blocks+b)*l.pitch + first) * Block
		rows := samples{slab[b*Block*width:], width, min(l.rows-b*Block, Block)}
		l.kernels.lanes(blocked[at:at+width*Block], rows, Block, apart)
	}
}

// inversePower is x^−beta. AlexNet's 0.75 is worth the roots: they take a tenth of the
// time of math.Pow.
func inversePower(beta float64) func(x float64) float64 {
	switch beta {
	case 0.5:
		return func(x float64) float64 { return 1 / math.Sqrt(x) }
	case 0.75:
		return func(x float64) float64 { root := math.Sqrt(x); return 1 / (root * math.Sqrt(root)) }
	case 1:
		return func(x float64) float64 { return 1 / x }
	}
	return func(x float64) float64 { return math.Pow(x, -beta) }
}

// forward normalises a slab.
func (l *lrn) forward(s lrnSlab) {
	sums := l.sumOfSquares(s)
	for r := range l.rows {
		y, sum := s.dst[r*s.pitch:][:s.width], sums[r*s.width:][:s.width]
		for i, x := range s.src[r*s.pitch:][:s.width] {
			y[i] = float32(float64(x) * l.inverse(l.base(sum[i])))
		}
	}
}

// base is O, from the sum of squares.
func (l *lrn) base(sum float32) float64 { return float64(l.desc.K) + l.scale*float64(sum) }

// backward does the same for the gradient. Its first term is in diffSrc while the sums of
// the second are made.
func (l *lrn) backward(s lrnSlab) {
	sums := l.sumOfSquares(s)
	for r := range l.rows {
		sum, x, y := sums[r*s.width:][:s.width], s.src[r*s.pitch:][:s.width], s.dst[r*s.pitch:][:s.width]
		for i, d := range s.diffDst[r*s.pitch:][:s.width] {
			base := l.base(sum[i])
			term := float64(d) * l.inverse(base)
			y[i], sum[i] = float32(term), float32(term*float64(x[i])/base)
		}
	}
	if &sums[0] == &s.b[0] {
		s.a, s.b = s.b, s.a
	}
	sums = l.boxSums(s.a, s.b, s.width)
	factor := 2 * float64(l.desc.Beta) * l.scale
	for r := range l.rows {
		sum, y := sums[r*s.width:][:s.width], s.dst[r*s.pitch:][:s.width]
		for i, x := range s.src[r*s.pitch:][:s.width] {
			y[i] = float32(float64(y[i]) - factor*float64(x)*float64(sum[i]))
		}
	}
}

// sumOfSquares is the sum of squares of every window of a slab, in a or b of it.
func (l *lrn) sumOfSquares(s lrnSlab) []float32 {
	for r := range l.rows {
		row := s.src[r*s.pitch:][:s.width]
		l.loops.mul(s.a[r*s.width:][:s.width], row, row)
	}
	return l.boxSums(s.a, s.b, s.width)
}

// boxSums adds up a over every window, with b for memory, and returns the one that
// has the result.
func (l *lrn) boxSums(a, b []float32, width int) []float32 {
	if l.desc.Kind == AcrossChannels {
		l.axisSums(b, a, l.rows, width)
		return b
	}
	in, cell := l.desc.In, l.desc.Layout.cell()
	l.axisSums(b, a, in[2], cell)
	l.axisSums(a, b, in[1], in[2]*cell)
	if !l.desc.Volume {
		return a
	}
	l.axisSums(b, a, in[0], in[1]*in[2]*cell)
	return b
}

// axisSums adds up the cells of a window along an axis of n cells of inner elements:
// cells at the same distance are neighbours in memory, so a row of sums gets a
// shifted row of src at a time.
func (l *lrn) axisSums(dst, src []float32, n, inner int) {
	copy(dst, src)
	row := n * inner
	for ; len(dst) > 0; dst, src = dst[row:], src[row:] {
		for j := 1; j <= min((l.desc.Size-1)/2, n-1); j++ {
			shift := j * inner
			before, after := dst[shift:row], dst[:row-shift]
			l.loops.add(before, before, src)
			l.loops.add(after, after, src[shift:])
		}
	}
}
