package compile

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
)

// foldBatchNorm makes the batch normalisation of an inference program part of the
// convolution, deconvolution or dense layer before it, where nothing else reads what
// lies between. The weights that include it are computed in each run, for the
// parameters may change between two runs, unless they are Fixed; where there are more
// of them than elements to be normalised, that would take longer than normalising.
func foldBatchNorm(m *Module) error {
	reads, kept := m.reads(), m.kept()
	nodes := m.graph.Nodes
	m.graph.Nodes = nil
	for _, n := range nodes {
		b, ok := n.Op.(op.BatchNormInference)
		if ok && reads[n.In[0]] == 1 && !kept[n.In[0].Node] {
			if err := m.foldBatchNormOf(n, b); err != nil {
				return err
			}
		}
		m.graph.Nodes = append(m.graph.Nodes, n)
	}
	return nil
}

// foldBatchNormOf puts the operation before a batch normalisation in its place, if it
// can: the parameters of both come before it.
func (m *Module) foldBatchNormOf(n *ir.Node, b op.BatchNormInference) error {
	before := n.In[0].Node
	if len(before.In) < 2 {
		return nil // it has no weights
	}
	folded, after, ok := op.FoldBatchNorm(before.Op, before.In[1].Type(), b)
	if !ok {
		return nil
	}
	weights, results := before.In[1].Type().Len(m.Batch), n.Out[0].Len(m.Batch)
	if weights > results && !m.Fixed {
		m.notef("%s stays: it normalises %d elements, and %s has %d weights", where(n), results, where(before), weights)
		return nil
	}
	f, err := m.graph.Add(before, folded, append(before.In[1:len(before.In):len(before.In)], n.In[1:]...))
	if err != nil {
		return err
	}
	m.notef("%s into %s", where(n), where(before))
	n.Op, n.In = after, []ir.Value{before.In[0], {Node: f}, {Node: f, Index: 1}}
	n.Name, n.Site = before.Name, before.Site
	return nil
}
