package zoo_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

func resNet50(t testing.TB) *nn.Net {
	g := nn.New("resnet50")
	net, err := g.Output("logits", zoo.ResNet50(g.Map("image", 3, 224, 224), 1000)).Build()
	require.NoError(t, err)
	return net
}

func TestResNet50IsThePublished(t *testing.T) {
	net := resNet50(t)
	assert.Equal(t, 25_557_032, net.Size())
	var b strings.Builder
	require.NoError(t, net.Summary(&b))
	assert.Contains(t, b.String(), "3,948,251,904 multiply-adds a sample")
}

// BenchmarkResNet50 is a training step, without the optimiser, and an inference of
// images of 224 x 224 at batch 16.
func BenchmarkResNet50(b *testing.B) {
	const batch = 16
	net := resNet50(b)
	g := nn.New("step")
	logits := net.Apply(g, g.Map("image", 3, 224, 224)).Vec("logits")
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
