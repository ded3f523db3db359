package zoo_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

func generator(t testing.TB) *nn.Net {
	g := nn.New("generator")
	net, err := g.Output("shower", zoo.EnergyGenerator(g.Vec("z", zoo.EnergyLatent))).Build()
	require.NoError(t, err)
	return net
}

func discriminator(t testing.TB) *nn.Net {
	g := nn.New("discriminator")
	real, energy, sum := zoo.EnergyDiscriminator(conv3d.Input(g, "shower", 1, 25, 25, 25))
	net, err := g.Output("real", real).Output("energy", energy).Output("sum", sum).Build()
	require.NoError(t, err)
	return net
}

// TestEnergyGANIsThePublished compares shapes and parameters, layer by layer, with
// the published tables. The multiply-adds of those count taps in the padding too,
// except for layers without.
func TestEnergyGANIsThePublished(t *testing.T) {
	tests := []struct {
		net    *nn.Net
		total  int // parameters with running statistics
		layers []string
	}{
		{generator(t), 872_948, []string{
			"dense_1| Dense| 3136| 630,336| 627,200",
			"conv_1| Conv| 64x7x7x8| 147,520|",
			"upsample_1| Upsample| 64x14x14x16|",
			"conv_2| Conv| 6x13x14x9| 92,166|",
			"upsample_2| Upsample| 6x26x28x27|",
			"conv_3| Conv| 6x26x26x26| 2,598|",
			"conv_4| Conv| 1x25x25x25| 48| 750,000",
		}},
		{discriminator(t), 73_450, []string{
			"conv_1| Conv| 32x25x25x25| 4,032|",
			"conv_2| Conv| 8x25x25x25| 32,008| 500,000,000",
			"conv_3| Conv| 8x25x25x25| 8,008| 125,000,000",
			"conv_4| Conv| 8x23x23x23| 8,008| 97,336,000",
			"avg_pool_1| AvgPool| 8x11x11x11|",
			"generation| Dense| 1| 10,649|",
			"auxiliary| Dense| 1| 10,649|",
		}},
	}
	for _, test := range tests {
		t.Run(test.net.Name(), func(t *testing.T) {
			total := test.net.Size()
			for _, p := range test.net.Params() {
				if p.Grad == nil {
					total += len(p.Data)
				}
			}
			assert.Equal(t, test.total, total)
			var b strings.Builder
			require.NoError(t, test.net.Summary(&b))
			table := strings.Join(strings.Fields(b.String()), " ")
			for _, row := range test.layers {
				assert.Contains(t, table, row)
			}
		})
	}
}

func ExampleEnergyGenerator() {
	g := nn.New("generator")
	shower := zoo.EnergyGenerator(g.Vec("z", zoo.EnergyLatent))
	net, err := g.Output("shower", shower).Build()
	fmt.Println(shower.Tensor().Dims(), net.Size(), err)
	// Output: [1 25 25 25] 872808 <nil>
}

// BenchmarkEnergyGAN is one step of either network, forward and backward.
func BenchmarkEnergyGAN(b *testing.B) {
	gen, disc := generator(b), discriminator(b)
	d := nn.New("discriminator step")
	out := disc.Apply(d, conv3d.Input(d, "shower", 1, 25, 25, 25))
	dStep := d.Loss("real", nn.BCE(out.Vec("real"), d.Vec("label", 1))).MustBuild()
	g := nn.New("generator step")
	out = disc.Frozen().Apply(g, gen.Apply(g, g.Vec("z", zoo.EnergyLatent)).Get("shower"))
	gStep := g.Loss("real", nn.BCE(out.Vec("real"), g.Vec("label", 1))).MustBuild()
	for _, bench := range []struct{ step, trained *nn.Net }{{dStep, disc}, {gStep, gen}} {
		for _, batch := range []int{16, 64} {
			b.Run(fmt.Sprintf("%s/%d", bench.trained.Name(), batch), func(b *testing.B) {
				p, err := nn.Compile(bench.step, nn.Train(bench.trained), nn.Batch(batch))
				require.NoError(b, err)
				defer p.Close()
				benchmarkRuns(b, p, "showers/s")
			})
		}
	}
}

// benchmarkRuns runs a program and reports its rates. The first run, which touches
// memory for the first time, is not one of them.
func benchmarkRuns(b *testing.B, p *nn.Program, unit string) {
	b.Helper()
	_ = p.Run(0)
	step := uint64(1)
	for b.Loop() {
		_ = p.Run(step)
		step++
	}
	seconds := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(float64(p.FLOPs())/seconds/1e9, "GFLOP/s")
	b.ReportMetric(float64(p.Batch())/seconds, unit)
}
