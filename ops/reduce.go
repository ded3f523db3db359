package ops

import "fmt"

// NewReduce returns the primitive that adds up each row, or averages it. The
// sums are formed in float64.
//
//	in:  src [rows, length]
//	out: dst [rows]
//
// The sum of an empty row is 0, its mean NaN.
func NewReduce(rows, length int, mean bool) (Primitive, error) {
	n, err := elements("reduce", rows, length)
	if err != nil {
		return nil, err
	}
	alg, factor := "sum", 1.0
	if mean {
		alg, factor = "mean", 1/float64(length)
	}
	info := Info{
		Kind:    "reduction",
		Problem: fmt.Sprintf("alg:%s %dx%d:%dx1", alg, rows, length, rows),
		FLOPs:   int64(n),
		Bytes:   floatBytes(n + rows),
	}
	l := currentLoops()
	info.Impl = l.impl()
	if length <= elementsPerPart {
		return newPhased(info, overRanges(divideRows(rows, length), func(c *call, lo, hi int) {
			dst := c.out[0][:rows]
			for r := lo; r < hi; r++ {
				dst[r] = float32(l.sum(c.in[0][r*length:(r+1)*length]) * factor)
			}
		})), nil
	}
	return reduceLongRows(info, l, rows, length, factor), nil
}

// reduceLongRows adds up rows in pieces, so that several workers share a row.
func reduceLongRows(info Info, l *loops, rows, length int, factor float64) Primitive {
	pieces := divide(length, elementsPerPart)
	partial := make([]float64, rows*pieces.parts)
	add := phase{len(partial), func(c *call, _, part int) {
		lo, hi := pieces.bounds(part % pieces.parts)
		row := part / pieces.parts * length
		partial[part] = l.sum(c.in[0][row+lo : row+hi])
	}}
	combine := overRanges(divideRows(rows, pieces.parts), func(c *call, lo, hi int) {
		dst := c.out[0][:rows]
		for r := lo; r < hi; r++ {
			s := 0.0
			for _, v := range partial[r*pieces.parts : (r+1)*pieces.parts] {
				s += v
			}
			dst[r] = float32(s * factor)
		}
	})
	return newPhased(info, add, combine)
}

// NewBroadcast returns the primitive that fills each row with scale times one
// value: the gradient of [NewReduce], with scale 1 for a sum and 1/length for a
// mean.
//
//	in:  src [rows]
//	out: dst [rows, length]
func NewBroadcast(rows, length int, scale float32) (Primitive, error) {
	n, err := elements("broadcast", rows, length)
	if err != nil {
		return nil, err
	}
	info := Info{
		Kind:    "broadcast",
		Problem: fmt.Sprintf("%dx1:%dx%d scale:%g", rows, rows, length, scale),
		FLOPs:   int64(rows),
		Bytes:   floatBytes(n + rows),
	}
	l := currentLoops()
	info.Impl = l.impl()
	return newPhased(info, overRanges(divide(n, elementsPerPart), func(c *call, lo, hi int) {
		for lo < hi {
			row := lo / length
			end := min((row+1)*length, hi)
			l.fill(c.out[0][lo:end], scale*c.in[0][row])
			lo = end
		}
	})), nil
}

func fillPortable(dst []float32, value float32) {
	for i := range dst {
		dst[i] = value
	}
}
