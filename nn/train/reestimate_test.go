package train_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/train"
)

// normed is a net of two normalisations, with the momenta given, and a program that
// trains it on batches of rows drawn anew for each.
type normed struct {
	net     *nn.Net
	program *nn.Program
	x       []float32
	seen    []int // batches
}

const normedRows, normedInputs, normedUnits = 8, 3, 4

func newNormed(t testing.TB, first, second float64, options ...nn.Option) *normed {
	g := nn.New("normed")
	h := g.Vec("x", normedInputs).BatchNorm(nn.Momentum(first)).Dense(normedUnits).BatchNorm(nn.Momentum(second))
	net, err := g.Output("y", h.Dense(1)).Build()
	require.NoError(t, err)
	s := nn.New("step")
	step, err := s.Loss("mse", nn.MSE(net.Apply(s, s.Vec("x", normedInputs)).Vec("y"), s.Vec("y", 1))).Build()
	require.NoError(t, err)
	k := &normed{net: net}
	if options == nil {
		options = []nn.Option{nn.Train(net)}
	}
	k.program, err = nn.Compile(step, append(options, nn.Batch(normedRows))...)
	require.NoError(t, err)
	t.Cleanup(k.program.Close)
	k.x, err = k.program.Input("x")
	require.NoError(t, err)
	return k
}

// fill draws a batch: the features have different sizes, and drift from batch to batch.
func (k *normed) fill(batch int) {
	r := philox.NewStream(5, uint64(batch))
	for i := range k.x {
		scale := math.Pow(30, float64(i%normedInputs))
		k.x[i] = float32(scale * (r.Float64() + float64(batch)/3))
	}
}

func (k *normed) run(batch int) error {
	k.seen = append(k.seen, batch)
	k.fill(batch)
	return k.program.Run(uint64(batch))
}

func (k *normed) statistic(name string) []float32 {
	for _, p := range k.net.Params() {
		if p.Path == name {
			return p.Data
		}
	}
	panic(name)
}

// moments are mean and unbiased variance of columns.
func moments(rows [][]float64) (mean, variance []float64) {
	n := float64(len(rows))
	for c := range rows[0] {
		m, v := 0.0, 0.0
		for _, row := range rows {
			m += row[c] / n
		}
		for _, row := range rows {
			v += (row[c] - m) * (row[c] - m) / (n - 1)
		}
		mean, variance = append(mean, m), append(variance, v)
	}
	return mean, variance
}

// direct are the means over batches of what both normalisations see, in float64.
func (k *normed) direct(batches int) map[string][]float64 {
	sums := map[string][]float64{}
	add := func(name string, values []float64) {
		sums[name] = append(sums[name], make([]float64, len(values)-len(sums[name]))...)
		for i, v := range values {
			sums[name][i] += v / float64(batches)
		}
	}
	weights, bias := k.statistic("dense_1/weights"), k.statistic("dense_1/bias")
	for batch := range batches {
		k.fill(batch)
		var in, out [][]float64
		for r := range normedRows {
			var row []float64
			for _, v := range k.x[r*normedInputs : (r+1)*normedInputs] {
				row = append(row, float64(v))
			}
			in = append(in, row)
		}
		mean, variance := moments(in)
		add("batch_norm_1/running_mean", mean)
		add("batch_norm_1/running_var", variance)
		for _, row := range in {
			y := make([]float64, normedUnits)
			for u := range y {
				y[u] = float64(bias[u])
				for i, v := range row {
					biased := variance[i] * (normedRows - 1) / normedRows
					y[u] += float64(weights[u*normedInputs+i]) * (v - mean[i]) / math.Sqrt(biased+1e-5)
				}
			}
			out = append(out, y)
		}
		mean, variance = moments(out)
		add("batch_norm_2/running_mean", mean)
		add("batch_norm_2/running_var", variance)
	}
	return sums
}

// TestReestimateIsTheMeanOverBatches whatever the momenta and whatever was there.
func TestReestimateIsTheMeanOverBatches(t *testing.T) {
	for _, momenta := range [][2]float64{{0.9, 0.99}, {0, 0.5}, {0.9999, 1e-3}} {
		for _, batches := range []int{1, 7} {
			t.Run(fmt.Sprint(momenta, batches), func(t *testing.T) {
				k := newNormed(t, momenta[0], momenta[1])
				for i := range k.net.Statistics() {
					k.net.Statistics()[i] = float32(math.NaN())
				}
				require.NoError(t, train.Reestimate(k.net, batches, k.run))
				assert.Equal(t, append([]int{0}, []int{0, 1, 2, 3, 4, 5, 6}[:batches]...), k.seen)
				for name, want := range k.direct(batches) {
					got := k.statistic(name)
					require.Len(t, got, len(want), name)
					for i, w := range want {
						assert.InDelta(t, w, float64(got[i]), 2e-6*(1+math.Abs(w)), "%s %d", name, i)
					}
				}
			})
		}
	}
}

// TestReestimateOfAnAverage changes the statistics of the average, and nothing of the net.
func TestReestimateOfAnAverage(t *testing.T) {
	k := newNormed(t, 0.9, 0.9)
	average, err := optim.SWA{}.New(k.net)
	require.NoError(t, err)
	for step := range uint64(2) {
		k.net.Init(step)
		average.Update()
	}
	weights, statistics := slices.Clone(k.net.Weights()), slices.Clone(k.net.Statistics())
	var want map[string][]float64
	require.NoError(t, average.With(func() error {
		want = k.direct(4) // by the weights of the average
		return train.Reestimate(k.net, 4, k.run)
	}))
	assert.Equal(t, weights, k.net.Weights())
	assert.Equal(t, statistics, k.net.Statistics())
	require.NoError(t, average.With(func() error {
		for i, w := range want["batch_norm_2/running_var"] {
			assert.InDelta(t, w, float64(k.statistic("batch_norm_2/running_var")[i]), 2e-6*(1+w))
		}
		return nil
	}))
}

// TestReestimateRefuses what gives no statistics, and then leaves those that there were.
func TestReestimateRefuses(t *testing.T) {
	ok := func(k *normed) func(int) error { return k.run }
	tests := map[string]struct {
		net     func(t *testing.T) *normed
		batches int
		run     func(k *normed) func(int) error
		says    string
	}{
		"no batches": {func(t *testing.T) *normed { return newNormed(t, 0.9, 0.9) }, 0, ok, `statistics of net "normed": 0 batches`},
		"a program that trains nothing": {
			func(t *testing.T) *normed { return newNormed(t, 0.9, 0.9, nn.Seed(1)) },
			3, ok, `batch 0: element 0 of "batch_norm_1/running_mean": the run does not move it`,
		},
		"momentum of 1": {
			func(t *testing.T) *normed { return newNormed(t, 0.9, 1) },
			3, ok, `element 0 of "batch_norm_2/running_mean": the run does not move it`,
		},
		"an error of a run": {
			func(t *testing.T) *normed { return newNormed(t, 0.9, 0.9) }, 3,
			func(k *normed) func(int) error {
				return func(batch int) error {
					if batch == 2 {
						return errors.New("no more rows")
					}
					return k.run(batch)
				}
			},
			"batch 2: no more rows",
		},
		"rows that are not finite at once": {
			func(t *testing.T) *normed { return newNormed(t, 0.9, 0.9) }, 3,
			func(k *normed) func(int) error {
				return func(batch int) error {
					k.fill(batch)
					k.x[2] = float32(math.NaN())
					return k.program.Run(0)
				}
			},
			`batch 0: element 2 of "batch_norm_1/running_mean": the batch makes it NaN`,
		},
		"rows that are not finite": {
			func(t *testing.T) *normed { return newNormed(t, 0.9, 0.9) }, 3,
			func(k *normed) func(int) error {
				return func(batch int) error {
					k.fill(batch)
					if batch == 1 {
						k.x[1] = float32(math.Inf(1))
					}
					return k.program.Run(0)
				}
			},
			`batch 1: element 1 of "batch_norm_1/running_mean": the batch makes it NaN`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			k := tt.net(t)
			before := slices.Clone(k.net.Statistics())
			assert.ErrorContains(t, train.Reestimate(k.net, tt.batches, tt.run(k)), tt.says)
			assert.Equal(t, before, k.net.Statistics())
		})
	}
}

func TestReestimateOfANetWithoutStatisticsRunsNothing(t *testing.T) {
	g := nn.New("plain")
	net := g.Output("y", g.Vec("x", 2).Dense(1)).MustBuild()
	assert.NoError(t, train.Reestimate(net, 3, func(int) error { return errors.New("not called") }))
}
