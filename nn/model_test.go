package nn_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

func TestSaveAndLoad(t *testing.T) {
	net := build(t, "images", images)
	net.Statistics()[0] = 7
	path := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, net.Save(path, map[string]string{"preset": "small"}))

	other := build(t, "images", images)
	other.Init(99)
	require.NoError(t, other.Load(path))
	assert.Equal(t, net.Weights(), other.Weights())
	assert.Equal(t, net.Statistics(), other.Statistics())

	metadata, err := nn.ReadMetadata(path)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"preset": "small", "format": "cascade", "net": "images"}, metadata)
}

// TestLoadRefuses: a file that does not fit is refused with all reasons, and the net
// keeps what it had.
func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "model.safetensors")
	require.NoError(t, build(t, "volumes", volumes).Save(path, nil))
	cut := filepath.Join(dir, "cut.safetensors")
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(cut, whole[:len(whole)/2], 0o644))

	net := build(t, "images", images)
	before := append([]float32(nil), net.Weights()...)
	tests := []struct{ name, path, says string }{
		{"missing", filepath.Join(dir, "nothing"), "nothing"},
		{"cut short", cut, "cut.safetensors"},
		{"of another net", path, `tensor "conv_1/weights": wrong shape: it is [3 1 2 3 4], not [4 2 3 3]`},
		{"of another net, missing tensors", path, `tensor "conv_2/weights": no such tensor`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := net.Load(test.path)
			assert.ErrorContains(t, err, `nn: loading net "images"`)
			assert.ErrorContains(t, err, test.says)
			assert.Equal(t, before, net.Weights())
		})
	}
	_, err = nn.ReadMetadata(cut)
	assert.ErrorContains(t, err, "cut.safetensors")
}
