package nn_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/ops"
)

// A bound input gives what a copy gives: through a first layer that wants another
// layout, through a view of another shape and where the input is itself an output.
func TestBindIsACopySaved(t *testing.T) {
	g := nn.New("net")
	x := g.Map("x", 3, 6, 5)
	n, err := g.
		Output("wide", x.Conv(32, nn.K(3, 3).Same()).ReLU().GlobalAvgPool()).
		Output("flat", x.Flatten().Dense(4)).
		Output("same", x).Build()
	require.NoError(t, err)
	n.Init(1)
	p, err := nn.Compile(n, nn.Batch(4))
	require.NoError(t, err)
	defer p.Close()

	own := input(t, p, "x")
	batches := [][]float32{ops.Alloc(len(own)), ops.Alloc(len(own))}
	for k, b := range batches {
		for i := range b {
			b[i] = float32((7*i+3*k)%11) - 5
		}
	}
	results := func() (all []float32) {
		require.NoError(t, p.Run(0))
		for _, name := range []string{"wide", "flat", "same"} {
			out, err := p.Output(name)
			require.NoError(t, err)
			all = append(all, out...)
		}
		return all
	}
	var want [][]float32
	for _, b := range batches {
		copy(own, b)
		want = append(want, results())
	}
	for _, k := range []int{0, 1, 0} {
		require.NoError(t, p.Bind("x", batches[k]))
		assert.Equal(t, want[k], results())
		assert.Same(t, &batches[k][0], &input(t, p, "x")[0])
	}
	require.NoError(t, p.Bind("x", own))
	assert.Equal(t, want[1], results(), "the program's own memory again")
	assert.Zero(t, testing.AllocsPerRun(10, func() { _ = p.Bind("x", batches[0]) }))
}

func TestBindDoesNotAllocateForAnyInput(t *testing.T) {
	g := nn.New("net")
	n, err := g.Output("y", g.Vec("a", 8).Add(g.Vec("b", 8)).Add(g.Vec("c", 8))).Build()
	require.NoError(t, err)
	p, err := nn.Compile(n)
	require.NoError(t, err)
	defer p.Close()
	memory := ops.Alloc(8)
	for _, name := range []string{"a", "b", "c"} {
		assert.Zero(t, testing.AllocsPerRun(10, func() { _ = p.Bind(name, memory) }), name)
	}
}

func TestBindRefuses(t *testing.T) {
	g := nn.New("net")
	n, err := g.Output("y", g.Vec("x", 8).Dense(2)).Build()
	require.NoError(t, err)
	n.Init(1)
	p, err := nn.Compile(n, nn.Batch(4))
	require.NoError(t, err)
	long := ops.Alloc(33)
	for _, tc := range []struct {
		name, input string
		data        []float32
		says        string
	}{
		{"no such input", "z", long[:32], `no input "z": ["x"] are there`},
		{"too long", "x", long, `Bind "x": shape error: 33 elements for an input [4 8] of 32`},
		{"too short", "x", long[:31], "31 elements"},
		{"nothing", "x", nil, "0 elements"},
		{"between cache lines", "x", long[1:], "starts 4 bytes after a multiple of 64"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := slices.Clone(input(t, p, "x"))
			assert.ErrorContains(t, p.Bind(tc.input, tc.data), tc.says)
			assert.Equal(t, before, input(t, p, "x"))
		})
	}
	p.Close()
	assert.ErrorIs(t, p.Bind("x", long[:32]), nn.ErrClosed)
}
