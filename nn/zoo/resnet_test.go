package zoo_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

// cifar is a small residual network of 6n + 2 layers.
func cifar(t *testing.T, n int, zero zoo.ZeroInit) *nn.Net {
	g := nn.New("resnet")
	return built(t, g.Output("logits", zoo.CIFARResNet(g.Map("image", 3, 16, 16), n, 10, zoo.CIFAROptions{ZeroInit: zero, Project: true})))
}

// asIdentity lists the gammas of a net that begin as 0; all others must be 1.
func asIdentity(t *testing.T, net *nn.Net) (names []string) {
	for _, p := range net.Params() {
		switch {
		case !strings.HasSuffix(p.Path, "/gamma"):
		case p.Data[0] == 0:
			names = append(names, p.Path)
			assert.Equal(t, make([]float32, len(p.Data)), p.Data, p.Path)
		default:
			assert.Equal(t, slices.Repeat([]float32{1}, len(p.Data)), p.Data, p.Path)
		}
	}
	return names
}

// TestBlocksBeginAsTheIdentity: which gammas begin as 0.
func TestBlocksBeginAsTheIdentity(t *testing.T) {
	assert.Empty(t, asIdentity(t, cifar(t, 2, zoo.ZeroInNone)))
	assert.Equal(t, []string{
		"res2a/batch_norm_2/gamma", "res2b/batch_norm_2/gamma", "res3a/batch_norm_2/gamma",
		"res3b/batch_norm_2/gamma", "res4a/batch_norm_2/gamma", "res4b/batch_norm_2/gamma",
	}, asIdentity(t, cifar(t, 2, zoo.ZeroInAll)))
	assert.Equal(t, []string{"res2b/batch_norm_2/gamma", "res3b/batch_norm_2/gamma", "res4b/batch_norm_2/gamma"},
		asIdentity(t, cifar(t, 2, zoo.ZeroInLast)))

	g := nn.New("resnet")
	deep := built(t, g.Output("logits", zoo.ResNet50(g.Map("image", 3, 32, 32), 10, zoo.ResNetOptions{ZeroInit: zoo.ZeroInLast})))
	assert.Equal(t, []string{
		"res2c/batch_norm_3/gamma", "res3d/batch_norm_3/gamma", "res4f/batch_norm_3/gamma", "res5c/batch_norm_3/gamma",
	}, asIdentity(t, deep))
}

// TestIdentityBlocksChangeNothing: a network whose blocks but the first of each stage begin
// as the identity computes what one without them does, to the bit. Parameters of the same
// name begin alike.
func TestIdentityBlocksChangeNothing(t *testing.T) {
	logits := func(n int, zero zoo.ZeroInit) []float32 {
		p := compiled(t, cifar(t, n, zero), nn.Batch(2))
		noise(t, p, "image")
		require.NoError(t, p.Run(0))
		return output(t, p, "logits")
	}
	assert.Equal(t, logits(1, zoo.ZeroInAll), logits(3, zoo.ZeroInAll))
	assert.Equal(t, logits(1, zoo.ZeroInNone), logits(2, zoo.ZeroInLast))
	assert.NotEqual(t, logits(1, zoo.ZeroInNone), logits(2, zoo.ZeroInNone))
	assert.NotEqual(t, logits(1, zoo.ZeroInNone), logits(1, zoo.ZeroInAll))
}

func TestNamesOfResidualNetworks(t *testing.T) {
	deep := declared(t, func(g *nn.Graph) nn.Vec { return zoo.ResNet152(photo(g), 1000, zoo.ResNetOptions{}) })
	for _, name := range []string{
		"conv_1", "batch_norm_1", "res2a/shortcut/conv_1", "res2a/conv_1", "res2c/batch_norm_3", "res3h/conv_3",
		"res4a/conv_1", "res4b1/conv_1", "res4b35/batch_norm_3", "res5c/relu_3", "logits",
	} {
		assert.Contains(t, deep, " "+name+"| ")
	}
}

// TestTheStemOfCaffe: the image has a rest that padding would reach and rounding up does not.
func TestTheStemOfCaffe(t *testing.T) {
	for caffe, rows := range map[bool][]string{
		false: {" conv_1| Conv| 64x33x33| 9,408|", " max_pool_1| MaxPool| 64x17x17|"},
		true:  {" conv_1| Conv| 64x33x33| 9,472|", " max_pool_1| MaxPool| 64x16x16|"},
	} {
		summary := declared(t, func(g *nn.Graph) nn.Vec {
			return zoo.ResNet50(g.Map("image", 3, 65, 65), 1000, zoo.ResNetOptions{CaffeStem: caffe})
		})
		for _, row := range rows {
			assert.Contains(t, summary, row)
		}
	}
}

// declared is the summary of a declaration, with single spaces.
func declared(t *testing.T, declare func(g *nn.Graph) nn.Vec) string {
	g := nn.New("net")
	var b strings.Builder
	require.NoError(t, g.Output("logits", declare(g)).Summary(&b))
	return strings.Join(strings.Fields(b.String()), " ")
}

// BenchmarkResNet50 is a training step, without the optimiser, and an inference of
// images of 224 x 224 at batch 16.
func BenchmarkResNet50(b *testing.B) {
	const batch = 16
	d := nn.New("resnet50")
	net := d.Output("logits", zoo.ResNet50(photo(d), 1000, zoo.ResNetOptions{})).MustBuild()
	g := nn.New("step")
	logits := net.Apply(g, photo(g)).Vec("logits")
	step := g.Loss("entropy", nn.SoftmaxCE(logits, g.Vec("label", 1))).MustBuild()
	for _, bench := range []struct {
		name    string
		net     *nn.Net
		options []nn.Option
	}{
		{"train", step, []nn.Option{nn.Train(net)}},
		{"infer", net, nil},
	} {
		b.Run(bench.name, func(b *testing.B) {
			p, err := nn.Compile(bench.net, append(bench.options, nn.Batch(batch))...)
			require.NoError(b, err)
			defer p.Close()
			benchmarkRuns(b, p, "images/s")
		})
	}
}
