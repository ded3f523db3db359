package nn

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
)

// Summary prints the net as a table: for each layer its kind, the shape of a sample
// of its output, its trained parameters and the multiply-adds for a sample.
func (n *Net) Summary(w io.Writer) error { return summarise(w, n.graph) }

// Summary prints what [Net.Summary] would print of the net, without the memory that
// [Graph.Build] takes for it. The declaration must be one that can be built; it is not
// changed, and may go on.
func (g *Graph) Summary(w io.Writer) error {
	declared := g.g.Errors
	defer func() { g.g.Errors = declared }()
	if err := g.check(); err != nil {
		return err
	}
	return summarise(w, g.g)
}

func summarise(w io.Writer, g *ir.Graph) error {
	b := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight|tabwriter.Debug)
	fmt.Fprintf(w, "net %q\n", g.Name)
	fmt.Fprint(b, "layer\tkind\toutput\tparameters\tMACs\t\n")
	var params, macs, statistics int64
	for _, node := range g.Nodes {
		if node.IsLeaf() && node.Op.Kind() != "Input" {
			continue
		}
		row := layerOf(node)
		params, macs, statistics = params+row.params, macs+row.macs, statistics+row.statistics
		fmt.Fprintf(b, "%s\t%s\t%s\t%s\t%s\t\n", row.name, node.Op.Kind(), node.Out[0], grouped(row.params), grouped(row.macs))
	}
	if err := b.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%s parameters, %s running statistics, %s multiply-adds a sample\n",
		grouped(params), grouped(statistics), grouped(macs))
	return err
}

// layer is a row of the summary.
type layer struct {
	name                     string
	params, statistics, macs int64
}

func layerOf(n *ir.Node) layer {
	l := layer{name: n.Name}
	if leaf, ok := n.Op.(ir.Leaf); ok {
		l.name = leaf.Input
	}
	in := make([]ir.Type, len(n.In))
	for i, v := range n.In {
		in[i] = v.Type()
		leaf, ok := v.Leaf()
		switch {
		case !ok || leaf.Variable == nil:
		case leaf.Variable.Role == ir.Weight:
			l.params += int64(leaf.Variable.Len())
		default:
			l.statistics += int64(leaf.Variable.Len())
		}
	}
	if c, ok := n.Op.(ir.Counted); ok {
		l.macs = c.MACs(in, n.Out)
	}
	return l
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	var parts []string
	for len(s) > 3 {
		parts = append([]string{s[len(s)-3:]}, parts...)
		s = s[:len(s)-3]
	}
	return strings.Join(append([]string{s}, parts...), ",")
}
