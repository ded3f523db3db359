package ops

// loops are the inner loops of the primitives that stream: they do little with each
// element, and memory bounds them. The portable functions define the results. Those
// for other instruction sets give the same bits, or differ by a few units in the
// last place where a function of package math is involved; a NaN may be another NaN.
//
// Operands have the length of the first one, and may be the same memory.
type loops struct {
	isa ISA

	add   func(dst, a, b []float32)
	mul   func(dst, a, b []float32)
	scale func(dst, src []float32, factor float32)
	shift func(dst, src []float32, by float32)
	fill  func(dst []float32, value float32)
	clip  func(dst, src []float32, limit float32)

	activate         func(a Activation, dst, src []float32)
	activateBackward func(a Activation, diffSrc, diffDst, data []float32)

	dropout      func(d dropping, dst, src []float32)
	dropoutCells func(d dropping, blocks, first int, dst, src []float32)

	// movingAverage writes keep·running + fresh·batch.
	movingAverage func(dst, batch, running []float32, keep, fresh float64)

	sgd             func(u SGDUpdate, weights, gradients []float32)
	momentum        func(u MomentumUpdate, weights, gradients, average []float32)
	rmsprop         func(u RMSpropUpdate, weights, gradients, square []float32)
	rmspropMomentum func(u RMSpropUpdate, weights, gradients, square, average []float32)
	adam            func(u AdamUpdate, dst, weights, gradients, mean, square []float32)
	adamDescent     func(u AdamUpdate, weights, mean, square []float32)

	normalise         func(l channelLine, dst, src []float32, r runs)
	normaliseBackward func(p channelPlane, diffSrc, diffDst, src []float32, r runs)

	windowAverages    func(w windowRow, dst, volume []float32, divisor float64)
	windowSpread      func(w windowRow, volume, src []float32, divisor float64)
	windowMax         func(w windowRow, dst, volume []float32)
	windowMaxBackward func(w windowRow, diffVolume, diffDst, volume []float32)
	cells             cellLoops
	upsampleRows      func(dst, src []float32, index []int32, copies int)

	pointwiseLoss func(kind LossKind) lossKernel

	// What softmax is made of: the largest element (−∞ of none, and any number if one is
	// NaN); e^(src − most) and its sum, or that alone, for elements of at most that;
	// dst·(diffDst − inner).
	maximum         func(x []float32) float32
	exp             func(dst, src []float32, most float32) float64
	expSum          func(x []float32, most float32) float64
	softmaxBackward func(diffSrc, diffDst, dst []float32, inner float64)

	// Softmax along columns, and its gradient, with stripeWork(n) float32 for themselves.
	softmaxColumns  func(m stripe, dst, src, work []float32)
	columnsBackward func(m stripe, diffSrc, diffDst, dst, work []float32)

	// Sums in float64: of x; of its squares; of products; over runs, of x − shift and its
	// square, and of src − mean, diffDst and their product.
	sum             func(x []float32) float64
	squares         func(x []float32) float64
	products        func(a, b []float32) float64
	moments         func(x []float32, r runs, shift float32) (sum, square float64)
	gradientMoments func(diffDst, src []float32, r runs, mean float32) [3]float64
}

var portableLoops = loops{
	isa:               Generic,
	add:               addPortable,
	mul:               mulPortable,
	scale:             scalePortable,
	shift:             shiftPortable,
	fill:              fillPortable,
	clip:              clipPortable,
	activate:          activatePortable,
	activateBackward:  activateBackwardPortable,
	dropout:           dropoutPortable,
	dropoutCells:      dropoutCellsPortable,
	sgd:               sgdPortable,
	momentum:          momentumPortable,
	rmsprop:           rmspropPortable,
	rmspropMomentum:   rmspropMomentumPortable,
	adam:              adamPortable,
	adamDescent:       adamDescentPortable,
	movingAverage:     movingAveragePortable,
	normalise:         normalisePortable,
	normaliseBackward: normaliseBackwardPortable,
	windowAverages:    windowAveragesPortable,
	windowSpread:      windowSpreadPortable,
	windowMax:         windowMaxPortable,
	windowMaxBackward: windowMaxBackwardPortable,
	cells:             portableCells,
	upsampleRows:      upsampleRowsPortable,
	pointwiseLoss:     pointwiseLossPortable,
	maximum:           maximumPortable,
	exp:               expPortable,
	expSum:            expSumPortable,
	softmaxBackward:   softmaxBackwardPortable,
	softmaxColumns:    softmaxColumnsPortable,
	columnsBackward:   softmaxColumnsBackwardPortable,
	sum:               sumPortable,
	squares:           squaresPortable,
	products:          productsPortable,
	moments:           momentsPortable,
	gradientMoments:   gradientMomentsPortable,
}

// currentLoops are those for the current instruction set.
func currentLoops() *loops {
	if l := assemblyLoops(CurrentISA()); l != nil {
		return l
	}
	return &portableLoops
}

// post replaces every element by the activation of it, if there is one.
func (l *loops) post(a Activation, x []float32) {
	if a.Kind != Identity {
		l.activate(a, x, x)
	}
}

// impl is what Info.Impl says of a primitive made of them.
func (l *loops) impl() string {
	if l.isa == Generic {
		return "ref:go"
	}
	return "stream:" + l.isa.String()
}
