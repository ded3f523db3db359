package nn

import (
	"hash/fnv"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Net is a built network. It owns its parameters: the trained ones in one flat
// buffer, their gradients in another of the same length, and the running statistics
// of batch normalisation in a third. Parameters of nets that it applies belong to
// those.
//
// A Net is changed by [Net.Init], [Net.Load], an optimizer and the programs that
// train it; it must not be used by two of them at once.
type Net struct {
	graph *ir.Graph
	ports
	variables  []*ir.Variable // own, in the order of declaration
	weights    []float32
	gradients  []float32
	statistics []float32
	around     []*around // see AroundRuns
}

// ports are what goes in and what comes out.
type ports struct {
	inputs  []port
	outputs []port
	losses  []lossPort
}

// Param is a parameter of a net. Its slices are the net's own memory.
type Param struct {
	Path   string // "res3a/conv_2/weights"
	Shape  []int
	Data   []float32
	Grad   []float32 // nil for a running statistic, which is not trained
	Offset int       // of Data in [Net.Weights], or in [Net.Statistics]
}

// Name is the name given to [New].
func (n *Net) Name() string { return n.graph.Name }

// Weights is the buffer of all trained parameters, each at a 64-byte boundary, with
// zeros between. An optimizer works on it.
func (n *Net) Weights() []float32 { return n.weights }

// Gradients is the buffer of the gradients, in the same places.
func (n *Net) Gradients() []float32 { return n.gradients }

// Statistics is the buffer of the running statistics of batch normalisation.
func (n *Net) Statistics() []float32 { return n.statistics }

// Params lists the parameters in the order of declaration.
func (n *Net) Params() []Param {
	list := make([]Param, len(n.variables))
	for i, v := range n.variables {
		list[i] = Param{Path: v.Path(), Shape: v.Shape, Data: v.Data, Grad: v.Grad, Offset: v.Offset}
	}
	return list
}

// Size is the number of trained parameters.
func (n *Net) Size() int {
	size := 0
	for _, v := range n.variables {
		if v.Role == ir.Weight {
			size += v.Len()
		}
	}
	return size
}

// Init draws all parameters anew. Each has a stream of random numbers of its own,
// named after its path: adding a layer does not change how the others begin.
func (n *Net) Init(seed uint64) {
	for _, v := range n.variables {
		h := fnv.New64a()
		_, _ = h.Write([]byte(v.Path()))
		r := philox.NewStream(seed, h.Sum64())
		v.Init.Fill(v.Data, v.FanIn, v.FanOut, &r)
	}
	clear(n.gradients)
}

// allocate gives the net's own variables their places in the flat buffers.
func (n *Net) allocate() {
	var length [2]int
	for _, node := range n.graph.Nodes {
		if l, ok := node.Op.(ir.Leaf); ok && l.Variable != nil && !node.Copied {
			n.variables = append(n.variables, l.Variable)
			length[l.Variable.Role] += ops.RoundUp(l.Variable.Len())
		}
	}
	n.weights, n.gradients = ops.Alloc(length[ir.Weight]), ops.Alloc(length[ir.Weight])
	n.statistics = ops.Alloc(length[ir.Statistic])
	var next [2]int
	for _, v := range n.variables {
		from := next[v.Role]
		to := from + v.Len()
		next[v.Role] += ops.RoundUp(v.Len())
		v.Offset = from
		if v.Role == ir.Statistic {
			v.Data = n.statistics[from:to:to]
			continue
		}
		v.Data, v.Grad = n.weights[from:to:to], n.gradients[from:to:to]
	}
}
