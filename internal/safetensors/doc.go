// Package safetensors reads and writes the safetensors format, in which weights
// travel between Cascade, PyTorch, JAX and Keras: a list of named arrays that
// holds no code and can be checked before it is believed.
//
//	err := safetensors.Save("model.safetensors", map[string]string{"step": "4096"},
//		safetensors.Of("dense/weights", []int{10, 64}, weights),
//		safetensors.Of("dense/bias", []int{10}, bias))
//
//	f, err := safetensors.Open("model.safetensors")
//	defer f.Close()
//	err = safetensors.Read(f, "dense/bias", bias)
//
// [Tensor] is an array to be written, straight from the slice that holds it, and
// [File] is a file open for reading, all of whose header has been checked.
//
// # Format
//
// A file is the length of the header (8 bytes, little-endian), the header (JSON)
// and the data. The header maps each name to a dtype, a shape and the tensor's
// half-open range of bytes in the data, and "__metadata__" to a map of strings:
//
//	{"__metadata__":{"step":"4096"},
//	 "dense/bias":{"dtype":"F32","shape":[10],"data_offsets":[0,40]}}
//
// Elements are little-endian, in row-major order. The ranges follow one another
// without holes. Files written here are the same bytes for the same tensors:
// wider dtypes come first, then names in order, and the header is filled with
// spaces to a multiple of 8 bytes, so that every element is aligned.
//
// The format is that of https://github.com/huggingface/safetensors.
package safetensors
