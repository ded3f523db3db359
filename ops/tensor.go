package ops

import "fmt"

// Tensor is a block of float32 with a shape, N, C, [D,] H, W, and a layout. The
// data start on a 64-byte boundary when the tensor was made by [NewTensor].
type Tensor struct {
	Shape  []int
	Layout Layout
	Data   []float32
}

// NewTensor returns a zeroed tensor in plain layout.
func NewTensor(shape ...int) Tensor {
	return Tensor{Shape: shape, Layout: NCX, Data: Alloc(NCX.Size(shape))}
}

// Wrap returns a plain tensor on data that the caller owns. The length must be
// that of the shape.
func Wrap(data []float32, shape ...int) (Tensor, error) {
	if want := NCX.Size(shape); len(data) != want {
		return Tensor{}, fmt.Errorf("ops: %d values cannot fill a tensor of shape %v, which has %d", len(data), shape, want)
	}
	return Tensor{Shape: shape, Layout: NCX, Data: data}, nil
}
