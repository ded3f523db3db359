package ops

import (
	"fmt"
	"slices"
)

// NewWeightedSum returns the primitive dst = Σ weights[i] · in[i] over scalars,
// formed in float64: the total of several losses.
//
//	in:  len(weights) scalars [1]
//	out: dst [1]
func NewWeightedSum(weights []float32) (Primitive, error) {
	if len(weights) == 0 {
		return nil, invalid("weighted sum", "no weights: at least 1 is needed")
	}
	w := slices.Clone(weights)
	info := Info{
		Kind:    "weighted_sum",
		Problem: fmt.Sprintf("weights:%v", w),
		FLOPs:   2 * int64(len(w)),
		Bytes:   floatBytes(len(w) + 1),
		InPlace: true,
	}
	return newPhased(info, phase{1, func(c *call, _, _ int) {
		s := 0.0
		for i, v := range w {
			s += float64(v) * float64(c.in[i][0])
		}
		c.out[0][0] = float32(s)
	}}), nil
}
