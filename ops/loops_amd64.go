//go:build amd64 && !noasm

package ops

import (
	"fmt"
	"unsafe"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/ops/avx512"
)

// elementsPerCall bounds a call of a streaming kernel, which cannot be interrupted,
// to about 50 µs even where seven operands come from memory.
const elementsPerCall = 1 << 14

// shortRun is the length below which Go is done before a kernel is called: the runs
// of a batch normalisation may be single elements.
const shortRun = 8

func assemblyLoops(isa ISA) *loops {
	switch {
	case isa >= AVX512:
		return &avx512Loops
	case isa == AVX2:
		return &avx2Loops
	}
	return nil
}

// avx2Loops are portable, but for cells.
var avx2Loops = func() loops {
	l := portableLoops
	l.cells = cellsAVX2.loops()
	return l
}()

var avx512Loops = loops{
	isa:               AVX512,
	add:               addAVX512,
	mul:               mulAVX512,
	scale:             scaleAVX512,
	fill:              fillAVX512,
	activate:          activateAVX512,
	activateBackward:  activateBackwardAVX512,
	dropout:           dropoutAVX512,
	sgd:               sgdAVX512,
	momentum:          momentumAVX512,
	rmsprop:           rmspropAVX512,
	rmspropMomentum:   rmspropMomentumAVX512,
	adam:              adamAVX512,
	normalise:         normaliseAVX512,
	normaliseBackward: normaliseBackwardAVX512,
	windowAverages:    windowAveragesAVX512,
	windowSpread:      windowSpreadAVX512,
	windowMax:         windowMaxAVX512,
	windowMaxBackward: windowMaxBackwardAVX512,
	cells:             cellsAVX512.loops(),
	upsampleRows:      upsampleRowsAVX512,
	pointwiseLoss:     pointwiseLossAVX512,
	sum:               sumAVX512,
	moments:           momentsAVX512,
	gradientMoments:   gradientMomentsAVX512,
}

// operand is the start of n elements. It panics if they are not there: a kernel
// would not.
func operand(x []float32, n int) unsafe.Pointer {
	if len(x) < n {
		panic(fmt.Sprintf("ops: an operand of %d elements, where there must be %d", len(x), n))
	}
	return unsafe.Pointer(unsafe.SliceData(x))
}

// elementwiseAVX512 computes n elements in calls that are short enough.
func elementwiseAVX512(op avx512.ElementwiseOp, n int, args *avx512.ElementwiseArgs) {
	for args.First = 0; args.First < n; args.First += elementsPerCall {
		args.N = min(elementsPerCall, n-args.First)
		avx512.Elementwise(op, args)
	}
}

// constants are those of an operation.
type constants = [9]float32

// unaryAVX512 is an operation on one operand.
func unaryAVX512(op avx512.ElementwiseOp, dst, a []float32, c constants) {
	n := len(dst)
	args := avx512.ElementwiseArgs{C: c}
	args.In[0], args.Out[0] = operand(a, n), operand(dst, n)
	elementwiseAVX512(op, n, &args)
}

// binaryAVX512 is an operation on two operands.
func binaryAVX512(op avx512.ElementwiseOp, dst, a, b []float32, c constants) {
	n := len(dst)
	args := avx512.ElementwiseArgs{C: c}
	args.In[0], args.In[1], args.Out[0] = operand(a, n), operand(b, n), operand(dst, n)
	elementwiseAVX512(op, n, &args)
}

func addAVX512(dst, a, b []float32) { binaryAVX512(avx512.Add, dst, a, b, constants{}) }
func mulAVX512(dst, a, b []float32) { binaryAVX512(avx512.Mul, dst, a, b, constants{}) }

func scaleAVX512(dst, src []float32, factor float32) {
	unaryAVX512(avx512.Scale, dst, src, constants{factor})
}

func fillAVX512(dst []float32, value float32) {
	unaryAVX512(avx512.Fill, dst, dst, constants{value})
}

func activateAVX512(a Activation, dst, src []float32) {
	switch a.Kind {
	case ReLU:
		unaryAVX512(avx512.ReLU, dst, src, constants{})
	case LeakyReLU:
		unaryAVX512(avx512.LeakyReLU, dst, src, constants{a.Alpha})
	case ELU:
		unaryAVX512(avx512.ELU, dst, src, constants{a.Alpha})
	case Tanh:
		unaryAVX512(avx512.Tanh, dst, src, constants{})
	case Sigmoid:
		unaryAVX512(avx512.Sigmoid, dst, src, constants{})
	case SiLU:
		unaryAVX512(avx512.SiLU, dst, src, constants{})
	default:
		activatePortable(a, dst, src)
	}
}

func activateBackwardAVX512(a Activation, diffSrc, diffDst, data []float32) {
	switch a.Kind {
	case ReLU:
		binaryAVX512(avx512.LeakyReLUBackward, diffSrc, diffDst, data, constants{})
	case LeakyReLU:
		binaryAVX512(avx512.LeakyReLUBackward, diffSrc, diffDst, data, constants{a.Alpha})
	case ELU:
		binaryAVX512(avx512.ELUBackward, diffSrc, diffDst, data, constants{a.Alpha})
	case Tanh:
		binaryAVX512(avx512.TanhBackward, diffSrc, diffDst, data, constants{})
	case Sigmoid:
		binaryAVX512(avx512.SigmoidBackward, diffSrc, diffDst, data, constants{})
	default:
		activateBackwardPortable(a, diffSrc, diffDst, data)
	}
}

func normaliseAVX512(l channelLine, dst, src []float32) {
	if len(dst) < shortRun {
		normalisePortable(l, dst, src)
		return
	}
	unaryAVX512(avx512.Normalise, dst, src, constants{l.centre, l.slope, l.offset})
}

func normaliseBackwardAVX512(p channelPlane, diffSrc, diffDst, src []float32) {
	if len(diffSrc) < shortRun {
		normaliseBackwardPortable(p, diffSrc, diffDst, src)
		return
	}
	binaryAVX512(avx512.NormaliseBackward, diffSrc, diffDst, src, constants{p.centre, p.byDiff, p.bySrc, p.offset})
}

func dropoutAVX512(d dropping, dst, src []float32) {
	args := avx512.DropoutArgs{
		Keys:   philox.RoundKeys([2]uint32{uint32(d.seed), uint32(d.seed >> 32)}),
		Least:  d.least << 8, // of the whole draw
		Factor: d.factor,
	}
	for src = src[:len(dst)]; len(dst) > 0; dst, src = dst[args.N:], src[args.N:] {
		args.N = min(elementsPerCall, len(dst))
		args.Dst, args.Src = operand(dst, args.N), operand(src, args.N)
		args.Counter = [4]uint32{uint32(d.block), uint32(d.block >> 32), uint32(d.stream), uint32(d.stream >> 32)}
		avx512.Dropout(&args)
		d.block += elementsPerCall / 4
	}
}
