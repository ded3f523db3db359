package nn

import "github.com/cascade-hpc/cascade/nn/internal/ir"

// Handle is a symbolic tensor of a known rank: [Vec], [Seq], [Map] or conv3d.Vol.
type Handle interface {
	// Tensor is the handle without its rank.
	Tensor() Tensor
}

// Tensor is a symbolic tensor of any rank: what operations from other packages
// ([Apply]) and the outputs of applied nets ([Outputs]) are before they are given
// a type by [Tensor.Vec], [Tensor.Seq], [Tensor.Map] or conv3d.Of.
type Tensor struct{ v ir.Value }

// Tensor returns t: a tensor is a handle too.
func (t Tensor) Tensor() Tensor { return t }

// Dims are the sizes of one sample: F, or T, F, or C, H, W, or C, D, H, W. They are
// nil after a mistake.
func (t Tensor) Dims() []int { return append([]int(nil), t.v.Type().Dims...) }

// Vec is the tensor as a vector; another rank is a mistake.
func (t Tensor) Vec() Vec { return Vec{t.Expect("Vec", 1)} }

// Seq is the tensor as a sequence; another rank is a mistake.
func (t Tensor) Seq() Seq { return Seq{t.Expect("Seq", 2)} }

// Map is the tensor as an image; another rank is a mistake.
func (t Tensor) Map() Map { return Map{t.Expect("Map", 3)} }

// As pins the name of the operation that made the tensor, and with it the names of
// its parameters: "stem" instead of "conv_1".
func (t Tensor) As(name string) Tensor {
	if n := t.v.Node; n != nil {
		n.Pin(name)
	}
	return t
}

// Expect is the tensor if its samples have the number of dimensions. Otherwise it
// records a mistake of the named operation. Packages of handles are built on it.
func (t Tensor) Expect(operation string, dims int) Tensor {
	if !t.v.OK() {
		return t
	}
	typ := t.v.Type()
	if typ.Batched && len(typ.Dims) == dims {
		return t
	}
	g := t.v.Node.Graph
	g.Fail(operation, shapeError("a tensor of %d dimensions cannot be one of %d: its samples are %s", len(typ.Dims), dims, typ))
	return Tensor{g.Poison(t.v)}
}

// BatchNorm normalises every channel or feature over the batch and its positions:
// see [Map.BatchNorm].
func (t Tensor) BatchNorm(options ...BatchNormOption) Tensor { return apply(batchNorm(options), t) }

// Size is a dimension of a sample. It is 1 after a mistake, so that what a
// declaration computes from it does no harm: the mistake is already recorded.
func (t Tensor) Size(axis int) int {
	if d := t.v.Type().Dims; axis < len(d) {
		return d[axis]
	}
	return 1
}

// apply emits an operation of the library.
func apply(operation ir.Op, in ...Tensor) Tensor {
	values := make([]ir.Value, len(in))
	var g *ir.Graph
	for i, t := range in {
		values[i] = t.v
		if g == nil && t.v.Node != nil {
			g = t.v.Node.Graph
		}
	}
	if g == nil {
		return Tensor{} // a zero handle goes on as one; what uses its result reports it
	}
	return Tensor{g.Emit(operation, values...)}
}

// tensors are the handles without their ranks, first before the others.
func tensors[H Handle](first H, others []H) []Tensor {
	all := []Tensor{first.Tensor()}
	for _, h := range others {
		all = append(all, h.Tensor())
	}
	return all
}
