package compile

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// resnet50 is the training step of ResNet-50 (He et al., CVPR 2016) on 224 x 224.
func resnet50() Source {
	g := &ir.Graph{Name: "resnet50"}
	x := g.Leaf(ir.Leaf{Type: ir.Sample(3, 224, 224), Input: "x"})
	label := g.Leaf(ir.Leaf{Type: ir.Sample(1), Input: "label"})
	conv := func(x ir.Value, filters, kernel, stride int) ir.Value {
		w := op.Window{
			Rank: 2, Kernel: [3]int{1, kernel, kernel}, Stride: [3]int{1, stride, stride}, Dilation: [3]int{1, 1, 1},
			PadLo: [3]int{0, kernel / 2, kernel / 2}, PadHi: [3]int{0, kernel / 2, kernel / 2},
		}
		y := g.Emit(op.Conv{Filters: filters, Groups: 1, Window: w}, x)
		return g.Emit(op.BatchNorm{Eps: 1e-5, Momentum: 0.9}, y)
	}
	relu := func(x ir.Value) ir.Value { return g.Emit(op.Activation{Fn: ops.Activation{Kind: ops.ReLU}}, x) }
	h := relu(conv(x, 64, 7, 2))
	h = g.Emit(op.Pool{Window: op.Window{
		Rank: 2, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 2}, Dilation: [3]int{1, 1, 1},
		PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1},
	}}, h)
	for stage, blocks := range []int{3, 4, 6, 3} {
		mid, stride := 64<<stage, min(stage+1, 2)
		for i := range blocks {
			short := h
			if i == 0 {
				short = conv(h, 4*mid, 1, stride)
			} else {
				stride = 1
			}
			h = conv(relu(conv(relu(conv(h, mid, 1, 1)), mid, 3, stride)), 4*mid, 1, 1)
			h = relu(g.Emit(op.Add{}, h, short))
		}
	}
	h = g.Emit(op.Dense{Units: 1000, Bias: true}, g.Emit(op.Mean{Spatial: true}, h))
	loss := g.Emit(op.Loss{Loss: ops.SoftmaxCE}, h, label)
	for _, n := range g.Nodes {
		n.Name = fmt.Sprint(n.ID)
	}
	return Source{
		Graph: g, Inputs: []Port{{"x", x}, {"label", label}},
		Losses: []Loss{{Port{"class", loss}, 1}}, Total: "loss",
	}
}

// BenchmarkLayoutOfResNet50 measures the choice of layouts alone.
func BenchmarkLayoutOfResNet50(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		src := resnet50()
		m := &Module{Options: Options{Batch: 16, Training: true, Trained: map[*ir.Variable]bool{}}}
		for _, n := range src.Graph.Nodes {
			if l, ok := n.Op.(ir.Leaf); ok && l.Variable != nil {
				m.Trained[l.Variable] = true
			}
		}
		require.Empty(b, src.Graph.Errors)
		require.NoError(b, specialise(m, src))
		for _, p := range []func(*Module) error{autodiff, effects, fuse, prune} {
			require.NoError(b, p(m))
		}
		b.StartTimer()
		require.NoError(b, layout(m))
		b.ReportMetric(float64(len(m.graph.Nodes)), "nodes")
	}
}
