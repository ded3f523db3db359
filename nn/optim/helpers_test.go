package optim

import (
	"testing"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/stretchr/testify/require"
)

// flat is a set of parameters for tests.
type flat struct{ weights, gradients []float32 }

func (f *flat) Weights() []float32   { return f.weights }
func (f *flat) Gradients() []float32 { return f.gradients }

// random has n normal weights.
func random(n int) *flat {
	f := &flat{ops.Alloc(n), ops.Alloc(n)}
	fill(f.weights, 1)
	return f
}

// fill draws normal numbers; stream names them.
func fill(x []float32, stream uint64) {
	s := philox.NewStream(7, stream)
	for i := range x {
		x[i] = float32(s.Normal())
	}
}

// network is a set of parameters that lists its tensors.
type network struct {
	flat
	params []nn.Param
}

func (n *network) Params() []nn.Param { return n.params }

// layered has tensors of all sorts: longer than a block, of odd lengths, with zeros
// between, of one dimension, all zero, and one that is not trained.
func layered() *network {
	n := &network{}
	length := 0
	for _, p := range []nn.Param{
		{Path: "a/weights", Shape: []int{2*blockSize + 7, 1, 1}},
		{Path: "a/bias", Shape: []int{17}},
		{Path: "norm/gamma", Shape: []int{33}},
		{Path: "norm/running_mean", Shape: []int{33}},
		{Path: "norm/beta", Shape: []int{33}},
		{Path: "zero/weights", Shape: []int{5, 5}},
		{Path: "rnn/bias", Shape: []int{3, 5}},
		{Path: "b/weights", Shape: []int{11, 3}},
	} {
		if p.Path != "norm/running_mean" {
			p.Offset, length = length, length+ops.RoundUp(size(p))
		}
		n.params = append(n.params, p)
	}
	n.weights, n.gradients = ops.Alloc(length), ops.Alloc(length)
	for i := range n.params {
		if p := &n.params[i]; p.Path != "norm/running_mean" {
			p.Data, p.Grad = n.weights[p.Offset:][:size(*p)], n.gradients[p.Offset:][:size(*p)]
			if p.Path != "zero/weights" {
				fill(p.Data, uint64(i))
			}
		}
	}
	return n
}

func size(p nn.Param) int {
	n := 1
	for _, s := range p.Shape {
		n *= s
	}
	return n
}

// draw has gradients that depend on the number of the step alone.
func (n *network) draw(step int64) {
	for i, p := range n.params {
		fill(p.Grad, uint64(1000*i)+100+uint64(step))
	}
}

// maker is what all rules have.
type maker interface {
	New(Params) (*Optimizer, error)
}

func made(t testing.TB, rule maker, p Params) *Optimizer {
	t.Helper()
	o, err := rule.New(p)
	require.NoError(t, err)
	return o
}

// drawn are parameters whose gradients depend on the number of the step alone.
type drawn interface {
	Params
	draw(step int64)
}

func (f *flat) draw(step int64) { fill(f.gradients, uint64(100+step)) }

func run(o *Optimizer, p drawn, steps int) {
	for range steps {
		p.draw(o.Steps())
		o.Step()
	}
}

// rules has each kernel with all that it can do.
var rules = map[string]maker{
	"sgd":               SGD{LR: 0.1, WeightDecay: 0.03},
	"sgd with momentum": SGD{LR: 0.1, Momentum: 0.9, Dampening: 0.2, WeightDecay: 0.03},
	"sgd nesterov":      SGD{LR: 0.1, Momentum: 0.8, Nesterov: true, WeightDecay: 0.03},
	"rmsprop":           RMSprop{LR: 0.02, Rho: 0.8, WeightDecay: 0.03},
	"rmsprop momentum":  RMSprop{LR: 0.02, Momentum: 0.7, Eps: 1e-3, WeightDecay: 0.03},
	"adam":              Adam{LR: 0.02, Beta1: 0.8, Beta2: 0.95, Eps: 1e-4, WeightDecay: 0.03},
	"adam, no mean":     Adam{LR: 0.02, Beta1: Off},
	"adamw":             AdamW{LR: 0.02, WeightDecay: 0.1},
}

// layerRules are those, and options, that tell tensors apart, or look at all of them.
var layerRules = map[string]maker{
	"lars": LARS{LR: 0.5, Trust: 0.02, WeightDecay: 0.03, Options: Options{NoDecay: Vectors}},
	"lars, no momentum": LARS{
		LR: 0.5, Trust: 0.02, WeightDecay: 0.03, Momentum: Off, AlwaysAdapt: true,
		Options: Options{NoDecay: Vectors, ClipNorm: 30},
	},
	"larc nesterov": LARS{LR: 0.02, Momentum: 0.8, Trust: 0.02, WeightDecay: 0.03, Nesterov: true, Clip: true},
	"lamb":          LAMB{LR: 0.02, WeightDecay: 0.03, Options: Options{NoDecay: Vectors, ClipNorm: 1}},
	"lamb, of all":  LAMB{LR: 0.02, Beta1: 0.8, Beta2: 0.95, Eps: 1e-4, AlwaysAdapt: true, Options: Options{NoDecay: Named("gamma", "beta")}},
	"sgd, some decay": SGD{
		LR: 0.1, Momentum: 0.9, WeightDecay: 0.03,
		Options: Options{NoDecay: Named("gamma", "beta"), ClipNorm: 50},
	},
	"sgd, in three": SGD{LR: 0.1, WeightDecay: 0.03, Options: Options{NoDecay: Vectors, Accumulate: 3}},
	"lars, in three": LARS{
		LR: 0.5, Trust: 0.02, WeightDecay: 0.03, Options: Options{NoDecay: Vectors, Accumulate: 3},
	},
	"lamb, in two, clipped": LAMB{LR: 0.02, WeightDecay: 0.03, Options: Options{NoDecay: Vectors, Accumulate: 2, ClipNorm: 20}},
	"rmsprop, limited":      RMSprop{LR: 0.02, WeightDecay: 0.03, Options: Options{NoDecay: Vectors, ClipValue: 0.5}},
	"adam, in two, limited": Adam{LR: 0.02, WeightDecay: 0.03, Options: Options{NoDecay: Vectors, Accumulate: 2, ClipValue: 0.4}},
	"adamw, some decay":     AdamW{LR: 0.02, WeightDecay: 0.1, Options: Options{NoDecay: Vectors}},
}

// subject is a rule with parameters for it.
type subject struct {
	name  string
	rule  maker
	fresh func() (drawn, *flat)
}

// subjects are all rules, those of rules on n parameters.
func subjects(n int) (all []subject) {
	for name, rule := range rules {
		all = append(all, subject{name, rule, func() (drawn, *flat) {
			f := random(n)
			return f, f
		}})
	}
	for name, rule := range layerRules {
		all = append(all, subject{name, rule, func() (drawn, *flat) {
			n := layered()
			return n, &n.flat
		}})
	}
	return all
}
