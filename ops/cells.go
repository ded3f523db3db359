package ops

// cell is what a blocked layout has at one position: the elements of 16 channels or
// samples.
type cell = [Block]float32

// windowLoops are the loops over windows of elements or, in blocked layouts, of cells:
// places, strides and taps of a row of windows are counted in them.
type windowLoops struct {
	averages    func(w windowRow, dst, volume []float32, divisor float64)
	spread      func(w windowRow, volume, src []float32, divisor float64)
	max         func(w windowRow, dst, volume []float32)
	maxBackward func(w windowRow, diffVolume, diffDst, volume []float32)
}

// windowsOf are the loops over windows in a layout.
func (l *loops) windowsOf(layout Layout) windowLoops {
	if layout == NCX {
		return windowLoops{l.windowAverages, l.windowSpread, l.windowMax, l.windowMaxBackward}
	}
	return l.cells.windows
}

// cellLoops are the inner loops over cells. Every element of a cell has a result and
// sums of its own.
type cellLoops struct {
	windows windowLoops
	repeat  upsampler

	normalise         func(l *cellLine, dst, src []float32)
	normaliseBackward func(p *cellPlane, diffSrc, diffDst, src []float32)
	// They add to sums what loops.moments and loops.gradientMoments return: for one kind
	// after the other, a sum for every element of a cell.
	moments         func(sums []float64, x []float32, shift *cell)
	gradientMoments func(sums []float64, diffDst, src []float32, mean *cell)
}

var portableCells = cellLoops{
	windows: windowLoops{
		averages:    cellAveragesPortable,
		spread:      cellSpreadPortable,
		max:         cellMaxPortable,
		maxBackward: cellMaxBackwardPortable,
	},
	repeat:            repeatCellsPortable,
	normalise:         normaliseCellsPortable,
	normaliseBackward: normaliseCellsBackwardPortable,
	moments:           cellMomentsPortable,
	gradientMoments:   cellGradientMomentsPortable,
}
