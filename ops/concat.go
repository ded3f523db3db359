package ops

import (
	"fmt"
	"slices"
)

// NewConcat returns the primitive that joins tensors along an axis: outer is the
// product of the axes before it, lengths[i] that of the axis in tensor i and of
// all axes after.
//
//	in:  len(lengths) tensors [outer, lengths[i]]
//	out: dst [outer, Σ lengths]
func NewConcat(outer int, lengths []int) (Primitive, error) {
	const op = "concat"
	if len(lengths) == 0 {
		return nil, invalid(op, "no tensors: at least 1 is needed")
	}
	lengths, total := slices.Clone(lengths), 0
	for _, n := range lengths {
		if _, err := elements(op, outer, n, len(lengths)); err != nil {
			return nil, err
		}
		total += n
	}
	info := Info{
		Kind:    "concat",
		Problem: fmt.Sprintf("axis:1 %d rows of %v", outer, lengths),
		Bytes:   floatBytes(2 * outer * total),
	}
	return newPhased(info, overRanges(divide(outer*total, elementsPerPart), func(c *call, lo, hi int) {
		for lo < hi {
			row, at := lo/total, lo%total
			i := 0
			for at >= lengths[i] {
				at -= lengths[i]
				i++
			}
			n := min(lengths[i]-at, hi-lo)
			from := row*lengths[i] + at
			copy(c.out[0][lo:lo+n], c.in[i][from:from+n])
			lo += n
		}
	})), nil
}

// NewSlice returns the primitive that takes length elements, from element start
// on, of every row of total: the gradient of one part of [NewConcat].
//
//	in:  src [outer, total]
//	out: dst [outer, length]
func NewSlice(outer, total, start, length int) (Primitive, error) {
	const op = "slice"
	if _, err := elements(op, outer, total); err != nil {
		return nil, err
	}
	if start < 0 || length < 0 || length > total-start {
		return nil, invalid(op, "%d elements from element %d on of rows of %d", length, start, total)
	}
	info := Info{
		Kind:    "slice",
		Problem: fmt.Sprintf("%dx%d:%dx%d start:%d", outer, total, outer, length, start),
		Bytes:   floatBytes(2 * outer * length),
	}
	return newPhased(info, overRanges(divide(outer*length, elementsPerPart), func(c *call, lo, hi int) {
		for lo < hi {
			row, at := lo/length, lo%length
			n := min(length-at, hi-lo)
			from := row*total + start + at
			copy(c.out[0][lo:lo+n], c.in[0][from:from+n])
			lo += n
		}
	})), nil
}
