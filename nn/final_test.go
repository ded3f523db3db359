package nn_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

// TestFinalGradients looks at every gradient as soon as it is said to be final: it is
// what it is at the end of the run. All parameters are told of once.
func TestFinalGradients(t *testing.T) {
	d := twoHeads(t)
	g := nn.New("step")
	for _, name := range []string{"1", "2"} { // applied twice: gradients are sums; dense_3 belongs to no loss
		g.Loss("l"+name, nn.MSE(d.Apply(g, g.Vec("x"+name, 4)).Vec("a"), g.Vec("t"+name, 1)))
	}
	twice, err := g.Build()
	require.NoError(t, err)

	for _, test := range []struct {
		name       string
		net, train *nn.Net
	}{{"applied twice", twice, d}, {"images", build(t, "images", images), nil}, {"volumes", build(t, "volumes", volumes), nil}} {
		t.Run(test.name, func(t *testing.T) {
			trained, step := test.train, test.net
			if trained == nil {
				trained = test.net
				step = lossOn(t, trained)
			}
			p := compile(t, step, nn.Train(trained), nn.Batch(2))
			finals := p.FinalGradients(trained)
			var after []int
			covered := make([]bool, len(trained.Gradients()))
			for _, f := range finals {
				after = append(after, f.After)
				for i := f.Begin; i < f.End; i++ {
					assert.False(t, covered[i], "%s: told of twice", f.Path)
					covered[i] = true
				}
			}
			for _, param := range trained.Params() {
				if param.Grad != nil {
					assert.True(t, covered[param.Offset] && covered[param.Offset+len(param.Grad)-1], param.Path)
				}
			}
			assert.Less(t, after[0], after[len(after)-1], "gradients become final one after the other")

			statistics := p.FinalStatistics(trained)
			if n := len(trained.Statistics()); n > 0 {
				require.NotEmpty(t, statistics)
				assert.Less(t, statistics[len(statistics)-1].After, after[len(after)-1], "those of the forward pass")
				sum := 0
				for _, f := range statistics {
					sum += f.End - f.Begin
				}
				assert.LessOrEqual(t, sum, n)
				assert.Equal(t, 2, len(statistics), "a mean and a variance")
			}

			seen := make([][]float32, len(finals))
			require.NoError(t, p.Notify(after, func(k int) {
				f := finals[k]
				seen[k] = append([]float32(nil), trained.Gradients()[f.Begin:f.End]...)
			}))
			for i := range trained.Gradients() {
				if covered[i] {
					trained.Gradients()[i] = float32(math.NaN())
				}
			}
			for run := range uint64(2) {
				clear(seen)
				require.NoError(t, p.Run(run))
				for k, f := range finals {
					assert.Equal(t, trained.Gradients()[f.Begin:f.End], seen[k], f.Path)
				}
			}
			require.NoError(t, p.Notify(nil, nil))
			require.NoError(t, p.Run(2))
		})
	}
}

// TestStatisticsOfANetThatIsAppliedTwice are told of once.
func TestStatisticsOfANetThatIsAppliedTwice(t *testing.T) {
	g := nn.New("net")
	net, err := g.Output("y", g.Vec("x", 4).Dense(16).BatchNorm().Dense(16).BatchNorm().Dense(1)).Build()
	require.NoError(t, err)
	s := nn.New("step")
	for _, name := range []string{"1", "2"} {
		s.Loss("l"+name, nn.MSE(net.Apply(s, s.Vec("x"+name, 4)).Vec("y"), s.Vec("t"+name, 1)))
	}
	step, err := s.Build()
	require.NoError(t, err)
	assert.Len(t, compile(t, step, nn.Train(net), nn.Batch(3)).FinalStatistics(net), 4, "two means and two variances")
}

func TestNotifyRefuses(t *testing.T) {
	d := twoHeads(t)
	g := nn.New("step")
	step, err := g.Loss("l", nn.MSE(d.Apply(g, g.Vec("x", 4)).Vec("a"), g.Vec("t", 1))).Build()
	require.NoError(t, err)
	p := compile(t, step, nn.Train(d))
	assert.Empty(t, p.FinalGradients(twoHeads(t)), "a net that the program does not train")
	for _, after := range [][]int{{3, 2}, {-2}, {100000}} {
		assert.ErrorContains(t, p.Notify(after, func(int) {}), "are not numbers of its")
	}
	p.Close()
	assert.ErrorIs(t, p.Notify(nil, nil), nn.ErrClosed)
}
