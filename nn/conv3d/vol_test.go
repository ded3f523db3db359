package conv3d_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
)

func volume(g *nn.Graph) conv3d.Vol { return conv3d.Input(g, "v", 4, 6, 7, 8) }

// TestDims declares every operation and compares the shape of its result with what
// Keras or PyTorch gives.
func TestDims(t *testing.T) {
	k, d := conv3d.K(2, 3, 4), conv3d.DeconvK(2, 3, 4)
	tests := []struct {
		name string
		got  func(x conv3d.Vol) nn.Handle
		want []int
	}{
		{"convolution", func(x conv3d.Vol) nn.Handle { return x.Conv(5, k) }, []int{5, 5, 5, 5}},
		{"even kernel, same", func(x conv3d.Vol) nn.Handle { return x.Conv(5, k.Same()) }, []int{5, 6, 7, 8}},
		{"same with a stride", func(x conv3d.Vol) nn.Handle { return x.Conv(5, k.Stride(2, 3, 5).Same()) }, []int{5, 3, 3, 2}},
		{"asymmetric padding", func(x conv3d.Vol) nn.Handle { return x.Conv(5, k.PadBefore(1, 0, 2).PadAfter(0, 1, 0)) }, []int{5, 6, 6, 7}},
		{"dilation", func(x conv3d.Vol) nn.Handle { return x.Conv(5, k.Dilate(3, 2, 2)) }, []int{5, 3, 3, 2}},
		{"groups", func(x conv3d.Vol) nn.Handle { return x.Conv(8, k.Groups(4).Pad(1, 1, 1)) }, []int{8, 7, 7, 7}},
		{"deconvolution", func(x conv3d.Vol) nn.Handle { return x.Deconv(5, d) }, []int{5, 7, 9, 11}},
		{"deconvolution, stride", func(x conv3d.Vol) nn.Handle { return x.Deconv(5, d.Stride(2, 3, 4)) }, []int{5, 12, 21, 32}},
		{"deconvolution, same", func(x conv3d.Vol) nn.Handle { return x.Deconv(5, d.Stride(2, 2, 2).Same()) }, []int{5, 12, 14, 16}},
		{"deconvolution, kernel below the stride, same", func(x conv3d.Vol) nn.Handle { return x.Deconv(5, d.Stride(3, 3, 3).Same()) }, []int{5, 18, 21, 24}},
		{"deconvolution, padding", func(x conv3d.Vol) nn.Handle { return x.Deconv(5, d.Stride(2, 2, 2).Pad(0, 1, 1).OutPad(1, 0, 1)) }, []int{5, 13, 13, 17}},
		{"deconvolution, dilation and groups", func(x conv3d.Vol) nn.Handle { return x.Deconv(4, d.Dilate(2, 2, 2).Groups(2).NoBias()) }, []int{4, 8, 11, 14}},
		{"max pooling", func(x conv3d.Vol) nn.Handle { return x.MaxPool(conv3d.K(2, 2, 3)) }, []int{4, 3, 3, 2}},
		{"average pooling with a stride", func(x conv3d.Vol) nn.Handle { return x.AvgPool(conv3d.K(2, 2, 2).Stride(1, 1, 1)) }, []int{4, 5, 6, 7}},
		{"pooling rounded up", func(x conv3d.Vol) nn.Handle { return x.MaxPool(conv3d.K(2, 2, 3).Ceil()) }, []int{4, 3, 4, 3}},
		{"global pooling", func(x conv3d.Vol) nn.Handle { return x.GlobalAvgPool() }, []int{4}},
		{"up-sampling", func(x conv3d.Vol) nn.Handle { return x.Upsample(1, 2, 3) }, []int{4, 6, 14, 24}},
		{"padding", func(x conv3d.Vol) nn.Handle { return x.Pad(0, 1, 2) }, []int{4, 6, 9, 12}},
		{"batch normalisation", func(x conv3d.Vol) nn.Handle { return x.BatchNorm(nn.Momentum(0.99)) }, []int{4, 6, 7, 8}},
		{"activations", func(x conv3d.Vol) nn.Handle {
			return x.ReLU().LeakyReLU(0.3).ELU(1).Tanh().Sigmoid().Softplus().SiLU().GELU().Softmax()
		}, []int{4, 6, 7, 8}},
		{"response normalisation", func(x conv3d.Vol) nn.Handle { return x.LRN(5, 1e-4, 0.75, 2).LRNWithin(3, 1, 0.5, 1) }, []int{4, 6, 7, 8}},
		{"dropout", func(x conv3d.Vol) nn.Handle { return x.Dropout(0.5) }, []int{4, 6, 7, 8}},
		{"arithmetic", func(x conv3d.Vol) nn.Handle { return x.Add(x, x).Mul(x).Scale(2) }, []int{4, 6, 7, 8}},
		{"concatenation", func(x conv3d.Vol) nn.Handle { return x.Concat(x.Conv(3, conv3d.K(1, 1, 1)), x) }, []int{11, 6, 7, 8}},
		{"sum", func(x conv3d.Vol) nn.Handle { return x.Sum() }, []int{1}},
		{"flatten and back", func(x conv3d.Vol) nn.Handle { return conv3d.Reshape(x.Flatten(), 7, 8, 6, 4) }, []int{7, 8, 6, 4}},
		{"expansion of one feature", func(x conv3d.Vol) nn.Handle { return x.Mul(conv3d.Expand(x.Sum(), 4, 6, 7, 8)) }, []int{4, 6, 7, 8}},
		{"expansion of a feature a channel", func(x conv3d.Vol) nn.Handle { return conv3d.Expand(x.GlobalAvgPool(), 4, 1, 2, 3) }, []int{4, 1, 2, 3}},
		{"reshape", func(x conv3d.Vol) nn.Handle { return x.Reshape(8, 6, 4, 7) }, []int{8, 6, 4, 7}},
		{"slices", func(x conv3d.Vol) nn.Handle { return x.Slices() }, []int{6, 4 * 7 * 8}},
		{"a tensor as a volume", func(x conv3d.Vol) nn.Handle { return conv3d.Of(x.Tensor()) }, []int{4, 6, 7, 8}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := nn.New("dims")
			y := test.got(volume(g))
			g.Output("y", y)
			net, err := g.Build()
			require.NoError(t, err)
			assert.Equal(t, test.want, y.Tensor().Dims())
			p, err := nn.Compile(net, nn.Batch(2))
			require.NoError(t, err)
			defer p.Close()
			require.NoError(t, p.Run(0))
		})
	}
}

func TestSizes(t *testing.T) {
	x := volume(nn.New("sizes"))
	assert.Equal(t, []int{4, 6, 7, 8}, []int{x.Channels(), x.Depth(), x.Height(), x.Width()})
}

func line() int {
	_, _, n, _ := runtime.Caller(1)
	return n
}

// TestMistakes makes every mistake that a window over volumes can have.
func TestMistakes(t *testing.T) {
	k, d := conv3d.K(2, 2, 2), conv3d.DeconvK(2, 2, 2)
	tests := []struct {
		name    string
		declare func(x conv3d.Vol) (nn.Handle, int)
		says    string
	}{
		{"kernel", func(x conv3d.Vol) (nn.Handle, int) { return x.Conv(1, conv3d.K(1, 0, 1)), line() }, "K: shape error: [1 0 1]"},
		{"stride", func(x conv3d.Vol) (nn.Handle, int) { return x.Conv(1, k.Stride(1, 1, 0)), line() }, "Stride: shape error"},
		{"dilation", func(x conv3d.Vol) (nn.Handle, int) { return x.Conv(1, k.Dilate(0, 1, 1)), line() }, "Dilate: shape error"},
		{"padding", func(x conv3d.Vol) (nn.Handle, int) { return x.Conv(1, k.Pad(0, 0, -1)), line() }, "Pad: shape error"},
		{"padding before", func(x conv3d.Vol) (nn.Handle, int) { return x.Conv(1, k.PadBefore(0, 0, -1)), line() }, "PadBefore: shape error"},
		{"padding after", func(x conv3d.Vol) (nn.Handle, int) { return x.Conv(1, k.PadAfter(0, -1, 0)), line() }, "PadAfter: shape error"},
		{"padding twice", func(x conv3d.Vol) (nn.Handle, int) { return x.Conv(1, k.Same().Pad(1, 1, 1)), line() }, "Pad: shape error: the padding is set twice"},
		{"groups", func(x conv3d.Vol) (nn.Handle, int) { return x.Conv(1, k.Groups(0)), line() }, "Groups: shape error"},
		{"initialiser", func(x conv3d.Vol) (nn.Handle, int) { return x.Conv(1, k.Init(nil)), line() }, "Init: shape error"},
		{"bias of pooling", func(x conv3d.Vol) (nn.Handle, int) { return x.AvgPool(k.NoBias()), line() }, "AvgPool: shape error"},
		{"kernel of a deconvolution", func(x conv3d.Vol) (nn.Handle, int) { return x.Deconv(1, conv3d.DeconvK(0, 1, 1)), line() }, "K: shape error"},
		{"stride of a deconvolution", func(x conv3d.Vol) (nn.Handle, int) { return x.Deconv(1, d.Stride(0, 1, 1)), line() }, "Stride: shape error"},
		{"dilation of a deconvolution", func(x conv3d.Vol) (nn.Handle, int) { return x.Deconv(1, d.Dilate(0, 1, 1)), line() }, "Dilate: shape error"},
		{"padding of a deconvolution", func(x conv3d.Vol) (nn.Handle, int) { return x.Deconv(1, d.Pad(-1, 0, 0)), line() }, "Pad: shape error"},
		{"padding of a deconvolution twice", func(x conv3d.Vol) (nn.Handle, int) { return x.Deconv(1, d.Pad(1, 0, 0).Same()), line() }, "Same: shape error"},
		{"output padding", func(x conv3d.Vol) (nn.Handle, int) { return x.Deconv(1, d.OutPad(0, -1, 0)), line() }, "OutPad: shape error"},
		{"output padding beyond the stride", func(x conv3d.Vol) (nn.Handle, int) { return x.Deconv(1, d.OutPad(2, 0, 0)), line() }, "Deconv"},
		{"groups of a deconvolution", func(x conv3d.Vol) (nn.Handle, int) { return x.Deconv(1, d.Groups(0)), line() }, "Groups: shape error"},
		{"initialiser of a deconvolution", func(x conv3d.Vol) (nn.Handle, int) { return x.Deconv(1, d.Init(nil)), line() }, "Init: shape error"},
		{"kernel larger than the volume", func(x conv3d.Vol) (nn.Handle, int) { return x.Conv(1, conv3d.K(2, 9, 2)), line() }, "kernel 2x9x2 is larger than the padded input 6x7x8"},
		{"scale", func(x conv3d.Vol) (nn.Handle, int) { return x.Upsample(0, 1, 1), line() }, "Upsample"},
		{"negative padding", func(x conv3d.Vol) (nn.Handle, int) { return x.Pad(-1, 0, 0), line() }, "Pad"},
		{"shapes that differ", func(x conv3d.Vol) (nn.Handle, int) { return x.Add(x.MaxPool(k)), line() }, "shapes differ"},
		{"reshape", func(x conv3d.Vol) (nn.Handle, int) { return x.Reshape(5, 1, 1, 1), line() }, "cannot become 5x1x1x1 = 5"},
		{"expansion of too few features", func(x conv3d.Vol) (nn.Handle, int) { return conv3d.Expand(x.GlobalAvgPool(), 3, 1, 1, 1), line() }, "4 values cannot fill a sample of 3x1x1x1"},
		{"vector as a volume", func(x conv3d.Vol) (nn.Handle, int) { return conv3d.Of(x.Sum()), line() }, "a tensor of 1 dimensions cannot be one of 4"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := nn.New("wrong")
			y, at := test.declare(volume(g))
			_, err := g.Output("y", y).Build()
			var all *nn.BuildError
			require.ErrorAs(t, err, &all)
			assert.Len(t, all.Errors, 1, "one mistake, one message: %v", err)
			assert.ErrorContains(t, err, test.says)
			assert.ErrorContains(t, err, fmt.Sprintf("vol_test.go:%d: ", at))
		})
	}
}

func TestNamesAndInitialisers(t *testing.T) {
	g := nn.New("named")
	x := volume(g).Conv(2, conv3d.K(1, 1, 1).Init(nn.Constant(3))).As("stem").
		Deconv(2, conv3d.DeconvK(1, 1, 1).Init(nn.HeNormal)).As("leaf")
	net, err := g.Output("y", x).Build()
	require.NoError(t, err)
	var paths []string
	for _, p := range net.Params() {
		paths = append(paths, p.Path)
	}
	assert.Equal(t, "stem/weights stem/bias leaf/weights leaf/bias", strings.Join(paths, " "))
	assert.Equal(t, float32(3), net.Params()[0].Data[0])
}
