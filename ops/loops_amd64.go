//go:build amd64 && !noasm

package ops

import (
	"fmt"
	"unsafe"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/ops/avx2"
	"github.com/cascade-hpc/cascade/ops/avx512"
)

// elementsPerCall bounds a call of a streaming kernel, which cannot be interrupted,
// to about 50 µs even where seven operands come from memory.
const elementsPerCall = 1 << 14

// shortRun is the length below which Go is done before a kernel is called: the rows of
// a convolution may be a few elements.
const shortRun = 8

// streaming calls the kernels of one instruction set for what streams. Both packages
// have the same kernels and argument structs.
type streaming struct {
	isa   ISA
	lanes int
}

var (
	avx2Loops   = (&streaming{AVX2, avx2.Lanes}).loops(cellsAVX2.loops())
	avx512Loops = (&streaming{AVX512, avx512.Lanes}).loops(cellsAVX512.loops())
)

func assemblyLoops(isa ISA) *loops {
	switch isa {
	case AVX2:
		return avx2Loops
	case AVX512:
		return avx512Loops
	}
	return nil
}

func (s *streaming) loops(cells cellLoops) *loops {
	return &loops{
		isa:               s.isa,
		add:               s.add,
		mul:               s.mul,
		scale:             s.scale,
		shift:             s.shift,
		fill:              s.fill,
		clip:              s.clip,
		activate:          s.activate,
		activateBackward:  s.activateBackward,
		dropout:           s.dropout,
		dropoutCells:      s.dropoutCells,
		sgd:               s.sgd,
		momentum:          s.momentum,
		rmsprop:           s.rmsprop,
		rmspropMomentum:   s.rmspropMomentum,
		adam:              s.adam,
		adamDescent:       s.adamDescent,
		movingAverage:     s.movingAverage,
		normalise:         s.normalise,
		normaliseBackward: s.normaliseBackward,
		windowAverages:    s.windowAverages,
		windowSpread:      s.windowSpread,
		windowMax:         s.windowMax,
		windowMaxBackward: s.windowMaxBackward,
		upsampleRows:      s.upsampleRows,
		pointwiseLoss:     s.pointwiseLoss,
		maximum:           s.maximum,
		exp:               s.exp,
		expSum:            s.expSum,
		softmaxBackward:   s.softmaxBackward,
		softmaxColumns:    s.softmaxColumns,
		columnsBackward:   s.softmaxColumnsBackward,
		cells:             cells,
		sum:               s.sum,
		squares:           s.squares,
		products:          s.products,
		moments:           s.moments,
		gradientMoments:   s.gradientMoments,
	}
}

// operand is the start of n elements. It panics if they are not there: a kernel
// would not.
func operand(x []float32, n int) unsafe.Pointer {
	if len(x) < n {
		panic(fmt.Sprintf("ops: an operand of %d elements, where there must be %d", len(x), n))
	}
	return unsafe.Pointer(unsafe.SliceData(x))
}

// elementwise computes n elements.
func (s *streaming) elementwise(op avx512.ElementwiseOp, n int, args *avx512.ElementwiseArgs) {
	s.elementwiseRuns(op, oneRun(n), args)
}

// elementwiseRuns computes runs in calls that are short enough.
func (s *streaming) elementwiseRuns(op avx512.ElementwiseOp, r runs, args *avx512.ElementwiseArgs) {
	r.calls(func(first, n, count int) {
		args.First, args.N, args.Runs, args.Pitch = first, n, count, 4*r.pitch
		if s.isa == AVX2 { // to name the kernels: a function value would move the arguments to the heap
			avx2.Elementwise(avx2.ElementwiseOp(op), (*avx2.ElementwiseArgs)(args))
		} else {
			avx512.Elementwise(op, args)
		}
	})
}

// calls cuts runs into calls that are short enough: one for several runs, or several
// for one. The first elements of those are multiples of elementsPerCall.
func (r runs) calls(do func(first, n, count int)) {
	if r.end() == 0 {
		return
	}
	atOnce := elementsPerCall / RoundUp(r.length)
	if atOnce == 0 {
		r.each(func(lo, hi int) {
			for ; lo < hi; lo += elementsPerCall {
				do(lo, min(elementsPerCall, hi-lo), 1)
			}
		})
		return
	}
	for k := 0; k < r.count; k += atOnce {
		do(k*r.pitch, r.length, min(atOnce, r.count-k))
	}
}

// constants are those of an operation.
type constants = [9]float32

// unary is an operation on one operand, with constants in the arguments: to pass them
// by value would take as long as a short run.
func (s *streaming) unary(op avx512.ElementwiseOp, dst, a []float32, args *avx512.ElementwiseArgs) {
	n := len(dst)
	args.In[0], args.Out[0] = operand(a, n), operand(dst, n)
	s.elementwise(op, n, args)
}

// binary is an operation on two operands.
func (s *streaming) binary(op avx512.ElementwiseOp, dst, a, b []float32, args *avx512.ElementwiseArgs) {
	n := len(dst)
	args.In[0], args.In[1], args.Out[0] = operand(a, n), operand(b, n), operand(dst, n)
	s.elementwise(op, n, args)
}

func (s *streaming) add(dst, a, b []float32) {
	s.binary(avx512.Add, dst, a, b, &avx512.ElementwiseArgs{})
}

func (s *streaming) mul(dst, a, b []float32) {
	s.binary(avx512.Mul, dst, a, b, &avx512.ElementwiseArgs{})
}

func (s *streaming) scale(dst, src []float32, factor float32) {
	s.unary(avx512.Scale, dst, src, &avx512.ElementwiseArgs{C: constants{factor}})
}

func (s *streaming) shift(dst, src []float32, by float32) {
	if len(dst) < shortRun {
		shiftPortable(dst, src, by)
		return
	}
	s.unary(avx512.Shift, dst, src, &avx512.ElementwiseArgs{C: constants{by}})
}

func (s *streaming) fill(dst []float32, value float32) {
	s.unary(avx512.Fill, dst, dst, &avx512.ElementwiseArgs{C: constants{value}})
}

func (s *streaming) clip(dst, src []float32, limit float32) {
	s.unary(avx512.Clip, dst, src, &avx512.ElementwiseArgs{C: constants{limit, -limit}})
}

func (s *streaming) movingAverage(dst, batch, running []float32, keep, fresh float64) {
	s.binary(avx512.MovingAverage, dst, batch, running, &avx512.ElementwiseArgs{D: [2]float64{keep, fresh}})
}

func (s *streaming) normalise(l channelLine, dst, src []float32, r runs) {
	n := r.end()
	args := avx512.ElementwiseArgs{C: constants{l.centre, l.slope, l.offset}}
	args.In[0], args.Out[0] = operand(src, n), operand(dst, n)
	s.elementwiseRuns(avx512.Normalise, r, &args)
}

func (s *streaming) normaliseBackward(p channelPlane, diffSrc, diffDst, src []float32, r runs) {
	n := r.end()
	args := avx512.ElementwiseArgs{C: constants{p.centre, p.byDiff, p.bySrc, p.offset}}
	args.In[0], args.In[1], args.Out[0] = operand(diffDst, n), operand(src, n), operand(diffSrc, n)
	s.elementwiseRuns(avx512.NormaliseBackward, r, &args)
}

func (s *streaming) dropout(d dropping, dst, src []float32) {
	args := avx512.DropoutArgs{
		Keys:   philox.RoundKeys([2]uint32{uint32(d.seed), uint32(d.seed >> 32)}),
		Least:  d.least << 8, // of the whole draw
		Factor: d.factor,
	}
	for src = src[:len(dst)]; len(dst) > 0; dst, src = dst[args.N:], src[args.N:] {
		args.N = min(elementsPerCall, len(dst))
		args.Dst, args.Src = operand(dst, args.N), operand(src, args.N)
		args.Counter = [4]uint32{uint32(d.block), uint32(d.block >> 32), uint32(d.stream), uint32(d.stream >> 32)}
		if s.isa == AVX2 {
			avx2.Dropout((*avx2.DropoutArgs)(&args))
		} else {
			avx512.Dropout(&args)
		}
		d.block += elementsPerCall / 4
	}
}
