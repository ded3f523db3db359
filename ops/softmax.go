package ops

import "fmt"

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
	l := currentLoops()
	info.Impl = l.impl()
	if inner == 1 {
		return overRows(info, outer, c, func(k *call, lo, hi int) { l.softmax(k.out[0][lo:hi], k.in[0][lo:hi]) }), nil
	}
	return overColumns(info, outer, c, inner, func(k *call, at int, m stripe, work []float32) {
		l.softmaxColumns(m, k.out[0][at:], k.in[0][at:], work)
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
	l := currentLoops()
	info.Impl = l.impl()
	if inner == 1 {
		return overRows(info, outer, c, func(k *call, lo, hi int) {
			diff, dst := k.in[0][lo:hi], k.in[1][lo:hi]
			l.softmaxBackward(k.out[0][lo:hi], diff, dst, l.products(diff, dst))
		}), nil
	}
	return overColumns(info, outer, c, inner, func(k *call, at int, m stripe, work []float32) {
		l.columnsBackward(m, k.out[0][at:], k.in[0][at:], k.in[1][at:], work)
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
