package safetensors

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRestore fills memory from a file, all of it or nothing.
func TestRestore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, Save(path, map[string]string{"k": "v"},
		Of("a", []int{2, 2}, []float32{1, 2, 3, 4}), Of("b", []int{1}, []float32{5})))
	target := func(name string, shape ...int) Target {
		n := 1
		for _, d := range shape {
			n *= d
		}
		return Target{Name: name, Shape: shape, Data: make([]float32, n)}
	}
	tests := []struct {
		name    string
		targets []Target
		says    []string // nothing if it fits
	}{
		{"fits", []Target{target("a", 2, 2), target("b", 1)}, nil},
		{"unexpected tensor", []Target{target("a", 2, 2)}, []string{`tensor "b" of [1] is not expected`}},
		{"missing tensor", []Target{target("a", 2, 2), target("b", 1), target("c", 1)}, []string{`tensor "c"`}},
		{"other shape of as many elements", []Target{target("a", 4), target("b", 1)}, []string{`tensor "a"`, "[2 2], not [4]"}},
		{"all at once", []Target{target("a", 3), target("d", 1)}, []string{`"a"`, `"b"`, `"d"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			metadata, err := Restore(path, test.targets)
			if test.says == nil {
				require.NoError(t, err)
				assert.Equal(t, map[string]string{"k": "v"}, metadata)
				assert.Equal(t, []float32{1, 2, 3, 4}, test.targets[0].Data)
				return
			}
			for _, s := range test.says {
				assert.ErrorContains(t, err, s)
			}
			assert.ErrorContains(t, err, path)
			for _, v := range test.targets[0].Data {
				assert.Zero(t, v, "nothing was changed")
			}
		})
	}
}

// TestRestoreOtherType: a tensor of whole numbers is no weight.
func TestRestoreOtherType(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, Save(path, nil, Of("count", []int{1}, []int64{6})))
	_, err := Restore(path, []Target{{Name: "count", Shape: []int{1}, Data: make([]float32, 1)}})
	assert.ErrorContains(t, err, `tensor "count": wrong element type: it is I64 [1], not F32 [1]`)
}

// TestRestoreListsTen: a file of another net has many tensors that do not fit.
func TestRestoreListsTen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	var tensors []Tensor
	for _, name := range strings.Split("abcdefghijklmno", "") {
		tensors = append(tensors, Of(name, []int{1}, []float32{1}))
	}
	require.NoError(t, Save(path, nil, tensors...))
	_, err := Restore(path, nil)
	assert.ErrorContains(t, err, "and 5 more")
}
