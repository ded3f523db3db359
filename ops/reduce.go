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
	if length <= elementsPerPart {
		return newPhased(info, overRanges(divideRows(rows, length), func(c *call, lo, hi int) {
			dst := c.out[0][:rows]
			for r := lo; r < hi; r++ {
				dst[r] = float32(sum64(c.in[0][r*length:(r+1)*length]) * factor)
			}
		})), nil
	}
	return reduceLongRows(info, rows, length, factor), nil
}

// reduceLongRows adds up rows in pieces, so that several workers share a row.
func reduceLongRows(info Info, rows, length int, factor float64) Primitive {
	pieces := divide(length, elementsPerPart)
	partial := make([]float64, rows*pieces.parts)
	add := phase{len(partial), func(c *call, _, part int) {
		lo, hi := pieces.bounds(part % pieces.parts)
		row := part / pieces.parts * length
		partial[part] = sum64(c.in[0][row+lo : row+hi])
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

// fill sets every element to a value.
func fill(dst []float32, value float32) { currentLoops().fill(dst, value) }

func fillPortable(dst []float32, value float32) {
	for i := range dst {
		dst[i] = value
	}
}

// sum64 adds in float64, in four interleaved sums: their order is part of the
// result, and four additions can be under way at once.
func sum64(x []float32) float64 {
	var s0, s1, s2, s3 float64
	for ; len(x) >= 4; x = x[4:] {
		s0 += float64(x[0])
		s1 += float64(x[1])
		s2 += float64(x[2])
		s3 += float64(x[3])
	}
	for _, v := range x {
		s0 += float64(v)
	}
	return (s0 + s1) + (s2 + s3)
}
