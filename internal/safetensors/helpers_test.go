package safetensors

import (
	"bytes"
	"encoding/binary"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// sample has every element type, a scalar, an empty tensor, a tensor longer than
// a chunk, and lengths that would misalign what follows them.
func sample() (map[string]string, []Tensor) {
	long := make([]float32, 3*chunk/8+5)
	for i := range long {
		long[i] = float32(i) / 7
	}
	return map[string]string{"step": "4096", "note": "a <b> & \"ü\"\n"}, []Tensor{
		Of("z/bytes", []int{3}, []uint8{0, 127, 255}),
		Of("conv/weights", []int{2, 1, 3}, []float32{1, -2.5, 3.25e-30, 0, 1.5, 3e38}),
		Of("long", []int{len(long)}, long),
		Of("moments", []int{2, 2}, []float64{1.0 / 3, -1e300, 5e-324, 0}),
		Of("class", []int{2}, []int64{-1 << 63, 1<<63 - 1}),
		Of("key", []int{1}, []uint64{1<<64 - 1}),
		Of("scalar", nil, []float32{42}),
		Of("empty", []int{4, 0, 2}, []float32{}),
		Of("ünicode \"quoted\"", []int{1}, []uint8{9}),
	}
}

func written(t testing.TB, metadata map[string]string, tensors ...Tensor) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Write(&b, metadata, tensors...))
	return b.Bytes()
}

func fromBytes(b []byte) (*File, error) {
	return NewFile("memory", bytes.NewReader(b), int64(len(b)))
}

// raw is a file of a hand-written header and some bytes of data.
func raw(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	b = append(b, header...)
	return append(b, make([]byte, data)...)
}

func loaded[T Element](t testing.TB, f *File, name string) []T {
	t.Helper()
	data, err := Load[T](f, name)
	require.NoError(t, err)
	return data
}

// torch opens a file that PyTorch's own library wrote.
func torch(t testing.TB) *File {
	t.Helper()
	const path = "../golden/testdata/torch.safetensors"
	_, err := os.Stat(path)
	require.NoError(t, err)
	f, err := Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	return f
}
