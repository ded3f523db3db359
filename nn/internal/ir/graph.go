package ir

import (
	"errors"
	"fmt"
)

// Sentinels that errors of a graph wrap.
var (
	ErrShape        = errors.New("shape error")
	ErrUnsupported  = errors.New("unsupported")
	ErrForeignGraph = errors.New("handle of another graph")
)

// Node is one operation of a graph.
type Node struct {
	ID     int
	Op     Op
	In     []Value
	Out    []Type // nil when the node is poisoned: a mistake above it is already on the list
	Graph  *Graph
	Scope  string // names of the blocks around it, each followed by a slash
	Name   string // path within the net; set by AssignNames unless Pinned
	Pinned bool   // the user chose the name
	Copied bool   // came, with its name, from a net that was applied
	Frozen bool   // came from a net applied with Frozen
	// Backward says that the compiler made it to compute a gradient.
	Backward bool
	Site     Site // where the user's program made it
}

// Value is one output of a node: what handles stand for.
type Value struct {
	Node  *Node
	Index int
}

// Type is the value's type; the zero Type when it is poisoned or zero.
func (v Value) Type() Type {
	if !v.OK() {
		return Type{}
	}
	return v.Node.Out[v.Index]
}

// OK says that the value exists and has a type.
func (v Value) OK() bool { return v.Node != nil && v.Node.Out != nil }

// Effect is a value that a program stores in memory that outlives the run: in a
// variable (the next value of a statistic) or in its gradient.
type Effect struct {
	Value    Value
	Variable *Variable
	Gradient bool
}

// Graph is a list of nodes in an order in which they can be computed, and the
// mistakes made while it was declared.
type Graph struct {
	Name    string
	Nodes   []*Node
	Effects []Effect
	Errors  []*OpError
	scope   string
}

// Emit adds an operation that the user declares and returns its first output.
// The variables of a Parametric operation become its last inputs. A mistake goes
// on the list with the place of the call, and a poisoned node stands for the
// result.
func (g *Graph) Emit(op Op, in ...Value) Value {
	n := &Node{Op: op, In: in, Graph: g, Scope: g.scope, Site: Caller()}
	if m, ok := op.(Mistake); ok {
		n.Site = m.Site
	}
	err := g.check(in)
	if err == nil {
		err = g.addVariables(n)
	}
	if err == nil {
		err = n.infer()
	}
	g.append(n)
	if err != nil && !errors.Is(err, errPoisoned) {
		g.Errors = append(g.Errors, &OpError{Kind: op.Kind(), Node: n, Err: err})
	}
	return Value{n, 0}
}

// Add appends an operation that the compiler makes: its variables, if any, are
// among its inputs. An error is a defect of the operation that asked for it.
func (g *Graph) Add(like *Node, op Op, in []Value) (*Node, error) {
	n := &Node{Op: op, In: in, Graph: g, Scope: like.Scope, Name: like.Name, Frozen: like.Frozen, Backward: like.Backward, Site: like.Site}
	if err := g.check(in); err != nil {
		return n, fmt.Errorf("%s for %q: %w", op.Kind(), like.Name, err)
	}
	if err := n.infer(); err != nil {
		return n, fmt.Errorf("%s for %q: %w", op.Kind(), like.Name, err)
	}
	g.append(n)
	return n, nil
}

// Leaf appends a node that computes nothing.
func (g *Graph) Leaf(l Leaf) Value {
	n := &Node{Op: l, Out: []Type{l.Type}, Graph: g, Scope: g.scope, Site: Caller()}
	g.append(n)
	return Value{n, 0}
}

// Fail records a mistake that belongs to no node, at the place of the user's
// call.
func (g *Graph) Fail(kind string, err error) {
	g.Errors = append(g.Errors, &OpError{Kind: kind, Node: &Node{Scope: g.scope, Site: Caller()}, Err: err})
}

// Poison returns a value about which there is nothing more to say, because its
// mistake is already on the list. The inputs count as used.
func (g *Graph) Poison(in ...Value) Value {
	n := &Node{Op: Leaf{}, In: in, Graph: g, Scope: g.scope, Site: Caller()}
	g.append(n)
	return Value{n, 0}
}

// Enter opens a block and returns the function that closes it.
func (g *Graph) Enter(block string) (leave func()) {
	before := g.scope
	g.scope += block + "/"
	return func() { g.scope = before }
}

func (g *Graph) append(n *Node) {
	n.ID = len(g.Nodes)
	g.Nodes = append(g.Nodes, n)
}

// errPoisoned stops the inference of nodes below a mistake without a message.
var errPoisoned = errors.New("poisoned")

// check finds inputs that are missing, foreign or poisoned.
func (g *Graph) check(in []Value) error {
	for i, v := range in {
		switch {
		case v.Node == nil:
			return fmt.Errorf("%w: input %d is a zero handle, made by no operation", ErrShape, i)
		case v.Node.Graph != g:
			return fmt.Errorf("%w: input %d belongs to graph %q", ErrForeignGraph, i, v.Node.Graph.Name)
		case v.Node.Out == nil:
			return errPoisoned
		}
	}
	return nil
}

// addVariables makes the variables of a Parametric operation.
func (g *Graph) addVariables(n *Node) error {
	p, ok := n.Op.(Parametric)
	if !ok {
		return nil
	}
	specs, err := p.Variables(n.Types())
	if err != nil {
		return err
	}
	for _, spec := range specs {
		leaf := Leaf{Type: Whole(spec.Shape...), Variable: &Variable{VariableSpec: spec, Node: n}}
		n.In = append(n.In[:len(n.In):len(n.In)], g.Leaf(leaf))
	}
	return nil
}

// Types are those of the inputs.
func (n *Node) Types() []Type {
	types := make([]Type, len(n.In))
	for i, v := range n.In {
		types[i] = v.Type()
	}
	return types
}

func (n *Node) infer() (err error) {
	n.Out, err = n.Op.Infer(n.Types())
	if err != nil {
		n.Out = nil
	}
	return err
}
