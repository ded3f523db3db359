package compile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// blocked is the identity on tensors in a layout of its choice.
type blocked struct{ layout ops.Layout }

func (blocked) Kind() string                          { return "Blocked" }
func (blocked) Infer(in []ir.Type) ([]ir.Type, error) { return in[:1:1], nil }
func (b blocked) Layouts([]ir.Type, []ir.Type) []ir.Arrangement {
	return []ir.Arrangement{{In: []ops.Layout{b.layout}, Out: []ops.Layout{b.layout}}}
}

func (blocked) Lower(l *ir.Lowering) (ops.Primitive, error) { return ops.NewCopy(l.OutLen(0)) }

// TestLayouts puts operations of different layouts behind each other: what comes out
// is what went in, and a tensor that two want in the same layout is reordered once.
func TestLayouts(t *testing.T) {
	g := &ir.Graph{Name: "layouts"}
	x := g.Leaf(ir.Leaf{Type: ir.Sample(5, 3, 2), Input: "x"})
	a := g.Emit(blocked{ops.NCX16c}, x)
	b := g.Emit(blocked{ops.NCX16c}, a)
	c := g.Emit(blocked{ops.NCX16n}, b)
	d := g.Emit(blocked{ops.NCX16c}, x)
	src := Source{Graph: g, Inputs: []Port{{"x", x}}, Outputs: []Port{{"c", c}, {"d", d}}}
	pool := ops.NewPool(1)
	defer pool.Close()
	p, err := Compile(src, Options{Batch: 16, Pool: pool})
	require.NoError(t, err)

	in, err := p.Input("x")
	require.NoError(t, err)
	assert.Equal(t, []int{16, 5, 3, 2}, in.Shape)
	for i := range in.Data {
		in.Data[i] = float32(i + 1)
	}
	require.NoError(t, p.Run(0))
	for _, name := range []string{"c", "d"} {
		out, err := p.Output(name)
		require.NoError(t, err)
		assert.Equal(t, in.Data, out.Data, name)
	}
	// x to 16c, a and d share it; b to 16n; c and d to plain.
	assert.Contains(t, p.notes, note{"layout", "4 reorders, which move 0.0 MB"})
}
