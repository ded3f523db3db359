package compile

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
)

// effects makes sure that what a run stores comes from an operation that can write
// it straight to its place: a value that is no operation's own, is a result twice,
// or is also an output, is copied.
func effects(m *Module) error {
	taken := map[ir.Value]bool{}
	for _, p := range m.outputs {
		taken[source(p.Value)] = true
	}
	for i := range m.graph.Effects {
		e := &m.graph.Effects[i]
		if !taken[source(e.Value)] && source(e.Value) == e.Value && !e.Value.Node.IsLeaf() {
			taken[e.Value] = true
			continue
		}
		n, err := m.graph.Add(e.Value.Node, op.Copy{}, []ir.Value{e.Value})
		if err != nil {
			return err
		}
		e.Value = ir.Value{Node: n}
		taken[e.Value] = true
		m.notef("%s is copied to %s", where(n), e.Variable.Path())
	}
	return nil
}

// source follows operations that only rename memory to the value that owns it.
func source(v ir.Value) ir.Value {
	for {
		if _, ok := v.Node.Op.(ir.Aliasing); !ok {
			return v
		}
		v = v.Node.In[0]
	}
}
