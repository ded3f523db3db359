package ops

import (
	"fmt"
	"math"
)

// LRNKind says which neighbours a local response normalisation looks at.
type LRNKind uint8

const (
	// AcrossChannels looks at the same position of neighbouring channels (Krizhevsky et
	// al. 2012).
	AcrossChannels LRNKind = iota
	// WithinChannel looks at neighbouring positions of the same channel.
	WithinChannel
)

var lrnNames = [...]string{"lrn_across_channels", "lrn_within_channel"}

// String returns oneDNN's name of the kind.
func (k LRNKind) String() string {
	if int(k) < len(lrnNames) {
		return lrnNames[k]
	}
	return fmt.Sprintf("LRNKind(%d)", uint8(k))
}

// LRNDesc describes local response normalisation of a tensor N x C x In:
//
//	dst = src · O^−Beta,  O = K + Alpha/m · Σ src²
//
// The sum is over a window around the element: the cells at most (Size−1)/2 away,
// rounded down, along the channels; or within the channel along H and W, and along D
// too with Volume. Cells beyond the border are left out, but m is Size, Size² or Size³
// everywhere. All this is as in oneDNN, whose windows of an even Size lack a cell as
// well.
//
// PyTorch's LocalResponseNorm and Caffe mean the same by their numbers where Size is
// odd. TensorFlow's are Size = 2·depth_radius + 1, Alpha = Size·alpha and K = bias.
type LRNDesc struct {
	Kind           LRNKind
	N, C           int
	In             [3]int // D, H, W; D is 1 for an image
	Size           int
	Volume         bool // of WithinChannel
	Alpha, Beta, K float32
	Layout         Layout // of all tensors; N is a multiple of 16 in NCX16n
}

// Validate reports the first thing in the descriptor that cannot be.
func (d LRNDesc) Validate() error {
	const op = "lrn"
	switch {
	case int(d.Kind) >= len(lrnNames):
		return invalid(op, "unknown kind %d", d.Kind)
	case d.C < 1:
		return invalid(op, "%d channels: at least 1 is needed", d.C)
	case d.Size < 1:
		return invalid(op, "window of size %d: at least 1 is needed", d.Size)
	case d.Volume && d.Kind != WithinChannel:
		return invalid(op, "volume windows of %s: only %s has them", d.Kind, WithinChannel)
	case !(d.Alpha >= 0 && d.Alpha <= math.MaxFloat32):
		return invalid(op, "alpha %g: it must be finite and not negative", d.Alpha)
	case !(math.Abs(float64(d.Beta)) <= math.MaxFloat32):
		return invalid(op, "beta %g: it must be finite", d.Beta)
	case !(d.K > 0 && d.K <= math.MaxFloat32):
		return invalid(op, "k %g: it must be positive and finite", d.K)
	}
	for a, n := range d.In {
		if n < 1 {
			return invalid(op, "axis %c: size %d: at least 1 is needed", "DHW"[a], n)
		}
	}
	if _, err := elements(op, 2, d.N, d.C, d.In[0], d.In[1], d.In[2], d.Layout.cell()); err != nil {
		return err
	}
	return d.Layout.check(op, d.N)
}

// NewLRN returns local response normalisation, for training and inference.
//
//	in:  src [N, C, In]
//	out: dst [N, C, In]
func NewLRN(d LRNDesc) (Primitive, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	return newLRN(d, d.info("forward_training", 2), (*lrn).forward), nil
}

// NewLRNBackward returns the gradient of [NewLRN]: with O and m as there, and the sum
// over the same window,
//
//	diffSrc = diffDst·O^−Beta − 2·Alpha·Beta/m · src · Σ diffDst·src·O^(−Beta−1)
//
//	in:  diffDst [N, C, In], src [N, C, In]
//	out: diffSrc [N, C, In], which may be diffDst
func NewLRNBackward(d LRNDesc) (Primitive, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	info := d.info("backward_data", 3)
	info.InPlace = true
	return newLRN(d, info, (*lrn).backward), nil
}

// divisor is what the sum of squares is divided by.
func (d LRNDesc) divisor() float64 {
	switch {
	case d.Kind == AcrossChannels:
		return float64(d.Size)
	case d.Volume:
		return math.Pow(float64(d.Size), 3)
	}
	return float64(d.Size) * float64(d.Size)
}

func (d LRNDesc) info(prop string, tensors int) Info {
	n := d.N * d.C * volume(d.In)
	return Info{
		Kind: "lrn", Prop: prop, Impl: currentLoops().impl(),
		Problem: fmt.Sprintf("alg:%s mb%dic%did%dih%diw%dls%d alpha:%g beta:%g k:%g",
			d.Kind, d.N, d.C, d.In[0], d.In[1], d.In[2], d.Size, d.Alpha, d.Beta, d.K),
		FLOPs: int64(n) * int64(d.Size+4) * int64(tensors-1),
		Bytes: floatBytes(tensors * d.Layout.Size([]int{d.N, d.C, volume(d.In)})),
	}
}
