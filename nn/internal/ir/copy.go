package ir

// Copy appends a copy of a declaration's nodes to g and returns what stands for
// each of src's values: its inputs are replaced by those given, its variables are
// shared. Names get the prefix; frozen marks every copy.
func (g *Graph) Copy(src *Graph, inputs map[string]Value, prefix string, frozen bool) func(Value) Value {
	copies := make(map[*Node]Value, len(src.Nodes))
	at := func(v Value) Value {
		c := copies[v.Node]
		return Value{c.Node, c.Index + v.Index}
	}
	site := Caller()
	for _, n := range src.Nodes {
		if l, ok := n.Op.(Leaf); ok && l.Input != "" {
			copies[n] = inputs[l.Input]
			continue
		}
		c := *n
		c.Graph, c.Frozen, c.Copied = g, n.Frozen || frozen, true
		c.Scope, c.Name = g.scope, prefix+n.Name
		c.Site = site
		c.In = make([]Value, len(n.In))
		for i, v := range n.In {
			c.In[i] = at(v)
		}
		g.append(&c)
		copies[n] = Value{&c, 0}
	}
	return at
}
