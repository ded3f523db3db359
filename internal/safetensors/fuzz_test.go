package safetensors

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzFile opens arbitrary bytes. What is accepted must lie within the file, and
// must come back the same when written again.
func FuzzFile(f *testing.F) {
	metadata, tensors := sample()
	tensors[2] = Of("long", []int{1, 2}, []float32{1, 2})
	f.Add(written(f, metadata, tensors...))
	f.Add(written(f, nil))
	f.Add(raw(`{"h":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]}}`, 6))
	f.Add(raw(`{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}`, 8))
	f.Add(raw(`{"__metadata__":{"a":"\ud800"},"\u0000":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}`, 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := fromBytes(b)
		if err != nil {
			require.ErrorIs(t, err, ErrFormat)
			return
		}
		size := 0
		var again []Tensor
		for _, info := range file.Tensors() {
			size += int(info.bytes())
			if tensor, ok := reloaded(t, file, info); ok {
				again = append(again, tensor)
			}
		}
		require.LessOrEqual(t, size, len(b))
		roundTrip(t, file.Metadata(), again)
	})
}

// reloaded is a tensor of a file, ready to be written, if its type can be read.
func reloaded(t *testing.T, f *File, info Info) (Tensor, bool) {
	switch info.DType {
	case F32:
		return Of(info.Name, info.Shape, loaded[float32](t, f, info.Name)), true
	case F64:
		return Of(info.Name, info.Shape, loaded[float64](t, f, info.Name)), true
	case I64:
		return Of(info.Name, info.Shape, loaded[int64](t, f, info.Name)), true
	case U64:
		return Of(info.Name, info.Shape, loaded[uint64](t, f, info.Name)), true
	case U8:
		return Of(info.Name, info.Shape, loaded[uint8](t, f, info.Name)), true
	}
	_, err := Load[float32](f, info.Name)
	assert.ErrorIs(t, err, ErrType)
	return Tensor{}, false
}

func roundTrip(t *testing.T, metadata map[string]string, tensors []Tensor) {
	first := written(t, metadata, tensors...)
	f, err := fromBytes(first)
	require.NoError(t, err)
	var again []Tensor
	for _, info := range f.Tensors() {
		tensor, ok := reloaded(t, f, info)
		require.True(t, ok)
		again = append(again, tensor)
	}
	require.True(t, bytes.Equal(first, written(t, f.Metadata(), again...)))
}
