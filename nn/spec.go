package nn

import "github.com/cascade-hpc/cascade/nn/internal/spec"

// Spec is the window of a convolution or pooling over images, begun with [K]. It is
// an immutable value: every method returns a changed copy. Pairs are in the order
// H, W. A setting that cannot be is reported by Build, with the line of the setter.
type Spec struct{ s spec.Spec }

// K is a window of kh x kw without padding and dilation. A convolution moves it by
// 1, pooling by its own size, unless Stride says otherwise.
func K(kh, kw int) Spec { return Spec{spec.New(kh, kw)} }

// Stride sets the distance between neighbouring windows.
func (s Spec) Stride(h, w int) Spec { return Spec{s.s.Stride(h, w)} }

// Dilate sets the distance between neighbouring taps; 1, the default, is dense.
func (s Spec) Dilate(h, w int) Spec { return Spec{s.s.Dilate(h, w)} }

// Pad puts zeros on both sides of the input. The default is none: Keras's "valid".
func (s Spec) Pad(h, w int) Spec { return Spec{s.s.Pad(h, w)} }

// PadBefore puts zeros before the input alone.
func (s Spec) PadBefore(h, w int) Spec { return Spec{s.s.PadBefore(h, w)} }

// PadAfter puts zeros after the input alone.
func (s Spec) PadAfter(h, w int) Spec { return Spec{s.s.PadAfter(h, w)} }

// Same pads so that the output has ceil(input / stride) positions, by TensorFlow's
// rule: half of the zeros before and, if their number is odd, the extra one after.
func (s Spec) Same() Spec { return Spec{s.s.Same()} }

// Ceil makes pooling round the number of windows up, so that the last may reach beyond
// the padding: Caffe's rule, and PyTorch's ceil_mode. What it reaches there does not
// count. By default a rest at the end that no window fits is left out.
func (s Spec) Ceil() Spec { return Spec{s.s.Ceil()} }

// Groups splits the channels into n groups that do not see each other; as many as
// there are channels make a depthwise convolution. The default is 1.
func (s Spec) Groups(n int) Spec { return Spec{s.s.Groups(n)} }

// NoBias leaves out the bias, for a convolution that batch normalisation follows.
func (s Spec) NoBias() Spec { return Spec{s.s.NoBias()} }

// Init sets how the weights begin. The default is [GlorotUniform].
func (s Spec) Init(i Initializer) Spec { return Spec{s.s.Init(i)} }

// InitBias sets how the bias begins. The default is 0.
func (s Spec) InitBias(i Initializer) Spec { return Spec{s.s.InitBias(i)} }

// DeconvSpec is the window of a deconvolution over images, begun with [DeconvK]. It
// is immutable, like [Spec].
type DeconvSpec struct{ s spec.Spec }

// DeconvK is a deconvolution's window of kh x kw with stride 1 and without padding.
func DeconvK(kh, kw int) DeconvSpec { return DeconvSpec{spec.New(kh, kw)} }

// Stride sets the distance, in the output, between what neighbouring inputs add to.
func (s DeconvSpec) Stride(h, w int) DeconvSpec { return DeconvSpec{s.s.Stride(h, w)} }

// Dilate sets the distance between neighbouring taps; 1, the default, is dense.
func (s DeconvSpec) Dilate(h, w int) DeconvSpec { return DeconvSpec{s.s.Dilate(h, w)} }

// Pad cuts positions off both sides of the output: it is the padding of the
// convolution whose gradient the deconvolution is.
func (s DeconvSpec) Pad(h, w int) DeconvSpec { return DeconvSpec{s.s.Pad(h, w)} }

// Same makes the output input·stride, as Keras does.
func (s DeconvSpec) Same() DeconvSpec { return DeconvSpec{s.s.Same()} }

// OutPad adds positions at the end of the output; fewer than the stride.
func (s DeconvSpec) OutPad(h, w int) DeconvSpec { return DeconvSpec{s.s.OutPad(h, w)} }

// Groups splits the channels into n groups. The default is 1.
func (s DeconvSpec) Groups(n int) DeconvSpec { return DeconvSpec{s.s.Groups(n)} }

// NoBias leaves out the bias.
func (s DeconvSpec) NoBias() DeconvSpec { return DeconvSpec{s.s.NoBias()} }

// Init sets how the weights begin. The default is [GlorotUniform].
func (s DeconvSpec) Init(i Initializer) DeconvSpec { return DeconvSpec{s.s.Init(i)} }

// InitBias sets how the bias begins. The default is 0.
func (s DeconvSpec) InitBias(i Initializer) DeconvSpec { return DeconvSpec{s.s.InitBias(i)} }
