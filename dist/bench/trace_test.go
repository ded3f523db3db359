package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
	"github.com/cascade-hpc/cascade/internal/cli"
)

// traced is a file of bench trace, and what it printed.
func traced(t *testing.T) (file, out string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "step.json")
	out, err := bench(t, "trace", "--net", "resnet20", "--batch", "4", "--repeats", "2", "--out", file)
	require.NoError(t, err)
	return file, out
}

func TestTraceWritesWhatScaleReads(t *testing.T) {
	file, out := traced(t)
	assert.Regexp(t, `resnet20, 4 samples: .*, 1.08 MB to reduce`, out)
	assert.Regexp(t, `forward and backward +[0-9.]+`, out)
	step, err := record.Read(file)
	require.NoError(t, err)
	assert.Equal(t, 2, step.Repeats)
	assert.Equal(t, 4, step.Batch)
}

func TestTraceRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no file":    {nil, "--out: a file"},
		"no net":     {[]string{"--out", "x", "--net", "lenet"}, `--net "lenet": 3dgan, resnet20, resnet50`},
		"no samples": {[]string{"--out", "x", "--batch", "0"}, "--batch 0"},
		"no steps":   {[]string{"--out", "x", "--repeats", "0"}, "--repeats 0"},
	} {
		_, err := bench(t, append([]string{"trace"}, test.args...)...)
		require.ErrorIs(t, err, cli.ErrUsage, name)
		assert.ErrorContains(t, err, test.want, name)
	}
}

func TestMomentsAreOfGradients(t *testing.T) {
	first, half, last := moments([]record.Final{
		{Bytes: 1000, At: 1, Exact: true},
		{Bytes: 4, At: 2},
		{Bytes: 40, At: 3},
		{Bytes: 40, At: 4},
	})
	assert.Equal(t, [3]float64{2, 3, 4}, [3]float64{first, half, last})
}
