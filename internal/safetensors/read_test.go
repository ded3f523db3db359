package safetensors

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReadsPyTorch reads what PyTorch's library wrote, whose I64 tensors are not
// aligned, and recomputes a step of SGD from it.
func TestReadsPyTorch(t *testing.T) {
	f := torch(t)
	assert.Equal(t, 55, len(f.Metadata()))
	assert.Equal(t, 330, len(f.Tensors()))
	info, err := f.Info("conv3d_small/w")
	require.NoError(t, err)
	assert.Equal(t, "conv3d_small/w F32 [8 8 5 5 5]", info.String())
	p := loaded[float32](t, f, "opt_sgd/p0")
	grad, param := loaded[float32](t, f, "opt_sgd/grad"), loaded[float32](t, f, "opt_sgd/param")
	for i := range p {
		assert.InDelta(t, param[i], p[i]-0.1*grad[i], 1e-6)
	}
	for _, class := range loaded[int64](t, f, "loss_softmax_ce/target") {
		assert.True(t, 0 <= class && class < 10)
	}
}

func TestRefuses(t *testing.T) {
	const good = `"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}`
	deep := strings.Repeat("[", 100_000)
	tests := map[string]struct {
		file    []byte
		message string
	}{
		"empty file":                  {nil, "0 bytes, where the length"},
		"half a length":               {[]byte{1, 0, 0}, "3 bytes"},
		"length beyond the limit":     {[]byte{0, 0, 0, 0, 0, 0, 0, 0x80}, "9223372036854775808 bytes is announced: at most"},
		"length beyond the file":      {raw("{", 0)[:8], "truncated: a header of 1 bytes is announced and 0"},
		"no header":                   {raw("", 0), "does not begin with '{'"},
		"space before the header":     {raw(" {}", 0), "does not begin with '{'"},
		"header not UTF-8":            {raw("{\"\xff\":1}", 0), "not UTF-8"},
		"header is cut short":         {raw(`{"w":{"dtype":"F32",`, 0), "unexpected EOF"},
		"bytes after the header":      {raw("{} x", 0), "1 bytes after its end"},
		"not JSON":                    {raw("{w}", 0), "header: invalid character"},
		"nested without end":          {raw(`{"w":{"shape":`+deep, 0), "[ where a number is expected"},
		"name twice":                  {raw("{"+good+","+good+"}", 8), `key "w" appears twice`},
		"metadata twice":              {raw(`{"__metadata__":{},"__metadata__":{}}`, 0), `"__metadata__" appears twice`},
		"key of metadata twice":       {raw(`{"__metadata__":{"a":"b","a":"c"}}`, 0), `"a" appears twice`},
		"metadata that is no string":  {raw(`{"__metadata__":{"a":1}}`, 0), `"a": 1 where a string is expected`},
		"metadata that is no object":  {raw(`{"__metadata__":"a"}`, 0), `a where a bracket is expected`},
		"tensor that is no object":    {raw(`{"w":null}`, 0), `tensor "w": <nil> where a bracket`},
		"member twice":                {raw(`{"w":{"dtype":"F32","dtype":"F32","shape":[]}}`, 0), `key "dtype" appears twice`},
		"member missing":              {raw(`{"w":{"dtype":"F32","shape":[2]}}`, 8), "2 of the members"},
		"member unknown":              {raw(`{"w":{"offsets":[0,8]}}`, 8), `member "offsets"`},
		"member in another case":      {raw(`{"w":{"DType":"F32"}}`, 8), `member "DType"`},
		"dtype unknown":               {raw(strings.Replace("{"+good+"}", "F32", "F33", 1), 8), `dtype: "F33" is not a known type`},
		"dtype is a number":           {raw(`{"w":{"dtype":32}}`, 0), "dtype: 32 where a string is expected"},
		"negative extent":             {raw(`{"w":{"shape":[-2]}}`, 0), "shape: -2 where a whole number"},
		"fractional extent":           {raw(`{"w":{"shape":[2.0]}}`, 0), "shape: 2.0 where a whole number"},
		"extent beyond an int":        {raw(`{"w":{"shape":[9223372036854775808]}}`, 0), "where a whole number of at most 63 bits"},
		"three offsets":               {raw(`{"w":{"data_offsets":[0,4,8]}}`, 0), "3 numbers where two"},
		"offsets shorter than shape":  {raw(strings.Replace("{"+good+"}", "[2]", "[3]", 1), 8), "data_offsets [0,8] where F32 [3] takes 12 bytes"},
		"offsets longer than shape":   {raw(strings.Replace("{"+good+"}", "[2]", "[1]", 1), 8), "data_offsets [0,8] where F32 [1] takes 4 bytes"},
		"offsets in the wrong order":  {raw(strings.Replace("{"+good+"}", "[0,8]", "[8,0]", 1), 8), "data_offsets [8,0]"},
		"bytes that overflow 64 bits": {raw(strings.Replace("{"+good+"}", "[2]", "[4611686018427387904,4]", 1), 8), "more bytes than can be counted"},
		"data missing":                {raw("{"+good+"}", 7), "truncated: it ends at byte 8 of the data, of which there are 7"},
		"data too many":               {raw("{"+good+"}", 9), "9 bytes of data where the tensors take 8"},
		"data without tensors":        {raw("{}", 1), "1 bytes of data where the tensors take 0"},
		"hole at the start":           {raw(strings.Replace("{"+good+"}", "[0,8]", "[4,12]", 1), 12), "a hole after byte 0"},
		"hole in the middle":          {raw("{"+good+`,"v":{"dtype":"U8","shape":[1],"data_offsets":[9,10]}}`, 10), "a hole after byte 8"},
		"overlap":                     {raw("{"+good+`,"v":{"dtype":"U8","shape":[1],"data_offsets":[7,8]}}`, 8), "another tensor ends at 8"},
		"same place":                  {raw("{"+good+`,"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8), "another tensor ends at 8"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := fromBytes(tt.file)
			assert.ErrorIs(t, err, ErrFormat)
			assert.ErrorContains(t, err, "safetensors: memory: ")
			assert.ErrorContains(t, err, tt.message)
		})
	}
}

func TestAccepts(t *testing.T) {
	tests := map[string][]byte{
		"padding with spaces":        raw(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}     `, 8),
		"header in another order":    raw(`{"w":{"data_offsets":[0,8],"shape":[2],"dtype":"F32"}}`, 8),
		"no tensors":                 raw(`{}`, 0),
		"header not padded":          raw(`{ }`, 0),
		"empty tensors in one place": raw(`{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"b":{"dtype":"U8","shape":[3,0],"data_offsets":[0,0]}}`, 0),
		"types that cannot be read":  raw(`{"h":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]}}`, 6),
	}
	for name, file := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := fromBytes(file)
			assert.NoError(t, err)
		})
	}
}

// TestEveryTruncation cuts a good file at every byte.
func TestEveryTruncation(t *testing.T) {
	whole := written(t, map[string]string{"step": "1"}, Of("w", []int{3}, []float32{1, 2, 3}), Of("b", nil, []uint8{4}))
	for n := range whole {
		_, err := fromBytes(whole[:n])
		require.ErrorIs(t, err, ErrFormat, "%d of %d bytes", n, len(whole))
	}
}

func TestReadRefuses(t *testing.T) {
	f, err := fromBytes(written(t, nil, Of("dense/w", []int{2, 3}, make([]float32, 6))))
	require.NoError(t, err)
	tests := map[string]struct {
		read    func() error
		err     error
		message string
	}{
		"missing":              {func() error { return Read(f, "w", make([]float32, 6)) }, ErrMissing, `memory: tensor "w"`},
		"missing, loaded":      {func() error { _, err := Load[float32](f, "w"); return err }, ErrMissing, `tensor "w"`},
		"wrong type":           {func() error { return Read(f, "dense/w", make([]float64, 6)) }, ErrType, "it is F32 [2 3], not F64"},
		"wrong type, loaded":   {func() error { _, err := Load[int64](f, "dense/w"); return err }, ErrType, "not I64"},
		"destination too long": {func() error { return Read(f, "dense/w", make([]float32, 7)) }, ErrShape, "F32 [2 3], of 6 elements, not 7"},
		"destination empty":    {func() error { return Read(f, "dense/w", []float32{}) }, ErrShape, "not 0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := tt.read()
			assert.ErrorIs(t, err, tt.err)
			assert.ErrorContains(t, err, tt.message)
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "none"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = Open(t.TempDir())
	assert.ErrorIs(t, err, ErrFormat)
}

func TestCutShortAfterOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model")
	require.NoError(t, Save(path, nil, Of("w", []int{8}, make([]float32, 8))))
	f, err := Open(path)
	require.NoError(t, err)
	defer f.Close()
	require.NoError(t, os.Truncate(path, f.start+20))
	err = Read(f, "w", make([]float32, 8))
	assert.ErrorIs(t, err, ErrFormat)
	assert.ErrorContains(t, err, `tensor "w"`)
}

// TestMemory: lies about sizes take no memory.
func TestMemory(t *testing.T) {
	tests := map[string][]byte{
		"header of 100 MB announced": {0, 0xe1, 0xf5, 5, 0, 0, 0, 0, '{'},
		"tensor of a terabyte":       raw(`{"w":{"dtype":"F32","shape":[274877906944],"data_offsets":[0,1099511627776]}}`, 8),
	}
	for name, file := range tests {
		t.Run(name, func(t *testing.T) {
			got := allocated(func() {
				_, err := NewFile("memory", bytes.NewReader(file), int64(len(file)))
				assert.ErrorIs(t, err, ErrFormat)
			})
			assert.Less(t, got, uint64(1<<20))
		})
	}
}

// allocated is the number of bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
