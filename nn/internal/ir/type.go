package ir

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cascade-hpc/cascade/ops"
)

// Type is what is known of a tensor before it holds numbers.
type Type struct {
	Dims    []int      // of one sample when Batched: C, [D,] H, W or F; of the whole otherwise
	Batched bool       // there is a leading batch axis whose size the program decides
	Layout  ops.Layout // how the elements lie in memory
}

// Sample is the type of a plain tensor with a batch axis.
func Sample(dims ...int) Type { return Type{Dims: dims, Batched: true} }

// Whole is the type of a plain tensor without a batch axis: a parameter, a loss.
func Whole(dims ...int) Type { return Type{Dims: dims} }

// Shape is the full shape for a batch of n.
func (t Type) Shape(n int) []int {
	if !t.Batched {
		return t.Dims
	}
	return append([]int{n}, t.Dims...)
}

// Len is the number of float32 the tensor takes for a batch of n.
func (t Type) Len(n int) int { return t.Layout.Size(t.Shape(n)) }

// Elems is the number of elements of one sample, or of the whole when there is
// no batch.
func (t Type) Elems() int {
	n := 1
	for _, d := range t.Dims {
		n *= d
	}
	return n
}

// Blockable says that the tensor can lie in other layouts than the plain one: it has a
// batch, channels and positions. A sequence, steps x features, has not.
func (t Type) Blockable() bool { return t.Batched && len(t.Dims) > 2 }

// In is the type in another layout.
func (t Type) In(l ops.Layout) Type {
	t.Layout = l
	return t
}

// Same says that two types have the same dimensions and batch axis.
func (t Type) Same(u Type) bool { return t.Batched == u.Batched && slices.Equal(t.Dims, u.Dims) }

// String writes the dimensions as 8x7x7x8.
func (t Type) String() string { return Dims(t.Dims) }

// Dims writes sizes as 8x7x7x8.
func Dims(d []int) string {
	if len(d) == 0 {
		return "scalar"
	}
	parts := make([]string, len(d))
	for i, v := range d {
		parts[i] = fmt.Sprint(v)
	}
	return strings.Join(parts, "x")
}
