package ir

import (
	"errors"

	"github.com/cascade-hpc/cascade/ops"
)

// Leaf is the operation of nodes that compute nothing: an input, a variable or a
// constant, by which of the fields is set.
type Leaf struct {
	Type     Type
	Input    string    // name, for what the user feeds
	Variable *Variable // for a parameter
	Const    []float32 // values, for a constant
}

// Kind is the kind of leaf.
func (l Leaf) Kind() string {
	switch {
	case l.Variable != nil:
		return "Variable"
	case l.Const != nil:
		return "Constant"
	}
	return "Input"
}

// Infer gives the leaf's type.
func (l Leaf) Infer([]Type) ([]Type, error) { return []Type{l.Type}, nil }

// Lower is never called: the program binds leaves to memory.
func (l Leaf) Lower(*Lowering) (ops.Primitive, error) {
	return nil, errors.New("ir: a leaf has no primitive")
}

// IsLeaf says that the node computes nothing.
func (n *Node) IsLeaf() bool { _, ok := n.Op.(Leaf); return ok }

// Leaf is the leaf that the value stands for; ok is false for the result of an
// operation.
func (v Value) Leaf() (l Leaf, ok bool) {
	if v.Node == nil {
		return Leaf{}, false
	}
	l, ok = v.Node.Op.(Leaf)
	return l, ok
}
