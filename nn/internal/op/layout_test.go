package op

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// TestLayouts carries out every operation, forward and backward, in all arrangements
// that have a primitive, on tensors whose padding is NaN: the elements of the results
// are those of the plain one.
func TestLayouts(t *testing.T) {
	tried := map[string]int{}
	for _, tc := range gradientCases() {
		t.Run(tc.name, func(t *testing.T) {
			x := try(t, tc.op, ops.Block, training, tc.in...)
			if tc.feed != nil {
				tc.feed(x)
			}
			needs := all(len(x.out.Node.In))
			if tc.fixed > 0 {
				needs[tc.fixed] = false
			}
			x.differentiate(needs)
			x.run(x.graph.Nodes)
			for _, n := range x.graph.Nodes {
				laid, ok := n.Op.(ir.Laid)
				if !ok {
					continue
				}
				for _, a := range laid.Layouts(n.Types(), n.Out) {
					if x.tryArrangement(n, a) {
						tried[n.Op.Kind()]++
					}
				}
			}
		})
	}
	// Of each kind, the least number of arrangements over all cases.
	for kind, least := range map[string]int{
		"ReLU": 1, "ReLUBackward": 1, "Add": 3, "Conv": 4, "ConvBackwardData": 4, "ConvBackwardWeights": 4,
		"Deconv": 4, "BatchNormTraining": 3, "BatchNormBackward": 3, "MaxPool": 3, "MaxPoolBackward": 3,
		"AvgPool": 3, "Upsample": 3, "UpsampleBackward": 3, "Pad": 3, "Crop": 3, "Concat": 3, "Slice": 3,
		"GlobalAvgPool": 3, "Broadcast": 3, "LRN": 3, "LRNBackward": 3,
	} {
		assert.GreaterOrEqual(t, tried[kind], least, "arrangements of %s", kind)
	}
}

// tryArrangement carries out a node in an arrangement, if it has a primitive, and
// compares with the results that are there.
func (x *trial) tryArrangement(n *ir.Node, a ir.Arrangement) bool {
	l := &ir.Lowering{Batch: x.batch}
	var in, out [][]float32
	for i, v := range n.In {
		l.In = append(l.In, v.Type().In(a.In[i]))
		in = append(in, x.poisoned(v, a.In[i]))
	}
	for i, typ := range n.Out {
		l.Out = append(l.Out, typ.In(a.Out[i]))
		out = append(out, make([]float32, l.OutLen(i)))
	}
	p, err := n.Op.Lower(l)
	if err != nil {
		return false
	}
	env := ops.NewExec(ops.Default(), p)
	env.Seed, env.Step = 42, 3
	p.Exec(env, in, out)
	for i, typ := range n.Out {
		got := reordered(x.t, out[i], typ.Shape(x.batch), a.Out[i], ops.NCX)
		want := x.data[ir.Value{Node: n, Index: i}]
		largest := float32(0)
		for _, w := range want {
			largest = max(largest, w, -w)
		}
		assert.InDeltaSlice(x.t, want, got, 1e-5*float64(largest), fmt.Sprintf("output %d of %s in %v", i, n.Op.Kind(), a))
	}
	return true
}

// poisoned is a value in a layout, with NaN for padding.
func (x *trial) poisoned(v ir.Value, to ops.Layout) []float32 {
	data, shape := x.data[v], v.Type().Shape(x.batch)
	ones := make([]float32, len(data))
	for i := range ones {
		ones[i] = 1
	}
	result := reordered(x.t, data, shape, ops.NCX, to)
	for i, real := range reordered(x.t, ones, shape, ops.NCX, to) {
		if real == 0 {
			result[i] = float32(math.NaN())
		}
	}
	return result
}

func reordered(t *testing.T, data []float32, shape []int, from, to ops.Layout) []float32 {
	p, err := ops.NewReorder(shape, from, to)
	require.NoError(t, err)
	result := make([]float32, to.Size(shape))
	p.Exec(ops.NewExec(ops.Default(), p), [][]float32{data}, [][]float32{result})
	return result
}
