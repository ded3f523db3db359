package ir

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/cascade-hpc/cascade/ops"
)

// named is an operation of any kind.
type named string

func (n named) Kind() string                           { return string(n) }
func (n named) Infer(in []Type) ([]Type, error)        { return in[:1:1], nil }
func (n named) Lower(*Lowering) (ops.Primitive, error) { return ops.NewCopy(1) }

func TestSnake(t *testing.T) {
	for kind, want := range map[string]string{
		"Conv": "conv", "BatchNorm": "batch_norm", "LeakyReLU": "leaky_relu", "ELU": "elu",
		"SiLU": "silu", "SoftmaxCE": "softmax_ce", "MSE": "mse", "ReLU": "relu", "": "",
	} {
		assert.Equal(t, want, snake(kind))
	}
}

// TestAssignNames: numbers count within a block, and a node that is inserted in one
// block does not rename those of another.
func TestAssignNames(t *testing.T) {
	g := &Graph{Name: "g"}
	x := g.Leaf(Leaf{Type: Sample(1), Input: "x"})
	a := g.Emit(named("Conv"), x)
	leave := g.Enter("res")
	b := g.Emit(named("Conv"), a)
	c := g.Emit(named("Conv"), b)
	c.Node.Pin("last")
	leave()
	d := g.Emit(named("Conv"), c)
	g.AssignNames()
	var names []string
	for _, v := range []Value{a, b, c, d} {
		names = append(names, v.Node.Name)
	}
	assert.Equal(t, []string{"conv_1", "res/conv_1", "res/last", "conv_2"}, names)
	assert.Empty(t, g.Errors)
}

func TestTypes(t *testing.T) {
	s := Sample(8, 7, 7)
	assert.Equal(t, "8x7x7", s.String())
	assert.Equal(t, "scalar", Whole().String())
	assert.Equal(t, []int{4, 8, 7, 7}, s.Shape(4))
	assert.Equal(t, 4*8*49, s.Len(4))
	assert.Equal(t, 8*49, s.Elems())
	assert.False(t, s.Same(Whole(8, 7, 7)))
	s.Layout = ops.NCX16c
	assert.Equal(t, 4*16*49, s.Len(4))
}
