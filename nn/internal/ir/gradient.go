package ir

// Gradient is what a Differentiable operation works with: the node whose inputs'
// gradients are wanted, and the graph to which the operations that compute them
// are added.
type Gradient struct {
	node  *Node
	dout  []Value
	needs []bool
	din   []Value
	err   error
}

// Differentiate asks a node's operation for the gradients of the inputs in needs,
// given those of its outputs (the zero Value where none flows). The result has an
// element for each input, zero where none is needed or none flows.
func Differentiate(n *Node, dout []Value, needs []bool) ([]Value, error) {
	g := &Gradient{node: n, dout: dout, needs: needs, din: make([]Value, len(n.In))}
	n.Op.(Differentiable).Gradient(g)
	return g.din, g.err
}

// In is input i of the node.
func (g *Gradient) In(i int) Value { return g.node.In[i] }

// Inputs is the number of inputs of the node, its variables included.
func (g *Gradient) Inputs() int { return len(g.node.In) }

// Out is output i of the node.
func (g *Gradient) Out(i int) Value { return Value{g.node, i} }

// DOut is the gradient of the loss with respect to output 0.
func (g *Gradient) DOut() Value { return g.dout[0] }

// Needs says whether anybody wants the gradient of input i.
func (g *Gradient) Needs(i int) bool { return i < len(g.needs) && g.needs[i] }

// Emit adds an operation of the backward pass and returns its first output.
func (g *Gradient) Emit(op Op, in ...Value) Value { return Value{g.EmitNode(op, in...), 0} }

// EmitNode adds an operation of the backward pass and returns its node, for
// those with several outputs.
func (g *Gradient) EmitNode(op Op, in ...Value) *Node {
	n, err := g.node.Graph.Add(g.node, op, in)
	if g.err == nil {
		g.err = err
	}
	return n
}

// Set states the gradient of input i.
func (g *Gradient) Set(i int, v Value) { g.din[i] = v }
