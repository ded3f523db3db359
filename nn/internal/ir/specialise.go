package ir

// Specialiser is what a Modal operation works with.
type Specialiser struct {
	Training bool
	// Frozen says that the node belongs to a net applied with Frozen: its
	// statistics are not to be updated.
	Frozen bool
	// Group, if not nil, is that of the program: layers that compute something of the
	// batch as a whole do so of the whole group's.
	Group *Group

	graph  *Graph
	like   *Node
	stream uint64
	err    error
}

// Specialise replaces a node of a declaration, whose inputs in the graph g are
// in, by what its Modal operation emits there. stream is the number of the
// node's own stream of random numbers, group nil for a program of its own.
func Specialise(g *Graph, n *Node, in []Value, training bool, stream uint64, group *Group) (Value, error) {
	s := &Specialiser{Training: training, Frozen: n.Frozen, Group: group, graph: g, like: n, stream: stream}
	v := n.Op.(Modal).Specialise(s, in)
	return v, s.err
}

// Emit adds an operation and returns its node.
func (s *Specialiser) Emit(op Op, in ...Value) *Node {
	n, err := s.graph.Add(s.like, op, in)
	if s.err == nil {
		s.err = err
	}
	return n
}

// Stream is the number of a stream of random numbers that is the node's own, the
// same in every run of a program.
func (s *Specialiser) Stream() uint64 { return s.stream }

// Update makes the program store v in the variable that leaf stands for, once a
// run. Nodes emitted later read the new value.
func (s *Specialiser) Update(leaf, v Value) {
	if l, ok := leaf.Node.Op.(Leaf); ok && l.Variable != nil {
		s.graph.Effects = append(s.graph.Effects, Effect{Value: v, Variable: l.Variable})
	}
}
