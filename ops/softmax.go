package ops

import (
	"fmt"
	"math"
)

// softmaxLanes is how many neighbouring positions of the inner axes are done
// together, so that memory is read in order.
const softmaxLanes = 64

// NewSoftmax returns the softmax over the middle axis of outer, c, inner:
//
//	dst[o, k, i] = e^(src[o, k, i] − m) / Σ_j e^(src[o, j, i] − m),  m = max_j src[o, j, i]
//
//	in:  src [outer, c, inner]
//	out: dst [outer, c, inner], which may be src
func NewSoftmax(outer, c, inner int) (Primitive, error) {
	info, err := softmaxInfo(outer, c, inner, "forward_training", 2)
	if err != nil {
		return nil, err
	}
	if inner == 1 {
		l := currentLoops()
		info.Impl = l.impl()
		return overRows(info, outer, c, func(k *call, lo, hi int) { l.softmax(k.out[0][lo:hi], k.in[0][lo:hi]) }), nil
	}
	return overLanes(info, outer, c, inner, func(k *call, at, lanes int) {
		softmaxForward(k.out[0][at:], k.in[0][at:], c, inner, lanes)
	}), nil
}

// NewSoftmaxBackward returns the gradient of [NewSoftmax], from its result:
//
//	diffSrc[o, k, i] = dst[o, k, i] · (diffDst[o, k, i] − Σ_j diffDst[o, j, i] · dst[o, j, i])
//
//	in:  diffDst [outer, c, inner], dst [outer, c, inner]
//	out: diffSrc [outer, c, inner], which may be diffDst or dst
func NewSoftmaxBackward(outer, c, inner int) (Primitive, error) {
	info, err := softmaxInfo(outer, c, inner, "backward_data", 3)
	if err != nil {
		return nil, err
	}
	if inner == 1 {
		l := currentLoops()
		info.Impl = l.impl()
		return overRows(info, outer, c, func(k *call, lo, hi int) {
			diff, dst := k.in[0][lo:hi], k.in[1][lo:hi]
			l.softmaxBackward(k.out[0][lo:hi], diff, dst, l.products(diff, dst))
		}), nil
	}
	return overLanes(info, outer, c, inner, func(k *call, at, lanes int) {
		softmaxBackward(k.out[0][at:], k.in[0][at:], k.in[1][at:], c, inner, lanes)
	}), nil
}

func softmaxInfo(outer, c, inner int, prop string, tensors int) (Info, error) {
	n, err := elements("softmax", tensors, outer, c, inner)
	if err != nil {
		return Info{}, err
	}
	if c < 1 {
		return Info{}, invalid("softmax", "an axis of length %d: at least 1 is needed", c)
	}
	return Info{
		Kind:    "softmax",
		Prop:    prop,
		Problem: fmt.Sprintf("axis:1 %dx%dx%d", outer, c, inner),
		FLOPs:   4 * int64(n/tensors),
		Bytes:   floatBytes(n),
		InPlace: true,
	}, nil
}

// overLanes calls do with the offset of the first element of every group of up
// to softmaxLanes neighbours of the inner axes.
func overLanes(info Info, outer, c, inner int, do func(k *call, at, lanes int)) Primitive {
	groups := divide(inner, softmaxLanes)
	work := divideRows(outer*groups.parts, c*min(inner, softmaxLanes))
	return newPhased(info, overRanges(work, func(k *call, lo, hi int) {
		for g := lo; g < hi; g++ {
			i, end := groups.bounds(g % groups.parts)
			do(k, g/groups.parts*c*inner+i, end-i)
		}
	}))
}

func softmaxForward(dst, src []float32, c, inner, lanes int) {
	var biggest [softmaxLanes]float32
	var total [softmaxLanes]float64
	copy(biggest[:], src[:lanes])
	for k := 1; k < c; k++ {
		for i, v := range src[k*inner : k*inner+lanes] {
			biggest[i] = max(biggest[i], v)
		}
	}
	for k := range c {
		row := dst[k*inner : k*inner+lanes]
		for i, v := range src[k*inner : k*inner+lanes] {
			e := math.Exp(float64(v) - float64(biggest[i]))
			total[i] += e
			row[i] = float32(e)
		}
	}
	for k := range c {
		for i, e := range dst[k*inner : k*inner+lanes] {
			dst[k*inner+i] = float32(float64(e) / total[i])
		}
	}
}

func softmaxBackward(diffSrc, diffDst, dst []float32, c, inner, lanes int) {
	var dot [softmaxLanes]float64
	for k := range c {
		d := dst[k*inner : k*inner+lanes]
		for i, g := range diffDst[k*inner : k*inner+lanes] {
			dot[i] += float64(g) * float64(d[i])
		}
	}
	for k := range c {
		d, ds := dst[k*inner:k*inner+lanes], diffSrc[k*inner:k*inner+lanes]
		for i, g := range diffDst[k*inner : k*inner+lanes] {
			ds[i] = float32(float64(d[i]) * (float64(g) - dot[i]))
		}
	}
}
