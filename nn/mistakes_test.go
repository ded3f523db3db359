package nn_test

import (
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

// line is the line of the caller: the tests' rows make their mistake on the line on
// which they call it.
func line() int {
	_, _, n, _ := runtime.Caller(1)
	return n
}

// image is an input on which mistakes are made.
func image(g *nn.Graph) nn.Map { return g.Map("image", 8, 10, 12) }

// TestMistakes makes every mistake that a declaration can make, one at a time.
func TestMistakes(t *testing.T) {
	vec := func(g *nn.Graph) nn.Vec { return g.Vec("vec", 6) }
	tests := []struct {
		name    string
		declare func(g *nn.Graph) int
		says    string
	}{
		{"kernel of 0", func(g *nn.Graph) int { use(g, image(g).Conv(4, nn.K(0, 3))); return line() }, "K: shape error: [0 3]: each must be at least 1"},
		{"stride of 0", func(g *nn.Graph) int { use(g, image(g).Conv(4, nn.K(3, 3).Stride(0, 1))); return line() }, "Stride: shape error: [0 1]: each must be at least 1"},
		{"negative dilation", func(g *nn.Graph) int { use(g, image(g).Conv(4, nn.K(3, 3).Dilate(1, -1))); return line() }, "Dilate: shape error: [1 -1]"},
		{"negative padding", func(g *nn.Graph) int { use(g, image(g).Conv(4, nn.K(3, 3).Pad(-1, 0))); return line() }, "Pad: shape error: [-1 0]: each must be at least 0"},
		{"negative padding before", func(g *nn.Graph) int { use(g, image(g).Conv(4, nn.K(3, 3).PadBefore(-1, 0))); return line() }, "PadBefore: shape error"},
		{"negative padding after", func(g *nn.Graph) int { use(g, image(g).Conv(4, nn.K(3, 3).PadAfter(0, -2))); return line() }, "PadAfter: shape error"},
		{"padding set twice", func(g *nn.Graph) int { use(g, image(g).Conv(4, nn.K(3, 3).Pad(1, 1).Same())); return line() }, "Same: shape error: the padding is set twice"},
		{"no groups", func(g *nn.Graph) int { use(g, image(g).Conv(4, nn.K(3, 3).Groups(0))); return line() }, "Groups: shape error: 0 groups"},
		{"nil initialiser", func(g *nn.Graph) int { use(g, image(g).Conv(4, nn.K(3, 3).Init(nil))); return line() }, "Init: shape error: a nil initialiser"},
		{"nil initialiser of the bias", func(g *nn.Graph) int { use(g, image(g).Conv(4, nn.K(3, 3).InitBias(nil))); return line() }, "InitBias: shape error: a nil initialiser"},
		{"initialiser of no bias", func(g *nn.Graph) int {
			use(g, image(g).Conv(4, nn.K(3, 3).NoBias().InitBias(nn.Constant(1))))
			return line() - 1
		}, "Conv: shape error: an initialiser for the bias, which is left out"},
		{"windows of a convolution rounded up", func(g *nn.Graph) int { use(g, image(g).Conv(4, nn.K(3, 3).Ceil())); return line() }, "Conv: shape error: windows rounded up are for pooling"},
		{"deconvolution, kernel of 0", func(g *nn.Graph) int { use(g, image(g).Deconv(4, nn.DeconvK(3, 0))); return line() }, "K: shape error"},
		{"deconvolution, stride of 0", func(g *nn.Graph) int { use(g, image(g).Deconv(4, nn.DeconvK(3, 3).Stride(1, 0))); return line() }, "Stride: shape error"},
		{"deconvolution, dilation of 0", func(g *nn.Graph) int { use(g, image(g).Deconv(4, nn.DeconvK(3, 3).Dilate(0, 1))); return line() }, "Dilate: shape error"},
		{"deconvolution, negative padding", func(g *nn.Graph) int { use(g, image(g).Deconv(4, nn.DeconvK(3, 3).Pad(0, -1))); return line() }, "Pad: shape error"},
		{"deconvolution, padding set twice", func(g *nn.Graph) int { use(g, image(g).Deconv(4, nn.DeconvK(3, 3).Same().Pad(1, 1))); return line() }, "Pad: shape error: the padding is set twice"},
		{"deconvolution, negative output padding", func(g *nn.Graph) int { use(g, image(g).Deconv(4, nn.DeconvK(3, 3).OutPad(-1, 0))); return line() }, "OutPad: shape error"},
		{"deconvolution, no groups", func(g *nn.Graph) int { use(g, image(g).Deconv(4, nn.DeconvK(3, 3).Groups(-1))); return line() }, "Groups: shape error"},
		{"deconvolution, nil initialiser", func(g *nn.Graph) int { use(g, image(g).Deconv(4, nn.DeconvK(3, 3).Init(nil))); return line() }, "Init: shape error"},
		{"groups for pooling", func(g *nn.Graph) int { use(g, image(g).MaxPool(nn.K(2, 2).Groups(2))); return line() }, "MaxPool: shape error: groups, bias and initialiser are settings of convolutions"},
		{"bias for pooling", func(g *nn.Graph) int {
			use(g, image(g).MaxPool(nn.K(2, 2).InitBias(nn.Constant(1))))
			return line() - 1
		}, "MaxPool: shape error: groups, bias and initialiser are settings of convolutions"},
		{"no filters", func(g *nn.Graph) int { use(g, image(g).Conv(0, nn.K(3, 3))); return line() }, "Conv: shape error: 0 filters"},
		{"groups that do not divide", func(g *nn.Graph) int { use(g, image(g).Conv(6, nn.K(3, 3).Groups(3))); return line() }, "Conv: shape error: 3 groups do not divide 8 input channels"},
		{"kernel larger than the image", func(g *nn.Graph) int { use(g, image(g).Conv(4, nn.K(11, 3))); return line() }, "larger than the padded input"},
		{"window larger than the image", func(g *nn.Graph) int { use(g, image(g).AvgPool(nn.K(11, 3))); return line() }, "AvgPool: shape error"},
		{"initialiser of no bias of units", func(g *nn.Graph) int {
			use(g, vec(g).Dense(2, nn.NoBias(), nn.InitBias(nn.Constant(1))))
			return line() - 1
		}, "Dense: shape error: an initialiser for the bias"},
		{"no units", func(g *nn.Graph) int { use(g, vec(g).Dense(0)); return line() }, "Dense: shape error: 0 units"},
		{"dropout of everything", func(g *nn.Graph) int { use(g, vec(g).Dropout(1)); return line() }, "Dropout: shape error: rate 1"},
		{"momentum above 1", func(g *nn.Graph) int { use(g, vec(g).BatchNorm(nn.Momentum(1.5))); return line() }, "BatchNorm: shape error"},
		{"eps of 0", func(g *nn.Graph) int { use(g, image(g).BatchNorm(nn.Epsilon(0))); return line() }, "BatchNorm: shape error"},
		{"normalisation by 0", func(g *nn.Graph) int { use(g, image(g).LRN(5, 1, 0.75, 0)); return line() }, "LRN: shape error: k 0"},
		{"normalisation over nothing", func(g *nn.Graph) int { use(g, image(g).LRNWithin(0, 1, 0.75, 1)); return line() }, "LRN: shape error: size 0"},
		{"negative slope", func(g *nn.Graph) int { use(g, image(g).LeakyReLU(-1)); return line() }, "LeakyReLU"},
		{"scale of 0", func(g *nn.Graph) int { use(g, image(g).Upsample(0, 2)); return line() }, "Upsample: shape error"},
		{"padding of -1", func(g *nn.Graph) int { use(g, image(g).Pad(0, -1)); return line() }, "Pad: shape error"},
		{"sum of different shapes", func(g *nn.Graph) int { x := image(g); use(g, x.Add(x.MaxPool(nn.K(2, 2)))); return line() }, "Add: shape error: shapes differ: 8x10x12 and 8x5x6"},
		{"sum of nothing", func(g *nn.Graph) int { use(g, image(g).Add()); return line() }, "Add: shape error"},
		{"product of different shapes", func(g *nn.Graph) int { x := image(g); use(g, x.Mul(x.MaxPool(nn.K(2, 2)))); return line() }, "Mul: shape error"},
		{"concat of different sizes", func(g *nn.Graph) int { x := image(g); use(g, x.Concat(x.MaxPool(nn.K(2, 2)))); return line() }, "Concat: shape error"},
		{"reshape that does not fit", func(g *nn.Graph) int { use(g, vec(g).Reshape(1, 2, 2)); return line() }, "Reshape: shape error: 6 values cannot become 1x2x2 = 4"},
		{"tensor of another rank", func(g *nn.Graph) int { use(g, image(g).Tensor().Vec()); return line() }, "Vec: shape error: a tensor of 3 dimensions cannot be one of 1"},
		{"zero handle", func(g *nn.Graph) int { use(g, image(g).Add(nn.Map{})); return line() }, "Add: shape error: input 1 is a zero handle"},
		{"zero handle as output", func(g *nn.Graph) int { use(g, nn.Map{}.ReLU()); return line() }, "Output: shape error: \"y\" is a zero handle"},
		{"handle of another graph", func(g *nn.Graph) int { use(g, image(g).Add(image(nn.New("other")))); return line() }, "handle of another graph: input 1 belongs to graph \"other\""},
		{"output of another graph", func(g *nn.Graph) int { use(g, image(nn.New("other"))); return line() }, "handle of another graph: \"y\" belongs to graph \"other\""},
		{"input of size 0", func(g *nn.Graph) int { use(g, g.Map("image", 3, 0, 4)); return line() }, "Input: shape error: input \"image\" of [3 0 4]"},
		{"input without a name", func(g *nn.Graph) int { use(g, g.Vec("", 4)); return line() }, "Input: shape error: the name is empty"},
		{"two inputs of a name", func(g *nn.Graph) int { use(g, vec(g).Add(g.Vec("vec", 6))); return line() }, "Input: shape error: the name \"vec\" is taken"},
		{"two outputs of a name", func(g *nn.Graph) int { x := vec(g); use(g, x); use(g, x); return line() }, "Output: shape error: the name \"y\" is taken"},
		{"loss of different shapes", func(g *nn.Graph) int { g.Loss("l", nn.MSE(vec(g), g.Vec("t", 5))); return line() }, "MSE: shape error"},
		{"classes of an image", func(g *nn.Graph) int { g.Loss("l", nn.SoftmaxCE(image(g), g.Vec("t", 1))); return line() }, "SoftmaxCE: shape error: logits of 8x10x12"},
		{"smoothing above 1", func(g *nn.Graph) int { g.Loss("l", nn.SmoothSoftmaxCE(vec(g), g.Vec("t", 1), 2)); return line() }, "SoftmaxCE: shape error"},
		{"loss with the name of the total", func(g *nn.Graph) int { g.Loss("loss", nn.MSE(vec(g), g.Vec("t", 6))); return line() }, "Loss: shape error: the name \"loss\""},
		{"pinned name that is taken", func(g *nn.Graph) int { use(g, vec(g).Dense(3).As("a").Dense(3).As("a")); return line() }, "Dense \"a\": the name \"a\" is taken by Dense"},
		{"block without a name", func(g *nn.Graph) int { use(g, nn.Block("", vec(g), nn.Vec.ReLU)); return line() }, "Block: shape error: a block needs a name"},
		{"unused result", func(g *nn.Graph) int { x := vec(g); use(g, x.ReLU()); x.Tanh(); return line() }, "Tanh: shape error: its result is never used"},
		{"unused input", func(g *nn.Graph) int { use(g, vec(g)); g.Vec("spare", 2); return line() }, "Input: shape error: input \"spare\" is never used"},
		{"nothing comes out", func(g *nn.Graph) int { return -1 }, "Build: shape error: the graph has no output and no loss"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := nn.New("wrong")
			at := test.declare(g)
			_, err := g.Build()
			var all *nn.BuildError
			require.ErrorAs(t, err, &all)
			require.Len(t, all.Errors, 1, "one mistake, one message: %+v", err)
			assert.Contains(t, operationName.ReplaceAllString(err.Error(), ""), test.says)
			if at > 0 {
				assert.ErrorContains(t, err, fmt.Sprintf("mistakes_test.go:%d", at))
			}
		})
	}
}

// operationName is the name that a message gives an operation: Conv "conv_1": ...
var operationName = regexp.MustCompile(` "[a-z_]+_1"`)

// use makes a handle the output.
func use(g *nn.Graph, h nn.Handle) { g.Output("y", h) }

func TestIndependentMistakesAreAllReported(t *testing.T) {
	g := nn.New("wrong")
	x := image(g)
	a := x.Conv(0, nn.K(3, 3)).BatchNorm().ReLU().MaxPool(nn.K(2, 2)) // the links after the mistake are silent
	b := x.Conv(4, nn.K(30, 3)).ReLU()
	g.Output("a", a).Output("b", b).Output("c", a.Add(b))
	_, err := g.Build()
	var all *nn.BuildError
	require.ErrorAs(t, err, &all)
	assert.Len(t, all.Errors, 2)
	assert.ErrorIs(t, err, nn.ErrShape)
	assert.NotErrorIs(t, err, nn.ErrForeignGraph)
}

func TestTenMistakesAreShown(t *testing.T) {
	g := nn.New("wrong")
	x := image(g)
	for range 14 {
		x.Conv(0, nn.K(3, 3))
	}
	g.Output("y", x)
	_, err := g.Build()
	assert.ErrorContains(t, err, "(and 4 more)")
	assert.NotContains(t, fmt.Sprintf("%+v", err), "more)")
	assert.Equal(t, err.Error(), fmt.Sprint(err))
}

func helperBlock(x nn.Map) nn.Map { return x.Conv(4, nn.K(3, 3)).Conv(4, nn.K(20, 20)) }

func TestMistakeInAHelperNamesItsCaller(t *testing.T) {
	g := nn.New("wrong")
	at := line() + 1
	g.Output("y", nn.Block("stage", image(g), helperBlock))
	_, err := g.Build()
	require.Error(t, err)
	assert.ErrorContains(t, err, `Conv "stage/conv_2": shape error: kernel 20x20`)
	assert.ErrorContains(t, err, fmt.Sprintf("built from mistakes_test.go:%d (nn_test.TestMistakeInAHelperNamesItsCaller)", at))
}

func TestChainOverLinesNamesTheFailingLink(t *testing.T) {
	g := nn.New("wrong")
	at := line() + 3
	g.Output("y", image(g).
		Conv(4, nn.K(3, 3)).
		Conv(4, nn.K(20, 20)).
		ReLU())
	_, err := g.Build()
	assert.ErrorContains(t, err, fmt.Sprintf("mistakes_test.go:%d: Conv", at))
}

func TestBuildTwice(t *testing.T) {
	g := nn.New("once")
	g.Output("y", g.Vec("x", 2).ReLU())
	_, err := g.Build()
	require.NoError(t, err)
	_, err = g.Build()
	assert.ErrorContains(t, err, `graph "once" is already built`)
	var all *nn.BuildError
	assert.False(t, errors.As(err, &all))
}

func TestMustBuildPanics(t *testing.T) {
	assert.Panics(t, func() { nn.New("empty").MustBuild() })
}

// TestSizesAfterAMistake: what a declaration computes from a poisoned handle must do
// no harm.
func TestSizesAfterAMistake(t *testing.T) {
	g := nn.New("wrong")
	x := image(g).Conv(0, nn.K(3, 3))
	assert.Equal(t, []int{1, 1, 1}, []int{x.Channels(), x.Height(), x.Width()})
	assert.Equal(t, 1, x.Flatten().Features())
	assert.Nil(t, x.Tensor().Dims())
}

func TestSpecsAreValues(t *testing.T) {
	g := nn.New("values")
	k := nn.K(3, 3)
	_ = k.Stride(2, 2).Same().Groups(2).NoBias()
	x := image(g).Conv(4, k)
	assert.Equal(t, []int{4, 8, 10}, x.Tensor().Dims(), "the setters left k alone")
}
