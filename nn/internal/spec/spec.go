package spec

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
)

// Spec is the geometry of a window and what a convolution has beside it. Sizes are
// in the order D, H, W; those of an image leave D alone.
type Spec struct {
	rank                     int
	kernel, stride, dilation [3]int
	lo, hi, out              [3]int
	strided, same, padded    bool // what was set
	ceil                     bool // round the number of windows up
	noBias                   bool
	groups                   int // 0 is not set
	init, biasInit           ir.Initialiser
	mistake                  *ir.Mistake // the first
}

// New is a window of as many axes as there are sizes, 2 or 3.
func New(kernel ...int) Spec {
	one := [3]int{1, 1, 1}
	s := Spec{rank: len(kernel), kernel: one, stride: one, dilation: one}
	s.store("K", &s.kernel, 1, kernel)
	return s
}

// Stride sets the distance of neighbouring windows.
func (s Spec) Stride(v ...int) Spec {
	s.strided = true
	s.store("Stride", &s.stride, 1, v)
	return s
}

// Dilate sets the distance of neighbouring taps.
func (s Spec) Dilate(v ...int) Spec {
	s.store("Dilate", &s.dilation, 1, v)
	return s
}

// Pad sets the zeros on both sides.
func (s Spec) Pad(v ...int) Spec {
	s.padOnce("Pad")
	s.padded = true
	s.store("Pad", &s.lo, 0, v)
	s.store("Pad", &s.hi, 0, v)
	return s
}

// PadBefore sets the zeros before the input alone.
func (s Spec) PadBefore(v ...int) Spec {
	s.padded = true
	s.store("PadBefore", &s.lo, 0, v)
	return s
}

// PadAfter sets the zeros after the input alone.
func (s Spec) PadAfter(v ...int) Spec {
	s.padded = true
	s.store("PadAfter", &s.hi, 0, v)
	return s
}

// Same pads by TensorFlow's rule.
func (s Spec) Same() Spec {
	s.padOnce("Same")
	s.same = true
	return s
}

// OutPad sets the zeros that a deconvolution adds after its output.
func (s Spec) OutPad(v ...int) Spec {
	s.store("OutPad", &s.out, 0, v)
	return s
}

// Groups sets the number of groups.
func (s Spec) Groups(n int) Spec {
	if n < 1 {
		s.fail("Groups", "%d groups: at least 1 is needed", n)
	}
	s.groups = n
	return s
}

// NoBias leaves out the bias.
func (s Spec) NoBias() Spec {
	s.noBias = true
	return s
}

// Init sets the initialiser of the weights.
func (s Spec) Init(i ir.Initialiser) Spec {
	if i == nil {
		s.fail("Init", "a nil initialiser")
	}
	s.init = i
	return s
}

// InitBias sets the initialiser of the bias.
func (s Spec) InitBias(i ir.Initialiser) Spec {
	if i == nil {
		s.fail("InitBias", "a nil initialiser")
	}
	s.biasInit = i
	return s
}

// Ceil rounds the number of windows of pooling up.
func (s Spec) Ceil() Spec {
	s.ceil = true
	return s
}

// padOnce reports padding that was already set.
func (s *Spec) padOnce(setter string) {
	if s.same || s.padded {
		s.fail(setter, "the padding is set twice")
	}
}

// store sets the sizes of a field, which must be at least least.
func (s *Spec) store(setter string, field *[3]int, least int, v []int) {
	for i, n := range v {
		if n < least {
			s.fail(setter, "%v: each must be at least %d", v, least)
		}
		field[len(field)-s.rank+i] = n
	}
}

func (s *Spec) fail(setter, format string, args ...any) {
	if s.mistake == nil {
		err := fmt.Errorf("%w: %s", ir.ErrShape, fmt.Sprintf(format, args...))
		s.mistake = &ir.Mistake{Setter: setter, Err: err, Site: ir.Caller()}
	}
}
