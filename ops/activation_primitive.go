package ops

import "fmt"

// NewActivation returns the primitive dst = f(src) over n elements.
//
//	in:  src [n]
//	out: dst [n], which may be src
func NewActivation(a Activation, n int) (Primitive, error) {
	info, err := activationInfo(a, n, "forward_training", 2)
	if err != nil {
		return nil, err
	}
	l := currentLoops()
	info.Impl = l.impl()
	return elementwise(info, n, func(c *call, lo, hi int) {
		l.activate(a, c.out[0][lo:hi], c.in[0][lo:hi])
	}), nil
}

// NewActivationBackward returns the primitive diffSrc = diffDst · f′ over n
// elements. Its data is the result of the activation where a.FromDst() holds,
// else its argument.
//
//	in:  diffDst [n], data [n]
//	out: diffSrc [n], which may be diffDst or data
func NewActivationBackward(a Activation, n int) (Primitive, error) {
	info, err := activationInfo(a, n, "backward_data", 3)
	if err != nil {
		return nil, err
	}
	l := currentLoops()
	info.Impl = l.impl()
	return elementwise(info, n, func(c *call, lo, hi int) {
		l.activateBackward(a, c.out[0][lo:hi], c.in[0][lo:hi], c.in[1][lo:hi])
	}), nil
}

func activationInfo(a Activation, n int, prop string, tensors int) (Info, error) {
	if err := a.validate(); err != nil {
		return Info{}, err
	}
	if a.Kind == Identity {
		return Info{}, invalid("activation", "identity does nothing: leave it out")
	}
	if _, err := elements("activation", n); err != nil {
		return Info{}, err
	}
	return Info{
		Kind:    "eltwise",
		Prop:    prop,
		Problem: fmt.Sprintf("alg:%s alpha:%g %d", a.Kind, a.Alpha, n),
		FLOPs:   int64(n),
		Bytes:   floatBytes(tensors * n),
	}, nil
}
