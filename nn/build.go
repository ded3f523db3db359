package nn

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
)

// Build makes a net of the declaration, with parameters drawn from seed 0 (see
// [Net.Init]), or returns a [*BuildError] with all mistakes. It also reports
// operations and inputs that nothing uses: a link of a chain whose result was
// dropped. A graph can be built once.
func (g *Graph) Build() (*Net, error) {
	if g.built {
		return nil, fmt.Errorf("nn: graph %q is already built", g.g.Name)
	}
	if err := g.check(); err != nil {
		return nil, err
	}
	g.built = true
	n := &Net{
		graph: &ir.Graph{Name: g.g.Name, Nodes: append([]*ir.Node(nil), g.g.Nodes...)},
		ports: ports{inputs: g.inputs, outputs: g.outputs, losses: g.losses},
	}
	n.allocate()
	n.Init(0)
	return n, nil
}

// check names the operations and returns all mistakes as a [*BuildError].
func (g *Graph) check() error {
	if len(g.outputs)+len(g.losses) == 0 && len(g.g.Errors) == 0 {
		g.g.Fail("Build", shapeError("the graph has no output and no loss"))
	}
	g.g.AssignNames()
	g.findUnused()
	if len(g.g.Errors) == 0 {
		return nil
	}
	err := &BuildError{Graph: g.g.Name}
	for _, e := range g.g.Errors {
		err.Errors = append(err.Errors, e)
	}
	return err
}

// findUnused reports the operations and inputs whose result goes nowhere.
func (g *Graph) findUnused() {
	used := map[*ir.Node]bool{}
	for _, p := range g.results() {
		used[p.value.Node] = true
	}
	for _, n := range g.g.Nodes {
		for _, v := range n.In {
			used[v.Node] = true
		}
	}
	for _, n := range g.g.Nodes {
		if used[n] || n.Out == nil || n.Copied {
			continue
		}
		err := fmt.Errorf("%w: its result is never used", ErrShape)
		if l, ok := n.Op.(ir.Leaf); ok {
			err = fmt.Errorf("%w: input %q is never used", ErrShape, l.Input)
		}
		g.g.Errors = append(g.g.Errors, &ir.OpError{Kind: n.Op.Kind(), Node: n, Err: err})
	}
}

// MustBuild is Build for programs that are wrong if it fails: tests and examples.
func (g *Graph) MustBuild() *Net {
	n, err := g.Build()
	if err != nil {
		panic(err)
	}
	return n
}
