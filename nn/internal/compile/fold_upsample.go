package compile

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
)

// foldUpsample makes one deconvolution of nearest up-sampling and a convolution
// behind it, where nothing else reads what lies between and multiplications are
// saved: a window of the convolution sees each element of the small tensor many
// times. The large tensor and its gradient are never in memory. Weights of the
// deconvolution are computed from those of the convolution in each run.
func foldUpsample(m *Module) error {
	reads, kept := m.reads(), m.kept()
	nodes := m.graph.Nodes
	m.graph.Nodes = nil
	for _, n := range nodes {
		if conv, ok := n.Op.(op.Conv); ok && reads[n.In[0]] == 1 && !kept[n.In[0].Node] {
			if err := m.foldUpsampleInto(n, conv); err != nil {
				return err
			}
		}
		m.graph.Nodes = append(m.graph.Nodes, n)
	}
	return nil
}

// foldUpsampleInto rewrites one convolution, if it can.
func (m *Module) foldUpsampleInto(n *ir.Node, conv op.Conv) error {
	up := n.In[0].Node
	u, ok := up.Op.(op.Upsample)
	if !ok {
		return nil
	}
	if conv.Pointwise() {
		return m.upsampleBehind(n, up)
	}
	weights, both, ok := op.FoldUpsample(u, conv, up.In[0].Type())
	if !ok {
		return nil
	}
	w, err := m.graph.Add(n, weights, n.In[1:2:2])
	if err != nil {
		return err
	}
	before := conv.MACs([]ir.Type{up.Out[0]}, nil)
	n.Op, n.In = both, append([]ir.Value{up.In[0], {Node: w}}, n.In[2:]...)
	m.notef("%s into %s: %.0f%% of the multiplications are saved", where(up), where(n),
		100-100*float64(both.MACs([]ir.Type{up.In[0].Type()}, nil))/float64(before))
	return nil
}

// upsampleBehind makes a convolution work on what is up-sampled.
func (m *Module) upsampleBehind(n, up *ir.Node) error {
	small, err := m.graph.Add(n, n.Op, append([]ir.Value{up.In[0]}, n.In[1:]...))
	if err != nil {
		return err
	}
	m.notef("%s behind %s", where(up), where(n))
	n.Op, n.In = up.Op, []ir.Value{{Node: small}}
	n.Name, n.Site = up.Name, up.Site
	return nil
}
