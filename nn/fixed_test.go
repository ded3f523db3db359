package nn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn"
)

// TestFixed: the results have the bits of a program whose parameters may change, and
// what depends on parameters alone is no step.
func TestFixed(t *testing.T) {
	t.Setenv("CASCADE_LAYOUT", "NCX16c")
	for _, test := range []struct {
		name string
		net  func(x nn.Map) nn.Map
		says []string
	}{
		{
			"channels in lanes",
			func(x nn.Map) nn.Map {
				return x.Conv(32, nn.K(3, 3).Same().NoBias()).BatchNorm().Conv(32, nn.K(3, 3).Same()).BatchNorm().Add(x.Conv(32, nn.K(1, 1))).ReLU()
			},
			[]string{"FoldedBatchNorm", "weights of 3 operations"},
		},
		{
			"a deconvolution",
			func(x nn.Map) nn.Map {
				return x.Conv(32, nn.K(3, 3)).Deconv(32, nn.DeconvK(4, 4).Stride(2, 2)).BatchNorm()
			},
			[]string{"FoldedBatchNorm", "weights of 2 operations"},
		},
		{
			"up-sampling",
			func(x nn.Map) nn.Map { return x.Upsample(2, 2).Conv(3, nn.K(3, 3)).BatchNorm() },
			[]string{"FoldedWeights", "FoldedBatchNorm"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := nn.New("net")
			net, err := g.Output("y", test.net(g.Map("x", 32, 15, 14))).Build()
			require.NoError(t, err)
			r := philox.NewStream(1, 2)
			for i := range net.Weights() {
				net.Weights()[i] = r.Float32() - 0.5
			}
			run := func(options ...nn.Option) (y []float32, explained string) {
				p := compile(t, net, append(options, nn.Batch(33))...)
				r := philox.NewStream(3, 4)
				for i, x := 0, input(t, p, "x"); i < len(x); i++ {
					x[i] = r.Float32() - 0.5
				}
				require.NoError(t, p.Run(0))
				require.NoError(t, p.Run(1))
				var b strings.Builder
				require.NoError(t, p.Explain(&b))
				return output(t, p, "y"), b.String()
			}
			want, free := run()
			got, explained := run(nn.Fixed())
			assert.Equal(t, want, got)
			for _, s := range test.says {
				assert.Contains(t, explained, s)
			}
			assert.Contains(t, free, "  fold_batch_normalization")
			assert.NotContains(t, explained, "  fold_")
		})
	}
}

// TestFixedFoldsAllBatchNorms: no weights are too many where they are made once.
func TestFixedFoldsAllBatchNorms(t *testing.T) {
	g := nn.New("net")
	net, err := g.Output("y", g.Vec("x", 70).Dense(3).BatchNorm()).Build()
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, compile(t, net, nn.Fixed()).Explain(&b))
	assert.NotContains(t, b.String(), "batch_normalization")
}

func TestFixedParametersDoNotTrain(t *testing.T) {
	g := nn.New("net")
	net, err := g.Loss("l", nn.MSE(g.Vec("x", 3).Dense(1), g.Vec("t", 1))).Build()
	require.NoError(t, err)
	_, err = nn.Compile(net, nn.Train(net), nn.Fixed())
	require.ErrorIs(t, err, nn.ErrUnsupported)
	assert.ErrorContains(t, err, "a program that trains has no Fixed parameters")
}

// A net that is trained no more is compiled with Fixed: batch normalisation becomes part
// of the weights once, instead of in every run.
func ExampleFixed() {
	g := nn.New("tagger")
	net, err := g.Output("jet", g.Map("image", 1, 16, 16).
		Conv(8, nn.K(3, 3).NoBias()).BatchNorm().ReLU().GlobalAvgPool().Dense(2)).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	net.Init(1) // or net.Load("tagger.safetensors")
	program, err := nn.Compile(net, nn.Fixed())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer program.Close()
	if err := program.Run(0); err != nil {
		fmt.Println(err)
		return
	}
	jet, _ := program.Output("jet")
	fmt.Println(len(jet))
	// Output: 2
}
