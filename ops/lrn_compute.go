package ops

import "math"

// lrnLanes is how many neighbouring positions are normalised across channels together,
// so that memory is read in order.
const lrnLanes = 64

// lrn works on slabs that hold all the windows of their elements: some neighbouring
// positions of all channels of a sample, or one whole channel. The windows are boxes,
// and the sum over a box is a sum along one axis after the other.
type lrn struct {
	desc        LRNDesc
	loops       *loops
	rows, pitch int    // of a slab, and the distance of its rows in the tensors
	lanes       ranges // of a row of the tensor: each is a slab's width
	slab        int    // elements of the largest slab
	inverse     func(float64) float64
	scale       float64 // Alpha/m
	info        Info
}

func newLRN(d LRNDesc, info Info, do func(l *lrn, c *call, worker, at, width int)) Primitive {
	volume := d.In[0] * d.In[1] * d.In[2]
	l := &lrn{
		desc: d, loops: currentLoops(), rows: 1, pitch: volume, lanes: divide(volume, volume),
		inverse: inversePower(float64(d.Beta)), scale: float64(d.Alpha) / d.divisor(), info: info,
	}
	slabs := d.N * d.C
	if d.Kind == AcrossChannels {
		l.rows, l.lanes = d.C, divide(volume, lrnLanes)
		slabs = d.N * l.lanes.parts
	}
	l.slab = l.rows * min(l.lanes.size, volume)
	l.info.ScratchPerWorker = 2 * RoundUp(l.slab)
	work := divideRows(slabs, l.slab)
	return newPhased(l.info, phase{work.parts, func(c *call, worker, part int) {
		lo, hi := work.bounds(part)
		for s := lo; s < hi; s++ {
			first, end := l.lanes.bounds(s % l.lanes.parts)
			do(l, c, worker, s/l.lanes.parts*l.rows*l.pitch+first, end-first)
		}
	}})
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

// scratch is memory for two slabs of the width.
func (l *lrn) scratch(c *call, worker, width int) (a, b []float32) {
	x, n := c.x.Worker(&l.info, worker), l.rows*width
	return x[:n], x[RoundUp(l.slab):][:n]
}

// forward normalises the slab whose first element is at.
func (l *lrn) forward(c *call, worker, at, width int) {
	src, dst := c.in[0][at:], c.out[0][at:]
	a, b := l.scratch(c, worker, width)
	sums := l.sumOfSquares(a, b, src, width)
	for r := range l.rows {
		y, s := dst[r*l.pitch:][:width], sums[r*width:][:width]
		for i, x := range src[r*l.pitch:][:width] {
			y[i] = float32(float64(x) * l.inverse(l.base(s[i])))
		}
	}
}

// base is O, from the sum of squares.
func (l *lrn) base(sum float32) float64 { return float64(l.desc.K) + l.scale*float64(sum) }

// backward does the same for the gradient. Its first term is in diffSrc while the sums of
// the second are made.
func (l *lrn) backward(c *call, worker, at, width int) {
	diffDst, src, diffSrc := c.in[0][at:], c.in[1][at:], c.out[0][at:]
	a, b := l.scratch(c, worker, width)
	sums := l.sumOfSquares(a, b, src, width)
	for r := range l.rows {
		s, x, y := sums[r*width:][:width], src[r*l.pitch:][:width], diffSrc[r*l.pitch:][:width]
		for i, d := range diffDst[r*l.pitch:][:width] {
			base := l.base(s[i])
			term := float64(d) * l.inverse(base)
			y[i], s[i] = float32(term), float32(term*float64(x[i])/base)
		}
	}
	if &sums[0] == &b[0] {
		a, b = b, a
	}
	sums = l.boxSums(a, b, width)
	factor := 2 * float64(l.desc.Beta) * l.scale
	for r := range l.rows {
		s, y := sums[r*width:][:width], diffSrc[r*l.pitch:][:width]
		for i, x := range src[r*l.pitch:][:width] {
			y[i] = float32(float64(y[i]) - factor*float64(x)*float64(s[i]))
		}
	}
}

// sumOfSquares is the sum of squares of every window of a slab, in a or b.
func (l *lrn) sumOfSquares(a, b, src []float32, width int) []float32 {
	for r := range l.rows {
		row := src[r*l.pitch:][:width]
		l.loops.mul(a[r*width:][:width], row, row)
	}
	return l.boxSums(a, b, width)
}

// boxSums adds up a over every window, with b for memory, and returns the one that
// has the result.
func (l *lrn) boxSums(a, b []float32, width int) []float32 {
	if l.desc.Kind == AcrossChannels {
		l.axisSums(b, a, l.rows, width)
		return b
	}
	in := l.desc.In
	l.axisSums(b, a, in[2], 1)
	l.axisSums(a, b, in[1], in[2])
	if !l.desc.Volume {
		return a
	}
	l.axisSums(b, a, in[0], in[1]*in[2])
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
