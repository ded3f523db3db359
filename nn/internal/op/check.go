package op

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

func shapeError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ir.ErrShape, fmt.Sprintf(format, args...))
}

func unsupported(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ir.ErrUnsupported, fmt.Sprintf(format, args...))
}

// maxElements bounds one sample and one parameter: 4 TB. What is larger is a slip
// that would overflow sizes later.
const maxElements = 1 << 40

// one is the type of an only output, if it can be held in memory.
func one(t ir.Type) ([]ir.Type, error) {
	elems := 1
	for _, d := range t.Dims {
		if d < 1 || d > maxElements/elems {
			return nil, shapeError("a result of %s: each size must be at least 1, and all together at most 2^40 elements", t)
		}
		elems *= d
	}
	return []ir.Type{t}, nil
}

// arity checks the number of inputs.
func arity(in []ir.Type, n int) error {
	if len(in) != n {
		return shapeError("%d inputs: there must be %d", len(in), n)
	}
	return nil
}

// samples checks that there are n inputs, all with a batch axis and in plain layout.
func samples(in []ir.Type, n int) error {
	if err := arity(in, n); err != nil {
		return err
	}
	for _, t := range in {
		if !t.Batched {
			return shapeError("a tensor of %s without a batch axis: there must be one", t)
		}
	}
	return plain(in...)
}

// plain checks that elements lie in row-major order.
func plain(in ...ir.Type) error {
	for _, t := range in {
		if t.Layout != ops.NCX {
			return unsupported("layout %s: it must be %s", t.Layout, ops.NCX)
		}
	}
	return nil
}

// alike checks that there are at least n inputs, of one shape and layout.
func alike(in []ir.Type, n int) error {
	if len(in) < n {
		return shapeError("%d inputs: there must be at least %d", len(in), n)
	}
	for _, t := range in[1:] {
		switch {
		case t.Batched != in[0].Batched:
			return shapeError("%s and %s: one has a batch axis and the other has none", in[0], t)
		case !t.Same(in[0]):
			return shapeError("shapes differ: %s and %s", in[0], t)
		case t.Layout != in[0].Layout:
			return unsupported("layouts differ: %s and %s", in[0].Layout, t.Layout)
		}
	}
	return nil
}

// elementwise infers an operation on n inputs, element by element, in any layout.
func elementwise(in []ir.Type, n int) ([]ir.Type, error) {
	if err := arity(in, n); err != nil {
		return nil, err
	}
	if err := alike(in, n); err != nil {
		return nil, err
	}
	return in[:1:1], nil
}

// expect checks an input of an operation of the backward pass, or a variable.
func expect(name string, t, want ir.Type) error {
	if !t.Same(want) {
		return shapeError("%s of %s: it must be %s", name, t, want)
	}
	return nil
}

// featureAxis is the dimension of a sample that holds its channels or features: the
// last of a sequence, steps x features, and otherwise the first.
func featureAxis(t ir.Type) int {
	if len(t.Dims) == 2 {
		return 1
	}
	return 0
}

// features are the channels or features of a sample, and the numbers of elements
// that the dimensions before and after them have.
func features(t ir.Type) (before, n, after int) {
	a := featureAxis(t)
	return ir.Sample(t.Dims[:a]...).Elems(), t.Dims[a], ir.Sample(t.Dims[a+1:]...).Elems()
}

// grid reads a sample as channels and the sizes D, H, W; an image has D = 1.
func grid(t ir.Type, rank int) (channels int, size [3]int, err error) {
	if rank != 2 && rank != 3 {
		return 0, size, unsupported("%d spatial axes: there can be 2 or 3", rank)
	}
	if len(t.Dims) != rank+1 {
		return 0, size, shapeError("a sample of %s: it must be %s", t, [...]string{2: "C, H, W", 3: "C, D, H, W"}[rank])
	}
	size[0] = 1
	copy(size[3-rank:], t.Dims[1:])
	return t.Dims[0], size, nil
}

// ungrid is the type of a sample of channels and sizes D, H, W.
func ungrid(channels int, size [3]int, rank int) ir.Type {
	return ir.Sample(append([]int{channels}, size[3-rank:]...)...)
}
