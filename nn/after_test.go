package nn_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

// TestAfterRunIsCalledForEachNetThatARunTrains, once each, with what the run has left.
func TestAfterRunIsCalledForEachNetThatARunTrains(t *testing.T) {
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
		stop[i] = n.AfterRun(func(p *nn.Program) {
			loss, err := p.Output("loss")
			require.NoError(t, err)
			assert.Positive(t, loss[0])
			called = append(called, n.Name()+" by "+p.Name())
			assert.NotZero(t, nets[i].Gradients()[16])
		})
	}
	for _, p := range []*nn.Program{both, second, inference} {
		x, err := p.Input("x")
		require.NoError(t, err)
		x[0], x[1] = 1, 2
		require.NoError(t, p.Run(0))
		called = append(called, ".")
	}
	assert.Equal(t, []string{"first by step", "second by step", ".", "second by step", ".", "."}, called)

	called = nil
	nets[1].AfterRun(func(*nn.Program) { called = append(called, "another") })
	stop[0]()
	require.NoError(t, both.Run(1))
	assert.Equal(t, []string{"second by step", "another"}, called)
	stop[0]()
	stop[1]()
	require.NoError(t, both.Run(2))
	assert.Equal(t, []string{"second by step", "another", "another"}, called)
}
