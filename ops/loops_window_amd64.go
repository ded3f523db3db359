//go:build amd64 && !noasm

package ops

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/cascade-hpc/cascade/ops/avx512"
)

// gathersPerCall bounds a call of a kernel that gathers, which may take some fifty
// cycles, to about 50 µs.
const gathersPerCall = 1 << 11

func windowAveragesAVX512(w windowRow, dst, volume []float32, divisor float64) {
	if w.unfit(len(dst)) {
		windowAveragesPortable(w, dst, volume, divisor)
		return
	}
	args := w.args(volume, len(dst), divisor)
	args.Windows = operand(dst, len(dst))
	avx512.WindowAverages(w.stride, &args)
}

func windowSpreadAVX512(w windowRow, volume, src []float32, divisor float64) {
	if w.unfit(len(src)) || w.taps != w.stride {
		windowSpreadPortable(w, volume, src, divisor)
		return
	}
	args := w.args(volume, len(src), divisor)
	args.Windows = operand(src, len(src))
	avx512.WindowSpread(w.stride, &args)
}

func windowMaxAVX512(w windowRow, dst, volume []float32) {
	if w.unfit(len(dst)) {
		windowMaxPortable(w, dst, volume)
		return
	}
	args := w.args(volume, len(dst), 1)
	args.Windows = operand(dst, len(dst))
	avx512.WindowMax(w.stride, &args)
}

// windowMaxBackwardAVX512 finds the places of a few windows, then adds to them.
func windowMaxBackwardAVX512(w windowRow, diffVolume, diffDst, volume []float32) {
	if w.unfit(len(diffDst)) || w.end(1)-w.at > math.MaxInt32 {
		windowMaxBackwardPortable(w, diffVolume, diffDst, volume)
		return
	}
	var places [windowLanes]int32
	for len(diffDst) > 0 {
		part := diffDst[:min(len(diffDst), windowLanes)]
		args := w.args(volume, len(part), 1)
		args.Windows = unsafe.Pointer(&places)
		avx512.WindowArgmax(w.stride, &args)
		for o, v := range part {
			diffVolume[w.at+o*w.stride+int(places[o])] += v
		}
		diffDst, w.at = diffDst[len(part):], w.at+len(part)*w.stride
	}
}

// unfit says that windows are too few to fill a vector, too large for a call, or too
// far apart.
func (w windowRow) unfit(n int) bool {
	vectors := (n + avx512.Lanes - 1) / avx512.Lanes
	return n < avx512.Lanes/4 || w.planes*w.rows*w.taps*vectors > elementsPerCall || w.stride > avx512.MaxWindowStride
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

// upsampleRowsAVX512 does as many rows as fit a call.
func upsampleRowsAVX512(dst, src []float32, index []int32, copies int) {
	width, n := int(index[len(index)-1])+1, len(index)
	args := avx512.UpsampleArgs{Index: unsafe.Pointer(&index[0]), SrcStride: 4 * width, DstStride: 4 * n, Copies: copies, N: n}
	vectors := (n + avx512.Lanes - 1) / avx512.Lanes * copies
	if vectors > gathersPerCall {
		upsampleRowsPortable(dst, src, index, copies)
		return
	}
	for left := len(src) / width; left > 0; left -= args.Rows {
		args.Rows = min(left, gathersPerCall/vectors)
		args.Src, args.Dst = operand(src, args.Rows*width), operand(dst, args.Rows*copies*n)
		avx512.Upsample(&args)
		src, dst = src[args.Rows*width:], dst[args.Rows*copies*n:]
	}
}
