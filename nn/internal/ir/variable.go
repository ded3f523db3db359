package ir

import "github.com/cascade-hpc/cascade/internal/philox"

// Role says what a variable is for.
type Role uint8

const (
	// Weight is trained by an optimiser.
	Weight Role = iota
	// Statistic is updated by the forward pass: running mean and variance.
	Statistic
)

// VariableSpec describes a parameter before it has memory.
type VariableSpec struct {
	Name          string // within the node: "weights", "bias"
	Shape         []int
	Role          Role
	Init          Initialiser
	FanIn, FanOut int // connections per unit, for initialisers that scale with them
}

// Initialiser draws the first values of a variable.
type Initialiser interface {
	// Fill writes the values. r is a stream of the variable's own.
	Fill(dst []float32, fanIn, fanOut int, r *philox.Stream)
}

// Variable is a parameter of a net. Build gives it memory within the net's flat
// buffers.
type Variable struct {
	VariableSpec
	Node   *Node     // whose parameter it is
	Data   []float32 // values
	Grad   []float32 // gradient of the loss; nil for a Statistic
	Offset int       // of Data in the flat buffer for its Role
}

// Path is the variable's name within its net: "res3a/conv_2/weights".
func (v *Variable) Path() string { return v.Node.Name + "/" + v.Name }

// Len is the number of elements.
func (v *Variable) Len() int { return Whole(v.Shape...).Elems() }
