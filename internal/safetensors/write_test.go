package safetensors

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSaveThenOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.safetensors")
	metadata, tensors := sample()
	require.NoError(t, Save(path, metadata, tensors...))
	f, err := Open(path)
	require.NoError(t, err)
	defer f.Close()
	assert.Equal(t, metadata, f.Metadata())
	assert.Len(t, f.Tensors(), len(tensors))
	for _, want := range tensors {
		got, err := f.Info(want.Name)
		require.NoError(t, err)
		assert.Equal(t, want.DType, got.DType)
		assert.Equal(t, append([]int{}, want.Shape...), got.Shape)
		assert.Equal(t, want.length, got.Len())
	}
	assert.Equal(t, []uint8{0, 127, 255}, loaded[uint8](t, f, "z/bytes"))
	assert.Equal(t, []float32{1, -2.5, 3.25e-30, 0, 1.5, 3e38}, loaded[float32](t, f, "conv/weights"))
	assert.Equal(t, []float64{1.0 / 3, -1e300, 5e-324, 0}, loaded[float64](t, f, "moments"))
	assert.Equal(t, []int64{-1 << 63, 1<<63 - 1}, loaded[int64](t, f, "class"))
	assert.Equal(t, []uint64{1<<64 - 1}, loaded[uint64](t, f, "key"))
	assert.Equal(t, []float32{42}, loaded[float32](t, f, "scalar"))
	assert.Empty(t, loaded[float32](t, f, "empty"))
	long := loaded[float32](t, f, "long")
	for i, x := range long {
		require.Equal(t, float32(i)/7, x, "element %d", i)
	}
}

func TestSpecialFloats(t *testing.T) {
	bits := []uint32{0, 1 << 31, 0x7f800000, 0xff800000, 0x7fc00001, 1}
	data := make([]float32, len(bits))
	for i, b := range bits {
		data[i] = math.Float32frombits(b)
	}
	f, err := fromBytes(written(t, nil, Of("x", []int{6}, data)))
	require.NoError(t, err)
	for i, x := range loaded[float32](t, f, "x") {
		assert.Equal(t, bits[i], math.Float32bits(x), "-0, infinities, NaN and denormals keep their bits")
	}
	assert.Empty(t, f.Metadata())
}

func TestSameBytesInAnyOrder(t *testing.T) {
	metadata, tensors := sample()
	want := written(t, metadata, tensors...)
	slices.Reverse(tensors)
	assert.Equal(t, want, written(t, metadata, tensors...))
}

// TestExactBytes pins the format, so that a mistake made in writer and reader
// alike is found.
func TestExactBytes(t *testing.T) {
	got := written(t, map[string]string{"a": "b"}, Of("w", []int{2}, []float32{1, -2}))
	header := `{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`
	for len(header)%8 != 0 {
		header += " "
	}
	want := append([]byte{byte(len(header)), 0, 0, 0, 0, 0, 0, 0}, header...)
	want = append(want, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0)
	assert.Equal(t, want, got)
	assert.Equal(t, "\x08\x00\x00\x00\x00\x00\x00\x00{}      ", string(written(t, nil)), "no tensors at all")
}

func TestElementsAreAligned(t *testing.T) {
	_, tensors := sample()
	f, err := fromBytes(written(t, nil, tensors...))
	require.NoError(t, err)
	for _, info := range f.Tensors() {
		assert.Zero(t, (f.start+info.begin)%sizes[info.DType], info.Name)
	}
}

func TestWriteRefuses(t *testing.T) {
	one := []float32{1}
	tests := map[string]struct {
		metadata map[string]string
		tensors  []Tensor
		err      error
		message  string
	}{
		"shape larger than the data":  {nil, []Tensor{Of("w", []int{2}, one)}, ErrShape, `tensor "w": wrong shape: [2] for 1 elements`},
		"shape smaller than the data": {nil, []Tensor{Of("w", []int{0}, one)}, ErrShape, `[0] for 1`},
		"negative extent":             {nil, []Tensor{Of("w", []int{-1, -1}, one)}, ErrShape, `[-1 -1]`},
		"shape that overflows":        {nil, []Tensor{Of("w", []int{1 << 32, 1 << 32, 1 << 32}, one)}, ErrShape, `"w"`},
		"same name twice":             {nil, []Tensor{Of("w", nil, one), Of("w", nil, one)}, ErrName, `two tensors`},
		"same name, two dtypes":       {nil, []Tensor{Of("w", nil, one), Of("w", nil, []uint8{1})}, ErrName, `two tensors`},
		"the reserved name":           {nil, []Tensor{Of("__metadata__", nil, one)}, ErrName, `__metadata__`},
		"name that is not UTF-8":      {nil, []Tensor{Of("\xff", nil, one)}, ErrName, `UTF-8`},
		"metadata that is not UTF-8":  {map[string]string{"key": "\xff"}, nil, ErrName, `metadata "key"`},
		"tensor not made with Of":     {nil, []Tensor{{}}, ErrType, `Of`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "model")
			err := Save(path, tt.metadata, tt.tensors...)
			assert.ErrorIs(t, err, tt.err)
			assert.ErrorContains(t, err, path)
			assert.ErrorContains(t, err, tt.message)
			assert.NoFileExists(t, path)
			assert.Error(t, Write(failingWriter{}, tt.metadata, tt.tensors...))
		})
	}
}

func TestHeaderLimit(t *testing.T) {
	metadata, tensors := sample()
	whole, err := header(metadata, tensors, maxHeader)
	require.NoError(t, err)
	_, err = header(metadata, tensors, len(whole)-8)
	assert.NoError(t, err)
	_, err = header(metadata, tensors, len(whole)-9)
	assert.ErrorContains(t, err, "no reader takes more")
}

var errFull = errors.New("disk full")

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errFull }

func TestWriterErrorIsReturned(t *testing.T) {
	assert.ErrorIs(t, Write(failingWriter{}, nil, Of("w", nil, []float32{1})), errFull)
	err := Save(filepath.Join(t.TempDir(), "no", "such"), nil)
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// TestPythonReads has another implementation, in another language, read a file.
func TestPythonReads(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	path := filepath.Join(t.TempDir(), "model.safetensors")
	metadata, tensors := sample()
	require.NoError(t, Save(path, metadata, tensors...))
	out, err := exec.Command(python, "testdata/read.py", path).Output()
	require.NoError(t, err)
	var got struct {
		Metadata map[string]string
		Tensors  map[string]struct {
			DType  DType
			Shape  []int
			Values json.RawMessage
		}
	}
	require.NoError(t, json.Unmarshal(out, &got))
	assert.Equal(t, metadata, got.Metadata)
	assert.Len(t, got.Tensors, len(tensors))
	for _, want := range tensors {
		assert.Equal(t, want.DType, got.Tensors[want.Name].DType)
		assert.Equal(t, append([]int{}, want.Shape...), got.Tensors[want.Name].Shape)
	}
	var weights, long []float32
	var moments []float64
	var class []int64
	var key []uint64
	for name, into := range map[string]any{"conv/weights": &weights, "long": &long, "moments": &moments, "class": &class, "key": &key} {
		require.NoError(t, json.Unmarshal(got.Tensors[name].Values, into), name)
	}
	assert.Equal(t, []float32{1, -2.5, 3.25e-30, 0, 1.5, 3e38}, weights)
	assert.Equal(t, []float64{1.0 / 3, -1e300, 5e-324, 0}, moments)
	assert.Equal(t, []int64{-1 << 63, 1<<63 - 1}, class)
	assert.Equal(t, []uint64{1<<64 - 1}, key)
	require.Len(t, long, 3*chunk/8+5)
	assert.Equal(t, float32(chunk/4)/7, long[chunk/4])
}

// TestWriteDoesNotCopy: writing 4 MB of weights takes one buffer, not 4 MB more.
func TestWriteDoesNotCopy(t *testing.T) {
	weights := Of("w", []int{1 << 20}, make([]float32, 1<<20))
	got := allocated(func() { require.NoError(t, Write(discard{}, nil, weights)) })
	assert.Less(t, got, uint64(4*chunk))
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
