package ops

// poolAxis are the windows along one axis.
type poolAxis struct {
	in, out, stride, pad int
	windows              []span // the elements of each window
	whole                span   // the windows that lie inside
	counts               []int  // what each window adds to the divisor of an average
}

// span is a half-open range.
type span struct{ lo, hi int }

// poolWindows are the windows along D, H and W, and the loops over them.
type poolWindows struct {
	axes  [3]poolAxis
	cell  int // elements
	loops windowLoops
	sum   func(x []float32) float64
}

func (d PoolingDesc) windows(l *loops) *poolWindows {
	w := poolWindows{cell: d.Layout.cell(), loops: l.windowsOf(d.Layout), sum: l.sum}
	for a := range w.axes {
		w.axes[a] = d.axis(a)
	}
	return &w
}

func (d PoolingDesc) axis(a int) poolAxis {
	in, k, stride, pad := d.In[a], d.Kernel[a], d.Stride[a], d.PadLo[a]
	x := poolAxis{in: in, out: d.Out[a], stride: stride, pad: pad}
	for o := range d.Out[a] {
		start := o*stride - pad
		inside := span{max(start, 0), min(start+k, in)}
		x.windows = append(x.windows, inside)
		count := inside.hi - inside.lo
		if d.CountPad {
			count = min(start+k, in+d.PadHi[a]) - start
		}
		x.counts = append(x.counts, count)
	}
	x.whole = x.inside(k)
	return x
}

// inside are the windows of k elements that lie in the input: a run of them.
func (x *poolAxis) inside(k int) span {
	lo := 0
	for lo < x.out && x.windows[lo].hi-x.windows[lo].lo < k {
		lo++
	}
	hi := lo
	for hi < x.out && x.windows[hi].hi-x.windows[hi].lo == k {
		hi++
	}
	return span{lo, hi}
}
