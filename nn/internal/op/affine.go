package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// affine is what [Conv], [Deconv] and [Dense] have in common: inputs src, weights
// and perhaps bias, an output that is linear in the weights and in src, and three
// primitives for each of them.
type affine interface {
	layer
	// primitives are the constructors for a batch of n.
	primitives(src ir.Type, n int, at places) (passes, error)
}

// layer is an operation on one source and variables.
type layer interface {
	ir.Parametric
	// result is the type of the output, or why there is none.
	result(src ir.Type) (ir.Type, error)
}

// places are the layouts of src and dst, and of their gradients.
type places struct{ src, dst ops.Layout }

// passes make the primitives of the three passes (oneDNN's propagation kinds).
type passes struct {
	forward, backwardData, backwardWeights func() (ops.Primitive, error)
}

// on ties three constructors to a descriptor.
func on[D any](d D, forward, backwardData, backwardWeights func(D) (ops.Primitive, error)) passes {
	tie := func(make func(D) (ops.Primitive, error)) func() (ops.Primitive, error) {
		return func() (ops.Primitive, error) { return make(d) }
	}
	return passes{tie(forward), tie(backwardData), tie(backwardWeights)}
}

// infer checks src and the variables and gives the output's type.
func infer(a layer, in []ir.Type) ([]ir.Type, error) {
	if len(in) == 0 {
		return nil, arity(in, 1)
	}
	specs, err := a.Variables(in[:1])
	if err != nil {
		return nil, err
	}
	if err := arity(in, 1+len(specs)); err != nil {
		return nil, err
	}
	for i, s := range specs {
		if err := expect(s.Name, in[1+i], ir.Whole(s.Shape...)); err != nil {
			return nil, err
		}
	}
	out, err := a.result(in[0])
	if err != nil {
		return nil, err
	}
	return one(out)
}

// lower makes the forward primitive.
func lower(a affine, l *ir.Lowering) (ops.Primitive, error) {
	p, err := a.primitives(unlaid(l.In[0])[0], l.Batch, places{l.In[0].Layout, l.Out[0].Layout})
	if err != nil {
		return nil, err
	}
	return p.forward()
}

// variables are weights, which start by Glorot's rule unless init says otherwise, and, if
// there are any, biases, which start at 0 unless biasInit does.
func variables(weights ir.VariableSpec, init, biasInit ir.Initialiser, bias bool, units int) ([]ir.VariableSpec, error) {
	if !bias && biasInit != nil {
		return nil, shapeError("an initialiser for the bias, which is left out")
	}
	weights.Name, weights.Init = "weights", or(init, GlorotUniform{})
	specs := []ir.VariableSpec{weights}
	if bias {
		specs = append(specs, ir.VariableSpec{
			Name: "bias", Shape: []int{units}, Init: or(biasInit, Constant(0)), FanIn: weights.FanIn, FanOut: weights.FanOut,
		})
	}
	for _, s := range specs {
		if _, err := one(ir.Whole(s.Shape...)); err != nil {
			return nil, err
		}
	}
	return specs, nil
}

// or is an initialiser, or another one where there is none.
func or(init, other ir.Initialiser) ir.Initialiser {
	if init == nil {
		return other
	}
	return init
}

// differentiate emits the operations of the backward pass. Weights and bias come
// from one operation, whichever of them is wanted.
func differentiate(a affine, g *ir.Gradient) {
	if g.Needs(0) {
		src := g.In(0).Type()
		g.Set(0, g.Emit(backwardData{a, src}, g.DOut(), g.In(1)))
	}
	if !g.Needs(1) && !g.Needs(2) {
		return
	}
	n := g.EmitNode(backwardWeights{a}, g.In(0), g.DOut())
	for i := 1; i < g.Inputs(); i++ {
		if g.Needs(i) {
			g.Set(i, ir.Value{Node: n, Index: i - 1})
		}
	}
}

// backwardData is the gradient with respect to src, from diffDst and weights.
type backwardData struct {
	of  affine
	src ir.Type
}

// Kind implements ir.Op.
func (b backwardData) Kind() string { return b.of.Kind() + "BackwardData" }

// Infer implements ir.Op.
func (b backwardData) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := arity(in, 2); err != nil {
		return nil, err
	}
	dst, err := b.of.result(b.src)
	if err != nil {
		return nil, err
	}
	return []ir.Type{b.src}, expect("diffDst", in[0], dst)
}

// Lower implements ir.Op.
func (b backwardData) Lower(l *ir.Lowering) (ops.Primitive, error) {
	p, err := b.of.primitives(b.src, l.Batch, places{l.Out[0].Layout, l.In[0].Layout})
	if err != nil {
		return nil, err
	}
	return p.backwardData()
}

// backwardWeights is the gradient with respect to the variables, from src and
// diffDst.
type backwardWeights struct{ of affine }

// Kind implements ir.Op.
func (b backwardWeights) Kind() string { return b.of.Kind() + "BackwardWeights" }

// Infer implements ir.Op.
func (b backwardWeights) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := arity(in, 2); err != nil {
		return nil, err
	}
	specs, err := b.of.Variables(in[:1])
	if err != nil {
		return nil, err
	}
	dst, err := b.of.result(in[0])
	if err != nil {
		return nil, err
	}
	out := make([]ir.Type, len(specs))
	for i, s := range specs {
		out[i] = ir.Whole(s.Shape...)
	}
	return out, expect("diffDst", in[1], dst)
}

// Lower implements ir.Op.
func (b backwardWeights) Lower(l *ir.Lowering) (ops.Primitive, error) {
	p, err := b.of.primitives(unlaid(l.In[0])[0], l.Batch, places{l.In[0].Layout, l.In[1].Layout})
	if err != nil {
		return nil, err
	}
	return p.backwardWeights()
}
