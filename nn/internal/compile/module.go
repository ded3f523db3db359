package compile

import (
	"fmt"
	"io"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Source is a declaration to be compiled.
type Source struct {
	Graph   *ir.Graph
	Inputs  []Port
	Outputs []Port
	Losses  []Loss
	Total   string // name of the output for the weighted sum of the losses
}

// Port is a named input or output.
type Port struct {
	Name  string
	Value ir.Value
}

// Loss is a named loss with its share of the total.
type Loss struct {
	Port
	Weight float32
}

// Options are the choices of a compilation.
type Options struct {
	Batch    int
	Training bool
	Trained  map[*ir.Variable]bool // whose gradients are wanted, in training
	Fixed    bool                  // parameters do not change any more; not in training
	Pool     *ops.Pool
	Seed     uint64
	Verbose  io.Writer // of the log of primitives, if the environment asks for none; or nil
	Group    Group     // of the program; the zero value is none
	Trace    string    // file, if the environment names none; or ""
}

// Module is a program in the making: a graph that the passes rewrite.
type Module struct {
	Options
	graph    *ir.Graph
	group    *ir.Group // nil without one
	exchange *exchange // of the group
	inputs   []Port
	outputs  []Port
	losses   []Loss
	unused   []*ir.Variable // trained, but no loss depends on them
	steps    []*step
	memory   memory
	notes    []note
	orElse   map[*ir.Node]string // the next best layout of a node's first output
	pass     string              // that is running
	log      *verbose
	trace    *trace
}

// note is what a pass tells about what it did.
type note struct{ pass, text string }

func (m *Module) notef(format string, args ...any) {
	m.notes = append(m.notes, note{m.pass, fmt.Sprintf(format, args...)})
}

// pass rewrites a module.
type pass struct {
	name string
	do   func(*Module) error
}

// passes in the order in which they run.
var passes = []pass{
	{"fold", fold},
	{"fold", foldBatchNorm},
	{"fold", foldUpsample},
	{"autodiff", autodiff},
	{"fold", foldConstants},
	{"effects", effects},
	{"fuse", fuse},
	{"dropout", fuseDropout},
	{"chain", chain},
	{"prune", prune},
	{"layout", layout},
	{"pack", pack},
	{"lower", lower},
	{"plan", plan},
}

// Compile makes the program.
func Compile(src Source, o Options) (*Program, error) {
	m := &Module{Options: o, pass: "specialise"}
	m.join()
	if err := m.openLogs(); err != nil {
		return nil, err
	}
	if err := specialise(m, src); err != nil {
		return nil, fmt.Errorf("specialise: %w", err)
	}
	for _, p := range passes {
		m.pass = p.name
		if err := p.do(m); err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return newProgram(m, src.Graph.Name), nil
}

// reads is how often each value is an input of an operation that is needed.
func (m *Module) reads() map[ir.Value]int {
	reads := map[ir.Value]int{}
	for n := range m.live() {
		for _, v := range n.In {
			reads[v]++
		}
	}
	return reads
}

// results are the values that must be there at the end of a run.
func (m *Module) results() []ir.Value {
	var list []ir.Value
	for _, p := range m.outputs {
		list = append(list, p.Value)
	}
	for _, e := range m.graph.Effects {
		list = append(list, e.Value)
	}
	return list
}

// kept are the nodes that make results.
func (m *Module) kept() map[*ir.Node]bool {
	kept := map[*ir.Node]bool{}
	for _, v := range m.results() {
		kept[v.Node] = true
	}
	return kept
}

// live are the operations on which an output or an effect depends, and the inputs.
func (m *Module) live() map[*ir.Node]bool {
	live := map[*ir.Node]bool{}
	var mark func(n *ir.Node)
	mark = func(n *ir.Node) {
		if live[n] {
			return
		}
		live[n] = true
		for _, v := range n.In {
			mark(v.Node)
		}
	}
	for n := range m.kept() {
		mark(n)
	}
	for _, p := range m.inputs {
		live[p.Value.Node] = true // the user may still fill it
	}
	return live
}

// replace makes every use of one value a use of another.
func (m *Module) replace(old, by ir.Value) {
	change := func(v *ir.Value) {
		if *v == old {
			*v = by
		}
	}
	for _, n := range m.graph.Nodes {
		for i := range n.In {
			change(&n.In[i])
		}
	}
	for i := range m.outputs {
		change(&m.outputs[i].Value)
	}
	for i := range m.graph.Effects {
		change(&m.graph.Effects[i].Value)
	}
}

// where names a node and the line that declared it.
func where(n *ir.Node) string { return fmt.Sprintf("%s %q (%s)", n.Op.Kind(), n.Name, n.Site.Line()) }
