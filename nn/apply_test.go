package nn_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

// twoHeads is a net with two outputs.
func twoHeads(t *testing.T) *nn.Net {
	g := nn.New("heads")
	h := g.Vec("x", 4).Dense(3).Tanh()
	n, err := g.Output("a", h.Dense(1)).Output("b", h.Dense(2)).Build()
	require.NoError(t, err)
	return n
}

func TestApplyMistakes(t *testing.T) {
	losses := nn.New("losses")
	losses.Loss("l", nn.MSE(losses.Vec("x", 2), losses.Vec("t", 2)))
	lossNet, err := losses.Build()
	require.NoError(t, err)
	tests := []struct {
		name    string
		declare func(g *nn.Graph, n *nn.Net)
		says    string
	}{
		{"too many inputs", func(g *nn.Graph, n *nn.Net) { use(g, n.Apply(g, g.Vec("x", 4), g.Vec("y", 4)).Vec("a")) }, `net "heads" has 1 inputs ["x"] and is applied to 2`},
		{"input of another size", func(g *nn.Graph, n *nn.Net) { use(g, n.Apply(g, g.Vec("x", 5)).Vec("a")) }, `input "x" of net "heads" is 4 and is applied to 5`},
		{"unknown output", func(g *nn.Graph, n *nn.Net) { use(g, n.Apply(g, g.Vec("x", 4)).Vec("c")) }, `net "heads" has no output "c": ["a" "b"] are there`},
		{"output of another rank", func(g *nn.Graph, n *nn.Net) { use(g, n.Apply(g, g.Vec("x", 4)).Map("a")) }, `a tensor of 1 dimensions cannot be one of 3`},
		{"handle of another graph", func(g *nn.Graph, n *nn.Net) { use(g, n.Apply(g, nn.New("other").Vec("x", 4)).Vec("a")) }, `"x" belongs to graph "other"`},
		{"zero handle", func(g *nn.Graph, n *nn.Net) { use(g, n.Apply(g, nn.Vec{}).Vec("a")) }, `"x" is a zero handle`},
		{"net without outputs", func(g *nn.Graph, _ *nn.Net) { use(g, lossNet.Apply(g, g.Vec("x", 2), g.Vec("t", 2)).Vec("l")) }, `net "losses" has no outputs`},
		{"frozen, input of another size", func(g *nn.Graph, n *nn.Net) { use(g, n.Frozen().Apply(g, g.Vec("x", 5)).Vec("a")) }, `is applied to 5`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := nn.New("outer")
			test.declare(g, twoHeads(t))
			_, err := g.Build()
			assert.ErrorContains(t, err, test.says)
		})
	}
}

// TestZeroOutputs: the outputs of no net are no reason to panic.
func TestZeroOutputs(t *testing.T) {
	assert.Nil(t, nn.Outputs{}.Vec("a").Tensor().Dims())
}

// TestApplySharesParameters: a net computes the same inside another graph.
func TestApplySharesParameters(t *testing.T) {
	inner := twoHeads(t)
	g := nn.New("outer")
	out := inner.Apply(g, g.Vec("z", 4).Scale(2))
	outer, err := g.Output("sum", out.Vec("a").Add(out.Vec("b").Sum())).Build()
	require.NoError(t, err)
	assert.Empty(t, outer.Params(), "the parameters belong to the inner net")

	inner.Init(7)
	p, q := compile(t, inner, nn.Batch(2)), compile(t, outer, nn.Batch(2))
	z := []float32{1, -2, 3, 0.5, -1, 0, 0.25, 2}
	for i, v := range z {
		input(t, p, "x")[i] = 2 * v
	}
	copy(input(t, q, "z"), z)
	require.NoError(t, p.Run(0))
	require.NoError(t, q.Run(0))
	a, b, sum := output(t, p, "a"), output(t, p, "b"), output(t, q, "sum")
	for i := range sum {
		assert.InDelta(t, a[i]+b[2*i]+b[2*i+1], sum[i], 1e-6)
	}
}

func compile(t testing.TB, n *nn.Net, options ...nn.Option) *nn.Program {
	p, err := nn.Compile(n, options...)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

func input(t testing.TB, p *nn.Program, name string) []float32 {
	x, err := p.Input(name)
	require.NoError(t, err)
	return x
}

func output(t testing.TB, p *nn.Program, name string) []float32 {
	x, err := p.Output(name)
	require.NoError(t, err)
	return x
}
