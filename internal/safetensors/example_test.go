package safetensors_test

import (
	"bytes"
	"fmt"

	"github.com/cascade-hpc/cascade/internal/safetensors"
)

func Example() {
	var b bytes.Buffer
	err := safetensors.Write(&b, map[string]string{"step": "4096"},
		safetensors.Of("dense/weights", []int{2, 3}, []float32{1, 2, 3, 4, 5, 6}),
		safetensors.Of("dense/bias", []int{2}, []float32{0.5, -0.5}))
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := safetensors.NewFile("memory", bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		fmt.Println(err)
		return
	}
	bias, err := safetensors.Load[float32](f, "dense/bias")
	fmt.Println(f.Tensors(), f.Metadata(), bias, err)
	fmt.Println(safetensors.Read(f, "dense/weights", make([]float32, 4)))
	// Output:
	// [dense/bias F32 [2] dense/weights F32 [2 3]] map[step:4096] [0.5 -0.5] <nil>
	// safetensors: memory: tensor "dense/weights": wrong shape: it is F32 [2 3], of 6 elements, not 4
}
