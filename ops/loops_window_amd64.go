//go:build amd64 && !noasm

package ops

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/cascade-hpc/cascade/ops/avx2"
	"github.com/cascade-hpc/cascade/ops/avx512"
)

// gathersPerCall bounds a call of a kernel that gathers, which may take some fifty
// cycles, to about 50 µs.
const gathersPerCall = 1 << 11

// windowKernel names a kernel of windows.
type windowKernel int

const (
	windowAverages windowKernel = iota
	windowSpread
	windowMax
	windowArgmax
)

func (s *streaming) windows(k windowKernel, stride int, args *avx512.WindowArgs) {
	if s.isa == AVX2 {
		windowsAVX2(k, stride, (*avx2.WindowArgs)(args))
		return
	}
	switch k {
	case windowAverages:
		avx512.WindowAverages(stride, args)
	case windowSpread:
		avx512.WindowSpread(stride, args)
	case windowMax:
		avx512.WindowMax(stride, args)
	case windowArgmax:
		avx512.WindowArgmax(stride, args)
	}
}

func windowsAVX2(k windowKernel, stride int, args *avx2.WindowArgs) {
	switch k {
	case windowAverages:
		avx2.WindowAverages(stride, args)
	case windowSpread:
		avx2.WindowSpread(stride, args)
	case windowMax:
		avx2.WindowMax(stride, args)
	case windowArgmax:
		avx2.WindowArgmax(stride, args)
	}
}

func (s *streaming) windowAverages(w windowRow, dst, volume []float32, divisor float64) {
	if s.unfit(w, len(dst)) {
		windowAveragesPortable(w, dst, volume, divisor)
		return
	}
	args := w.args(volume, len(dst), divisor)
	args.Windows = operand(dst, len(dst))
	s.windows(windowAverages, w.stride, &args)
}

func (s *streaming) windowSpread(w windowRow, volume, src []float32, divisor float64) {
	if s.unfit(w, len(src)) || w.taps != w.stride {
		windowSpreadPortable(w, volume, src, divisor)
		return
	}
	args := w.args(volume, len(src), divisor)
	args.Windows = operand(src, len(src))
	s.windows(windowSpread, w.stride, &args)
}

func (s *streaming) windowMax(w windowRow, dst, volume []float32) {
	if s.unfit(w, len(dst)) {
		windowMaxPortable(w, dst, volume)
		return
	}
	args := w.args(volume, len(dst), 1)
	args.Windows = operand(dst, len(dst))
	s.windows(windowMax, w.stride, &args)
}

// windowMaxBackward finds the places of a few windows, then adds to them.
func (s *streaming) windowMaxBackward(w windowRow, diffVolume, diffDst, volume []float32) {
	if s.unfit(w, len(diffDst)) || w.end(1)-w.at > math.MaxInt32 {
		windowMaxBackwardPortable(w, diffVolume, diffDst, volume)
		return
	}
	var places [windowLanes]int32
	for len(diffDst) > 0 {
		part := diffDst[:min(len(diffDst), windowLanes)]
		args := w.args(volume, len(part), 1)
		args.Windows = unsafe.Pointer(&places)
		s.windows(windowArgmax, w.stride, &args)
		for o, v := range part {
			diffVolume[w.at+o*w.stride+int(places[o])] += v
		}
		diffDst, w.at = diffDst[len(part):], w.at+len(part)*w.stride
	}
}

// unfit says that windows are too few to fill a vector, too large for a call, or too
// far apart.
func (s *streaming) unfit(w windowRow, n int) bool {
	vectors := ceilDiv(n, s.lanes)
	return n < 4 || w.planes*w.rows*w.taps*vectors > elementsPerCall || w.stride > avx512.MaxWindowStride
}

func (w windowRow) args(volume []float32, n int, divisor float64) avx512.WindowArgs {
	if w.at < 0 || w.end(n) > len(volume) {
		panic(fmt.Sprintf("ops: windows from %d to %d in a volume of %d", w.at, w.end(n), len(volume)))
	}
	return avx512.WindowArgs{
		Volume:      unsafe.Pointer(&volume[w.at]),
		Divisor:     divisor,
		PlaneStride: 4 * w.planeStride,
		RowStride:   4 * w.rowStride,
		Planes:      w.planes,
		Rows:        w.rows,
		Taps:        w.taps,
		N:           n,
	}
}

// upsampleRows does as many rows as fit a call.
func (s *streaming) upsampleRows(dst, src []float32, index []int32, copies int) {
	width, n := int(index[len(index)-1])+1, len(index)
	args := avx512.UpsampleArgs{Index: unsafe.Pointer(&index[0]), SrcStride: 4 * width, DstStride: 4 * n, Copies: copies, N: n}
	vectors := ceilDiv(n, s.lanes) * copies
	if vectors > gathersPerCall {
		upsampleRowsPortable(dst, src, index, copies)
		return
	}
	for left := len(src) / width; left > 0; left -= args.Rows {
		args.Rows = min(left, gathersPerCall/vectors)
		args.Src, args.Dst = operand(src, args.Rows*width), operand(dst, args.Rows*copies*n)
		if s.isa == AVX2 {
			avx2.Upsample((*avx2.UpsampleArgs)(&args))
		} else {
			avx512.Upsample(&args)
		}
		src, dst = src[args.Rows*width:], dst[args.Rows*copies*n:]
	}
}
