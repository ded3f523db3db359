package nn_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

// TestAroundRunsIsCalledForEachNetThatARunTrains, once each, with what runs have left.
func TestAroundRunsIsCalledForEachNetThatARunTrains(t *testing.T) {
	var nets [2]*nn.Net
	for i, name := range []string{"first", "second"} {
		g := nn.New(name)
		nets[i] = g.Output("y", g.Vec("x", 2).Dense(2)).MustBuild()
	}
	s := nn.New("step")
	y := nets[1].Apply(s, nets[0].Apply(s, s.Vec("x", 2)).Get("y")).Vec("y")
	step := s.Loss("l", nn.MSE(y, s.Vec("t", 2))).MustBuild()
	both := compile(t, step, nn.Train(nets[0], nets[1], nets[0]))
	second := compile(t, step, nn.Train(nets[1]))
	inference := compile(t, step)

	var called []string
	var stop [2]func()
	for i, n := range nets {
		gradient := float32(0)
		stop[i] = n.AroundRuns(func(p *nn.Program) {
			assert.Equal(t, gradient, n.Gradients()[16], "that of the run before")
			called = append(called, n.Name())
		}, func(p *nn.Program) {
			loss, err := p.Output("loss")
			require.NoError(t, err)
			assert.Positive(t, loss[0])
			called = append(called, n.Name()+" by "+p.Name())
			gradient = n.Gradients()[16]
			assert.NotZero(t, gradient)
		})
	}
	for _, p := range []*nn.Program{both, second, inference} {
		x, err := p.Input("x")
		require.NoError(t, err)
		x[0], x[1] = 1, 2
		require.NoError(t, p.Run(0))
		called = append(called, ".")
	}
	assert.Equal(t, []string{"first", "second", "first by step", "second by step", ".", "second", "second by step", ".", "."}, called)

	called = nil
	nets[0].AroundRuns(func(*nn.Program) {}, func(*nn.Program) { called = append(called, "another") })
	stop[0]()
	stop[1]()
	stop[1]()
	require.NoError(t, both.Run(1))
	assert.Equal(t, []string{"another"}, called)
}
