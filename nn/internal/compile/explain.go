package compile

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Explain prints what each pass did, and the primitives in the order of execution. Where
// an output could have another layout, it tells under "or else" which is the next best,
// and by how many million cycles of a core the best program with it is slower, as the
// primitives estimate.
func (p *Program) Explain(w io.Writer) error {
	b := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(b, "program %q, batch %d\n", p.name, p.batch)
	last := ""
	for _, n := range p.notes {
		name := n.pass
		if name == last {
			name = ""
		}
		last = n.pass
		fmt.Fprintf(b, "  %s\t%s\n", name, n.text)
	}
	fmt.Fprintf(b, "  memory\t%s\n", p.memory.pages())
	fmt.Fprint(b, "\nstep\tlayer\tprimitive\timplementation\tGFLOP\tMB\toutput\tor else\tproblem\n")
	for i, s := range p.steps {
		fmt.Fprintf(b, "%d\t%s\t%s\t%s\t%.3g\t%.3g\t%s %s\t%s\t%s\n", i, s.layer(), s.primitive(), s.info.Impl,
			float64(s.info.FLOPs)/1e9, float64(s.info.Bytes)/1e6, s.node.Out[0], s.node.Out[0].Layout, p.orElse[s.node], s.info.Problem)
	}
	return b.Flush()
}
