package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

func built(t *testing.T, outputs int, seed uint64) (architecture, *nn.Net) {
	a, err := architectureNamed("small")
	require.NoError(t, err)
	net, err := a.build(outputs)
	require.NoError(t, err)
	net.Init(seed)
	return a, net
}

func TestWeightsOfOtherOutputsGiveAllButTheLastLayer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "thousand.safetensors")
	a, donor := built(t, 1000, 1)
	donor.Statistics()[0] = 17 // running statistics belong to it
	require.NoError(t, donor.Save(path, nil))
	_, net := built(t, nih.Count, 2)
	_, fresh := built(t, nih.Count, 2)
	whole, err := a.load(net, path)
	require.NoError(t, err)
	assert.False(t, whole)
	from, before, last := donor.Params(), fresh.Params(), 0
	for i, p := range net.Params() {
		if p.Path == "logits/weights" || p.Path == "logits/bias" {
			assert.Equal(t, before[i].Data, p.Data, p.Path)
			last++
			continue
		}
		assert.Equal(t, from[i].Data, p.Data, p.Path)
	}
	assert.Equal(t, 2, last)
	assert.Equal(t, float32(17), net.Statistics()[0])
}

func TestWeightsOfTheSameOutputsGiveAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.safetensors")
	a, donor := built(t, nih.Count, 1)
	require.NoError(t, donor.Save(path, nil))
	_, net := built(t, nih.Count, 2)
	whole, err := a.load(net, path)
	require.NoError(t, err)
	assert.True(t, whole)
	assert.Equal(t, donor.Weights(), net.Weights())
}

func TestWeightsOfAnotherNetworkAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.safetensors")
	g := nn.New("other")
	other, err := g.Output("y", g.Vec("x", 3).Dense(5).As("logits")).Build()
	require.NoError(t, err)
	require.NoError(t, other.Save(path, nil))
	a, net := built(t, nih.Count, 1)
	before := append([]float32(nil), net.Weights()...)
	_, err = a.load(net, path)
	assert.ErrorContains(t, err, "other.safetensors")
	_, err = a.load(net, "nothing.safetensors")
	assert.ErrorContains(t, err, "nothing.safetensors")
	require.NoError(t, other.Save(path, map[string]string{archKey: "densenet121"}))
	_, err = a.load(net, path)
	assert.ErrorContains(t, err, "other.safetensors: the weights are of the network densenet121, not small")
	assert.Equal(t, before, net.Weights())
	require.NoError(t, other.Save(path, nil))
	_, _, err = loadModel(path)
	assert.ErrorContains(t, err, `the metadata entry "arch": there is no network ""`)
}

// TestDenseNetIsThatOfTheTable: 121 layers with fourteen outputs, and their parameters.
func TestDenseNetIsThatOfTheTable(t *testing.T) {
	a, err := architectureNamed("densenet121")
	require.NoError(t, err)
	net, err := a.build(nih.Count)
	require.NoError(t, err)
	assert.Equal(t, 6_968_206, net.Size())
}
