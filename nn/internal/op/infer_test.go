package op

import (
	"math"
	"testing"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// declare applies an operation to new inputs.
func declare(o ir.Op, in ...ir.Type) (ir.Value, *ir.Graph) {
	g := &ir.Graph{}
	values := make([]ir.Value, len(in))
	for i, t := range in {
		values[i] = g.Leaf(ir.Leaf{Type: t, Input: "x"})
	}
	return g.Emit(o, values...), g
}

func conv(filters, groups int, w Window) Conv {
	return Conv{Filters: filters, Groups: groups, Window: w}
}

func deconv(filters, groups int, w Window) Deconv {
	return Deconv{Filters: filters, Groups: groups, Window: w}
}

func pool(w Window) Pool { return Pool{Window: w} }

// with changes a window.
func with(w Window, change func(w *Window)) Window {
	change(&w)
	return w
}

func TestInfer(t *testing.T) {
	blocked := ir.Sample(8, 4, 4)
	blocked.Layout = ops.NCX16c
	relu := Activation{ops.Activation{Kind: ops.ReLU}}
	for _, tc := range []struct {
		name string
		op   ir.Op
		in   []ir.Type
		out  ir.Type
	}{
		{"conv of an image", conv(8, 1, square(3, 1, 1, 1)), []ir.Type{ir.Sample(3, 9, 7)}, ir.Sample(8, 9, 7)},
		{"conv of a volume", conv(8, 1, cube(5, 2, 1, 0)), []ir.Type{ir.Sample(1, 25, 25, 25)}, ir.Sample(8, 11, 11, 11)},
		{"conv as large as its input", conv(2, 1, square(4, 1, 1, 0)), []ir.Type{ir.Sample(3, 4, 4)}, ir.Sample(2, 1, 1)},
		{"conv same", conv(2, 1, same(square(6, 2, 1, 0))), []ir.Type{ir.Sample(3, 5, 8)}, ir.Sample(2, 3, 4)},
		{"conv with dilation", conv(2, 1, square(3, 1, 2, 0)), []ir.Type{ir.Sample(3, 5, 8)}, ir.Sample(2, 1, 4)},
		{"deconv", deconv(4, 1, square(4, 2, 1, 1)), []ir.Type{ir.Sample(3, 5, 6)}, ir.Sample(4, 10, 12)},
		{"deconv same", deconv(4, 1, same(cube(5, 3, 1, 0))), []ir.Type{ir.Sample(3, 2, 3, 4)}, ir.Sample(4, 6, 9, 12)},
		{"deconv with output padding", deconv(4, 1, with(square(3, 2, 1, 1), func(w *Window) { w.OutPad = [3]int{0, 1, 0} })), []ir.Type{ir.Sample(3, 4, 4)}, ir.Sample(4, 8, 7)},
		{"dense", Dense{Units: 5}, []ir.Type{ir.Sample(7)}, ir.Sample(5)},
		{"dense of a sequence", Dense{Units: 5}, []ir.Type{ir.Sample(9, 7)}, ir.Sample(9, 5)},
		{"rnn", RNN{Units: 5, Fn: ops.Activation{Kind: ops.ELU, Alpha: 1}}, []ir.Type{ir.Sample(9, 7)}, ir.Sample(9, 5)},
		{"lstm", RNN{Cell: ops.LSTM, Units: 5, Bias: true}, []ir.Type{ir.Sample(1, 7)}, ir.Sample(1, 5)},
		{"last step", Step{8}, []ir.Type{ir.Sample(9, 7)}, ir.Sample(7)},
		{"mean of steps", StepMean{}, []ir.Type{ir.Sample(9, 7)}, ir.Sample(7)},
		{"transpose", Transpose{1}, []ir.Type{ir.Sample(2, 3, 4, 5)}, ir.Sample(2, 4, 3, 5)},
		{"concat of sequences", Concat{}, []ir.Type{ir.Sample(9, 7), ir.Sample(9, 1)}, ir.Sample(9, 8)},
		{"activation in another layout", relu, []ir.Type{blocked}, blocked},
		{"activation of a parameter", relu, []ir.Type{ir.Whole(3, 4)}, ir.Whole(3, 4)},
		{"batch norm of features", BatchNorm{Eps: 1, Momentum: 0}, []ir.Type{ir.Sample(7)}, ir.Sample(7)},
		{"batch norm of channels", BatchNorm{Eps: 1, Momentum: 1}, []ir.Type{ir.Sample(7, 3, 3, 3)}, ir.Sample(7, 3, 3, 3)},
		{"dropout of nothing", Dropout{0}, []ir.Type{ir.Sample(7)}, ir.Sample(7)},
		{"softmax", Softmax{}, []ir.Type{ir.Sample(7, 2, 2)}, ir.Sample(7, 2, 2)},
		{"flatten", Flatten{}, []ir.Type{ir.Sample(7, 2, 3)}, ir.Sample(42)},
		{"flatten a vector", Flatten{}, []ir.Type{ir.Sample(7)}, ir.Sample(7)},
		{"reshape", Reshape{[]int{8, 7, 7, 8}}, []ir.Type{ir.Sample(3136)}, ir.Sample(8, 7, 7, 8)},
		{"add", Add{}, []ir.Type{ir.Sample(7, 2), ir.Sample(7, 2)}, ir.Sample(7, 2)},
		{"mul of scalars", Mul{}, []ir.Type{ir.Whole(), ir.Whole()}, ir.Whole()},
		{"scale by 0", Scale{0}, []ir.Type{ir.Sample(2)}, ir.Sample(2)},
		{"concat", Concat{}, []ir.Type{ir.Sample(7, 2, 2), ir.Sample(1, 2, 2), ir.Sample(2, 2, 2)}, ir.Sample(10, 2, 2)},
		{"concat of one", Concat{}, []ir.Type{ir.Sample(7)}, ir.Sample(7)},
		{"sum", Sum{}, []ir.Type{ir.Sample(7, 2, 2)}, ir.Sample(1)},
		{"mean", Mean{}, []ir.Type{ir.Sample(7, 2, 2)}, ir.Sample(1)},
		{"global average", Mean{Spatial: true}, []ir.Type{ir.Sample(7, 2, 2, 2)}, ir.Sample(7)},
		{"pool", pool(square(3, 2, 1, 1)), []ir.Type{ir.Sample(7, 9, 8)}, ir.Sample(7, 5, 4)},
		{"pool, rounded up", Pool{Window: square(3, 2, 1, 0), Ceil: true}, []ir.Type{ir.Sample(7, 8, 9)}, ir.Sample(7, 4, 4)},
		{"pool same", pool(same(cube(2, 2, 1, 0))), []ir.Type{ir.Sample(7, 5, 4, 3)}, ir.Sample(7, 3, 2, 2)},
		{"pool same is not rounded up again", Pool{Window: same(square(1, 3, 1, 0)), Ceil: true}, []ir.Type{ir.Sample(7, 5, 6)}, ir.Sample(7, 2, 2)},
		{"upsample an image", Upsample{Scale: [3]int{1, 2, 3}, Rank: 2}, []ir.Type{ir.Sample(7, 5, 4)}, ir.Sample(7, 10, 12)},
		{"upsample a volume", Upsample{Scale: [3]int{2, 1, 3}, Rank: 3}, []ir.Type{ir.Sample(7, 3, 5, 4)}, ir.Sample(7, 6, 5, 12)},
		{"pad", Pad{Lo: [3]int{0, 1, 2}, Hi: [3]int{0, 0, 3}, Rank: 2}, []ir.Type{ir.Sample(7, 5, 4)}, ir.Sample(7, 6, 9)},
		{"bce", Loss{Loss: ops.BCE}, []ir.Type{ir.Sample(7, 2), ir.Sample(7, 2)}, ir.Whole()},
		{"softmax ce", Loss{Loss: ops.SoftmaxCE, Smoothing: 1}, []ir.Type{ir.Sample(7), ir.Sample(1)}, ir.Whole()},
		{"weighted sum", WeightedSum{[]float32{1, -2}}, []ir.Type{ir.Whole(), ir.Whole()}, ir.Whole()},
		{"reorder", Reorder{ops.NCX16c}, []ir.Type{ir.Sample(8, 4, 4)}, blocked},
		{"copy", Copy{}, []ir.Type{blocked}, blocked},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v, g := declare(tc.op, tc.in...)
			require.Empty(t, g.Errors)
			assert.Equal(t, tc.out, v.Type())
		})
	}
}

func TestInferRefuses(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	image, volume, vector := ir.Sample(8, 4, 4), ir.Sample(8, 4, 4, 4), ir.Sample(100)
	sequence := ir.Sample(9, 7)
	blocked := image
	blocked.Layout = ops.NCX16n
	unit := square(1, 1, 1, 0)
	window := func(change func(w *Window)) Window { return with(unit, change) }
	for _, tc := range []struct {
		name string
		op   ir.Op
		in   []ir.Type
		err  error
		says string
	}{
		{"kernel beyond the input", conv(2, 1, with(cube(1, 1, 1, 0), func(w *Window) { w.Kernel = [3]int{5, 6, 6} })), []ir.Type{volume}, ir.ErrShape, "kernel 5x6x6 is larger than the padded input 4x4x4"},
		{"kernel beyond the padded input", conv(2, 1, square(7, 1, 1, 1)), []ir.Type{image}, ir.ErrShape, "kernel 7x7 is larger than the padded input 6x6"},
		{"dilated kernel beyond the input", conv(2, 1, square(3, 1, 2, 0)), []ir.Type{image}, ir.ErrShape, "kernel 3x3 with dilation 2x2 spans 5x5, which is larger than the padded input 4x4"},
		{"kernel 0", conv(2, 1, window(func(w *Window) { w.Kernel[1] = 0 })), []ir.Type{image}, ir.ErrShape, "kernel 0x1: each must lie in [1, 1048576]"},
		{"stride 0", conv(2, 1, window(func(w *Window) { w.Stride[2] = 0 })), []ir.Type{image}, ir.ErrShape, "stride 1x0: each"},
		{"dilation 0", deconv(2, 1, window(func(w *Window) { w.Dilation[2] = 0 })), []ir.Type{image}, ir.ErrShape, "dilation 1x0: each"},
		{"dilation beyond reason", conv(2, 1, window(func(w *Window) { w.Dilation[2] = math.MaxInt })), []ir.Type{image}, ir.ErrShape, "dilation 1x9223372036854775807: each"},
		{"negative padding before", pool(window(func(w *Window) { w.PadLo[1] = -1 })), []ir.Type{image}, ir.ErrShape, "padding before -1x0: each must lie in [0, 1048576]"},
		{"negative padding after", conv(2, 1, window(func(w *Window) { w.PadHi[1] = -1 })), []ir.Type{image}, ir.ErrShape, "padding after -1x0: each"},
		{"a volume's window on an image", conv(2, 1, cube(1, 1, 1, 0)), []ir.Type{image}, ir.ErrShape, "a sample of 8x4x4: it must be C, D, H, W"},
		{"an image's window on a volume", pool(unit), []ir.Type{volume}, ir.ErrShape, "a sample of 8x4x4x4: it must be C, H, W"},
		{"a window of no axes", conv(2, 1, Window{}), []ir.Type{image}, ir.ErrUnsupported, "a window of 0 axes: it can have 2 or 3"},
		{"an image's window with a depth", conv(2, 1, window(func(w *Window) { w.Kernel[0] = 3 })), []ir.Type{image}, ir.ErrUnsupported, "kernel 3 along D: an image has no such axis"},
		{"no filters", conv(0, 1, unit), []ir.Type{image}, ir.ErrShape, "0 filters: there must be at least 1"},
		{"no groups", conv(2, 0, unit), []ir.Type{image}, ir.ErrShape, "0 groups: there must be at least 1"},
		{"groups and channels", conv(3, 3, unit), []ir.Type{image}, ir.ErrShape, "3 groups do not divide 8 input channels"},
		{"groups and filters", deconv(3, 2, unit), []ir.Type{image}, ir.ErrShape, "2 groups do not divide 3 filters"},
		{"conv: too many filters", conv(1<<62, 1, unit), []ir.Type{image}, ir.ErrShape, "at most 2^40 elements"},
		{"conv: two inputs", conv(2, 1, unit), []ir.Type{image, image}, ir.ErrShape, "2 inputs: there must be 1"},
		{"conv: no input", conv(2, 1, unit), nil, ir.ErrShape, "0 inputs: there must be 1"},
		{"conv: no batch", conv(2, 1, unit), []ir.Type{ir.Whole(8, 4, 4)}, ir.ErrShape, "a tensor of 8x4x4 without a batch axis: there must be one"},
		{"conv: another layout", conv(2, 1, unit), []ir.Type{blocked}, ir.ErrUnsupported, "layout NCX16n: it must be NCX"},
		{"conv: output padding", conv(2, 1, window(func(w *Window) { w.OutPad[1] = 1 })), []ir.Type{image}, ir.ErrUnsupported, "output padding 1x0: it is for deconvolutions"},
		{"deconv: output padding like the stride", deconv(2, 1, with(square(3, 2, 1, 1), func(w *Window) { w.OutPad[1] = 2 })), []ir.Type{image}, ir.ErrShape, "output padding 2x0: each must be less than the stride 2x2 or dilation 1x1"},
		{"deconv: output padding beside same", deconv(2, 1, same(with(square(3, 2, 1, 1), func(w *Window) { w.OutPad[1] = 1 }))), []ir.Type{image}, ir.ErrUnsupported, "output padding 1x0: same padding decides it"},
		{"deconv: nothing left", deconv(2, 1, square(1, 1, 1, 2)), []ir.Type{image}, ir.ErrShape, "an output of 0x0: the padding leaves nothing of it"},
		{"dense of an image", Dense{Units: 2}, []ir.Type{image}, ir.ErrShape, "a sample of 8x4x4: it must be a vector or a sequence; flatten it"},
		{"dense without units", Dense{Units: -1}, []ir.Type{vector}, ir.ErrShape, "-1 units: there must be at least 1"},
		{"dense: too many units", Dense{Units: 1 << 40}, []ir.Type{vector}, ir.ErrShape, "at most 2^40 elements"},
		{"rnn of a vector", RNN{Cell: ops.LSTM, Units: 2}, []ir.Type{vector}, ir.ErrShape, "a sample of 100: it must be a sequence, steps x features"},
		{"rnn of two", RNN{Cell: ops.LSTM, Units: 2}, []ir.Type{sequence, sequence}, ir.ErrShape, "2 inputs: there must be 1"},
		{"rnn without units", RNN{Cell: ops.LSTM}, []ir.Type{sequence}, ir.ErrShape, "0 units: there must be at least 1"},
		{"rnn: too many units", RNN{Cell: ops.LSTM, Units: 1 << 20}, []ir.Type{sequence}, ir.ErrShape, "at most 2^40 elements"},
		{"rnn: far too many units", RNN{Cell: ops.LSTM, Units: math.MaxInt}, []ir.Type{sequence}, ir.ErrShape, "and at most 1048576"},
		{"rnn: unknown cell", RNN{Cell: 9, Units: 2}, []ir.Type{sequence}, ir.ErrUnsupported, "cell RNNCell(9)"},
		{"rnn: activation of a gru", RNN{Cell: ops.GRU, Units: 2, Fn: ops.Activation{Kind: ops.Tanh}}, []ir.Type{sequence}, ir.ErrUnsupported, "activation tanh of a cell that has its own"},
		{"rnn: activation forgotten", RNN{Units: 2}, []ir.Type{sequence}, ir.ErrUnsupported, "activation identity: it must be relu"},
		{"rnn: activation that needs its argument", RNN{Units: 2, Fn: ops.Activation{Kind: ops.GELU}}, []ir.Type{sequence}, ir.ErrUnsupported, "activation gelu"},
		{"rnn: negative slope", RNN{Units: 2, Fn: ops.Activation{Kind: ops.LeakyReLU, Alpha: -1}}, []ir.Type{sequence}, ir.ErrShape, "activation leaky_relu with -1: it must not be negative"},
		{"step beyond the last", Step{9}, []ir.Type{sequence}, ir.ErrShape, "step 9 of 9: it must lie in [0, 8]"},
		{"step before the first", Step{-1}, []ir.Type{sequence}, ir.ErrShape, "step -1 of 9"},
		{"step of an image", Step{}, []ir.Type{image}, ir.ErrShape, "it must be a sequence"},
		{"mean of the steps of a vector", StepMean{}, []ir.Type{vector}, ir.ErrShape, "it must be a sequence"},
		{"repeat 0 times", Repeat{}, []ir.Type{vector}, ir.ErrShape, "0 steps: there must be at least 1"},
		{"repeat beyond memory", Repeat{1 << 40}, []ir.Type{vector}, ir.ErrShape, "at most 2^40 elements"},
		{"repeat a sequence", Repeat{2}, []ir.Type{sequence}, ir.ErrShape, "a sample of 9x7: it must be a vector"},
		{"repeat two", Repeat{2}, []ir.Type{vector, vector}, ir.ErrShape, "2 inputs"},
		{"transpose beyond the last dimension", Transpose{2}, []ir.Type{image}, ir.ErrShape, "dimensions 2 and 3 of a sample of 8x4x4: there are 3"},
		{"transpose before the first dimension", Transpose{-1}, []ir.Type{image}, ir.ErrShape, "dimensions -1 and 0"},
		{"transpose two", Transpose{}, []ir.Type{image, image}, ir.ErrShape, "2 inputs"},
		{"concat: other numbers of steps", Concat{}, []ir.Type{sequence, ir.Sample(8, 7)}, ir.ErrShape, "shapes differ in more than the channels: 9x7 and 8x7"},
		{"identity", Activation{}, []ir.Type{vector}, ir.ErrUnsupported, "activation identity"},
		{"leaky relu: negative slope", Activation{ops.Activation{Kind: ops.LeakyReLU, Alpha: -0.3}}, []ir.Type{vector}, ir.ErrShape, "slope -0.3: it must not be negative"},
		{"elu: alpha NaN", Activation{ops.Activation{Kind: ops.ELU, Alpha: nan}}, []ir.Type{vector}, ir.ErrShape, "alpha NaN: it must not be negative"},
		{"batch norm: eps forgotten", BatchNorm{Momentum: 0.9}, []ir.Type{image}, ir.ErrShape, "eps 0: it must be positive"},
		{"batch norm: eps infinite", BatchNorm{Eps: inf, Momentum: 0.9}, []ir.Type{image}, ir.ErrShape, "eps +Inf: it must be positive"},
		{"batch norm: momentum", BatchNorm{Eps: 1, Momentum: 1.1}, []ir.Type{image}, ir.ErrShape, "momentum 1.1: it must lie in [0, 1]"},
		{"batch norm: momentum NaN", BatchNorm{Eps: 1, Momentum: nan}, []ir.Type{image}, ir.ErrShape, "momentum NaN: it must lie in [0, 1]"},
		{"batch norm: no batch", BatchNorm{Eps: 1}, []ir.Type{ir.Whole(3)}, ir.ErrShape, "without a batch axis"},
		{"batch norm: no channels", BatchNorm{Eps: 1}, []ir.Type{ir.Sample()}, ir.ErrShape, "a sample of scalar: it must have channels or features"},
		{"dropout of more than everything", Dropout{1.5}, []ir.Type{vector}, ir.ErrShape, "rate 1.5: it must lie in [0, 1)"},
		{"dropout of everything", Dropout{1}, []ir.Type{vector}, ir.ErrShape, "rate 1: it must lie in [0, 1)"},
		{"dropout NaN", Dropout{nan}, []ir.Type{vector}, ir.ErrShape, "rate NaN: it must lie in [0, 1)"},
		{"lrn: no window", LRN{Rank: 2, K: 1}, []ir.Type{image}, ir.ErrShape, "size 0: it must be at least 1"},
		{"lrn: negative alpha", LRN{Rank: 2, Size: 3, Alpha: -1, K: 1}, []ir.Type{image}, ir.ErrShape, "alpha -1: it must be finite and not negative"},
		{"lrn: alpha NaN", LRN{Rank: 2, Size: 3, Alpha: nan, K: 1}, []ir.Type{image}, ir.ErrShape, "alpha NaN"},
		{"lrn: beta infinite", LRN{Rank: 2, Size: 3, Beta: inf, K: 1}, []ir.Type{image}, ir.ErrShape, "beta +Inf: it must be finite"},
		{"lrn: k of 0", LRN{Rank: 3, Size: 3}, []ir.Type{volume}, ir.ErrShape, "k 0: it must be positive and finite"},
		{"lrn of a vector", LRN{Rank: 2, Size: 3, K: 1}, []ir.Type{vector}, ir.ErrShape, "a sample of 100: it must be C, H, W"},
		{"lrn of two", LRN{Rank: 2, Size: 3, K: 1}, []ir.Type{image, image}, ir.ErrShape, "2 inputs: there must be 1"},
		{"softmax of scalars", Softmax{}, []ir.Type{ir.Sample()}, ir.ErrShape, "it must have channels or features"},
		{"flatten a parameter", Flatten{}, []ir.Type{ir.Whole(3)}, ir.ErrShape, "without a batch axis"},
		{"reshape: another number", Reshape{[]int{8, 7, 7, 8}}, []ir.Type{vector}, ir.ErrShape, "100 values cannot become 8x7x7x8 = 3136"},
		{"reshape: a size of 0", Reshape{[]int{100, 0}}, []ir.Type{vector}, ir.ErrShape, "a result of 100x0: each size must be at least 1"},
		{"reshape: a number that overflows", Reshape{[]int{1 << 32, 1 << 32, 100}}, []ir.Type{vector}, ir.ErrShape, "at most 2^40 elements"},
		{"add: shapes differ", Add{}, []ir.Type{ir.Sample(512, 26, 26), ir.Sample(512, 28, 28)}, ir.ErrShape, "shapes differ: 512x26x26 and 512x28x28"},
		{"add: ranks differ", Add{}, []ir.Type{image, volume}, ir.ErrShape, "shapes differ: 8x4x4 and 8x4x4x4"},
		{"add: one has no batch", Add{}, []ir.Type{vector, ir.Whole(100)}, ir.ErrShape, "100 and 100: one has a batch axis and the other has none"},
		{"add: layouts differ", Add{}, []ir.Type{image, blocked}, ir.ErrUnsupported, "layouts differ: NCX and NCX16n"},
		{"add of one", Add{}, []ir.Type{image}, ir.ErrShape, "1 inputs: there must be at least 2"},
		{"mul: shapes differ", Mul{}, []ir.Type{vector, ir.Sample(1)}, ir.ErrShape, "shapes differ: 100 and 1"},
		{"mul of three", Mul{}, []ir.Type{vector, vector, vector}, ir.ErrShape, "3 inputs: there must be 2"},
		{"scale by NaN", Scale{nan}, []ir.Type{vector}, ir.ErrShape, "factor NaN: it must be finite"},
		{"concat: sizes differ", Concat{}, []ir.Type{image, ir.Sample(8, 4, 5)}, ir.ErrShape, "shapes differ in more than the channels: 8x4x4 and 8x4x5"},
		{"concat: ranks differ", Concat{}, []ir.Type{image, volume}, ir.ErrShape, "shapes differ in more than the channels: 8x4x4 and 8x4x4x4"},
		{"concat: scalars", Concat{}, []ir.Type{ir.Sample(), ir.Sample()}, ir.ErrShape, "it must have channels or features"},
		{"concat of nothing", Concat{}, nil, ir.ErrShape, "0 inputs: there must be at least 1"},
		{"concat of parameters", Concat{}, []ir.Type{ir.Whole(3), ir.Whole(3)}, ir.ErrShape, "without a batch axis"},
		{"sum of a parameter", Sum{}, []ir.Type{ir.Whole(3)}, ir.ErrShape, "without a batch axis"},
		{"mean of another layout", Mean{}, []ir.Type{blocked}, ir.ErrUnsupported, "layout NCX16n"},
		{"global average of a vector", Mean{Spatial: true}, []ir.Type{vector}, ir.ErrShape, "a sample of 100: it must have channels and positions"},
		{"pool: padding like the kernel", pool(square(2, 2, 1, 2)), []ir.Type{image}, ir.ErrShape, "padding 2x2 before and 2x2 after: each must be less than the kernel 2x2"},
		{"pool: dilation", pool(square(2, 2, 2, 0)), []ir.Type{image}, ir.ErrUnsupported, "dilation 2x2: windows of pooling are dense"},
		{"pool: kernel beyond the input", pool(square(5, 1, 1, 0)), []ir.Type{image}, ir.ErrShape, "kernel 5x5 is larger than the padded input 4x4"},
		{"pool: output padding", pool(window(func(w *Window) { w.OutPad[2] = 1 })), []ir.Type{image}, ir.ErrUnsupported, "output padding 0x1"},
		{"pool: unknown kind", Pool{Mode: 9, Window: unit}, []ir.Type{image}, ir.ErrUnsupported, "PoolingKind(9)"},
		{"upsample by 0", Upsample{Scale: [3]int{1, 2, 0}, Rank: 2}, []ir.Type{image}, ir.ErrShape, "scale 2x0: each must lie in [1, 1048576]"},
		{"upsample along no axis", Upsample{Scale: [3]int{2, 2, 2}, Rank: 2}, []ir.Type{image}, ir.ErrUnsupported, "scale 2 along D: an image has no such axis"},
		{"upsample a vector", Upsample{Scale: [3]int{1, 1, 1}, Rank: 3}, []ir.Type{vector}, ir.ErrShape, "a sample of 100: it must be C, D, H, W"},
		{"upsample beyond memory", Upsample{Scale: [3]int{1, 1 << 20, 1 << 20}, Rank: 2}, []ir.Type{image}, ir.ErrShape, "at most 2^40 elements"},
		{"upsample in 4 dimensions", Upsample{Scale: [3]int{1, 1, 1}, Rank: 4}, []ir.Type{image}, ir.ErrUnsupported, "4 spatial axes: there can be 2 or 3"},
		{"pad: negative", Pad{Hi: [3]int{0, 0, -1}, Rank: 2}, []ir.Type{image}, ir.ErrShape, "padding 0x0 before 0x-1 after: each must lie in [0, 1048576]"},
		{"pad along no axis", Pad{Lo: [3]int{1, 0, 0}, Rank: 2}, []ir.Type{image}, ir.ErrUnsupported, "padding 1 along D: an image has no such axis"},
		{"loss: shapes differ", Loss{Loss: ops.MSE}, []ir.Type{vector, ir.Sample(1)}, ir.ErrShape, "shapes differ: 100 and 1"},
		{"loss without target", Loss{Loss: ops.MSE}, []ir.Type{vector}, ir.ErrShape, "1 inputs: there must be 2"},
		{"loss: unknown", Loss{Loss: 77}, []ir.Type{vector, vector}, ir.ErrUnsupported, "loss LossKind(77)"},
		{"loss of parameters", Loss{Loss: ops.BCE}, []ir.Type{ir.Whole(2), ir.Whole(2)}, ir.ErrShape, "without a batch axis"},
		{"softmax ce: one-hot target", Loss{Loss: ops.SoftmaxCE}, []ir.Type{vector, vector}, ir.ErrShape, "a target of 100: it must be 1, the class"},
		{"softmax ce of a sequence, a class alone", Loss{Loss: ops.SoftmaxCE}, []ir.Type{sequence, ir.Sample(1)}, ir.ErrShape, "a target of 1: it must be 9x1, the class"},
		{"softmax ce of an image", Loss{Loss: ops.SoftmaxCE}, []ir.Type{image, ir.Sample(1)}, ir.ErrShape, "logits of 8x4x4: they must be a vector or a sequence"},
		{"smoothing above 1", Loss{Loss: ops.SoftmaxCE, Smoothing: 1.5}, []ir.Type{vector, ir.Sample(1)}, ir.ErrShape, "smoothing 1.5: it must lie in [0, 1]"},
		{"smoothing of MSE", Loss{Loss: ops.MSE, Smoothing: 0.5}, []ir.Type{vector, vector}, ir.ErrUnsupported, "smoothing of MSE: it is for SoftmaxCE"},
		{"weighted sum of vectors", WeightedSum{[]float32{1}}, []ir.Type{ir.Whole(3)}, ir.ErrShape, "term 0 of 3: it must be scalar"},
		{"weighted sum of nothing", WeightedSum{}, nil, ir.ErrShape, "0 inputs with 0 weights"},
		{"weighted sum: a weight too many", WeightedSum{[]float32{1, 2}}, []ir.Type{ir.Whole()}, ir.ErrShape, "1 inputs with 2 weights: there must be as many"},
		{"weighted sum: weight infinite", WeightedSum{[]float32{inf}}, []ir.Type{ir.Whole()}, ir.ErrShape, "weight +Inf: it must be finite"},
		{"reorder to an unknown layout", Reorder{9}, []ir.Type{image}, ir.ErrUnsupported, "Layout(9)"},
		{"reorder of two", Reorder{ops.NCX16c}, []ir.Type{image, image}, ir.ErrShape, "2 inputs: there must be 1"},
		{"copy of two", Copy{}, []ir.Type{image, image}, ir.ErrShape, "2 inputs: there must be 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v, g := declare(tc.op, tc.in...)
			require.Len(t, g.Errors, 1)
			require.ErrorIs(t, g.Errors[0], tc.err)
			assert.ErrorContains(t, g.Errors[0].Err, tc.says)
			assert.False(t, v.OK())
		})
	}
}

// The compiler makes nodes with given variables: another shape is a defect there.
func TestInferRefusesVariables(t *testing.T) {
	for _, tc := range []struct {
		name string
		op   ir.Op
		in   []ir.Type
		says string
	}{
		{"no weights", Dense{Units: 2}, []ir.Type{ir.Sample(3)}, "1 inputs: there must be 2"},
		{"no bias", Dense{Units: 2, Bias: true}, []ir.Type{ir.Sample(3), ir.Whole(2, 3)}, "2 inputs: there must be 3"},
		{"weights of another shape", Dense{Units: 2}, []ir.Type{ir.Sample(3), ir.Whole(3, 2)}, "weights of 3x2: it must be 2x3"},
		{"bias of another shape", Dense{Units: 2, Bias: true}, []ir.Type{ir.Sample(3), ir.Whole(2, 3), ir.Whole(3)}, "bias of 3: it must be 2"},
		{"batch norm of nothing", BatchNorm{Eps: 1}, nil, "0 inputs: there must be 1"},
		{"batch norm: gamma", BatchNorm{Eps: 1}, []ir.Type{ir.Sample(3), ir.Whole(2), ir.Whole(3), ir.Whole(3), ir.Whole(3)}, "gamma of 2: it must be 3"},
		{"batch norm: no statistics", BatchNormInference{Eps: 1}, []ir.Type{ir.Sample(3), ir.Whole(3), ir.Whole(3)}, "3 inputs: there must be 5"},
		{"batch norm in training: variance", BatchNormTraining{Eps: 1}, []ir.Type{ir.Sample(3), ir.Whole(3), ir.Whole(4)}, "beta of 4: it must be 3"},
		{"batch norm backward", batchNormBackward{eps: 1}, []ir.Type{ir.Sample(4), ir.Sample(3), ir.Whole(3), ir.Whole(3), ir.Whole(3)}, "diffDst of 4: it must be 3"},
		{"dense backward data", backwardData{Dense{Units: 2}, ir.Sample(3)}, []ir.Type{ir.Sample(3), ir.Whole(2, 3)}, "diffDst of 3: it must be 2"},
		{"dense backward weights", backwardWeights{Dense{Units: 2}}, []ir.Type{ir.Sample(3), ir.Sample(3)}, "diffDst of 3: it must be 2"},
		{"rnn: recurrent", RNN{Cell: ops.LSTM, Units: 2}, []ir.Type{ir.Sample(4, 3), ir.Whole(8, 3), ir.Whole(8, 3)}, "recurrent of 8x3: it must be 8x2"},
		{"rnn: bias", RNN{Cell: ops.LBRGRU, Units: 2, Bias: true}, []ir.Type{ir.Sample(4, 3), ir.Whole(6, 3), ir.Whole(6, 2), ir.Whole(6)}, "bias of 6: it must be 8"},
		{"rnn backward of nothing", rnnBackward{of: RNN{Cell: ops.GRU, Units: 2}}, nil, "0 inputs: there must be 5"},
		{"rnn backward without workspace", rnnBackward{of: RNN{Cell: ops.GRU, Units: 2}}, []ir.Type{ir.Sample(4, 2), ir.Sample(4, 3), ir.Whole(6, 3), ir.Whole(6, 2), ir.Sample(4, 2)}, "5 inputs: there must be 6"},
		{"rnn backward of another result", rnnBackward{of: RNN{Units: 2, Fn: ops.Activation{Kind: ops.Tanh}}}, []ir.Type{ir.Sample(4, 3), ir.Sample(4, 3), ir.Whole(2, 3), ir.Whole(2, 2), ir.Sample(4, 2)}, "diffDst of 4x3: it must be 4x2"},
		{"step backward", stepBackward{Step{1}, ir.Sample(4, 3)}, []ir.Type{ir.Sample(4)}, "diffDst of 4: it must be 3"},
		{"max pool backward", poolBackward{pool(square(2, 2, 1, 0)), ir.Sample(1, 4, 4)}, []ir.Type{ir.Sample(1, 2, 2)}, "1 inputs: there must be 2"},
		{"max pool backward of another source", poolBackward{pool(square(2, 2, 1, 0)), ir.Sample(1, 4, 4)}, []ir.Type{ir.Sample(1, 2, 2), ir.Sample(1, 2, 2)}, "src of 1x2x2: it must be 1x4x4"},
		{"crop", crop{Pad{Rank: 2}, ir.Sample(1, 4, 4)}, []ir.Type{ir.Sample(1, 2, 2)}, "diffDst of 1x2x2: it must be 1x4x4"},
		{"loss backward", lossBackward{Loss{Loss: ops.MSE}}, []ir.Type{ir.Sample(1), ir.Sample(1), ir.Sample(1)}, "diffLoss of 1: it must be scalar"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := tc.op.Infer(tc.in)
			require.ErrorIs(t, err, ir.ErrShape)
			assert.ErrorContains(t, err, tc.says)
		})
	}
}
