package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/cli"
)

// TestStepMeasuresThreeWays, with every rank's own batch and with a part of one.
func TestStepMeasuresThreeWays(t *testing.T) {
	for _, test := range []struct {
		name  string
		flags []string
		batch int
	}{
		{"weak", nil, 4},
		{"strong", []string{"--strong"}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "step.json")
			flags := []string{"step", "--ranks", "2", "--net", "resnet20", "--batch", "4", "--rounds", "2", "--for", "1ms", "--out", file}
			out, err := bench(t, append(flags, test.flags...)...)
			require.NoError(t, err)
			assert.Contains(t, out, "goroutines of one process")
			assert.Regexp(t, `resnet20 +`+test.name+` +2 +1 +`, out)

			b, err := os.ReadFile(file)
			require.NoError(t, err)
			var list []scaling
			require.NoError(t, json.Unmarshal(b, &list))
			require.Len(t, list, 1)
			s := list[0]
			assert.Equal(t, test.batch, s.Batch)
			assert.Equal(t, 4, s.One)
			// ResNet-20's parameters for 10 classes, and two statistics of each of the
			// 688 channels that are normalised.
			assert.EqualValues(t, 4*(269_722+2*688), s.Bytes)
			assert.GreaterOrEqual(t, s.Buckets, 2, "gradients, and statistics")
			for _, ms := range [][]float64{s.Alone, s.Apart, s.Together, s.Busy, s.Exposed, s.Last} {
				require.Len(t, ms, 2)
				assert.Positive(t, ms[0])
				assert.Positive(t, ms[1])
			}
			assert.Less(t, s.Exposed[0], s.Together[0])
			assert.LessOrEqual(t, s.Last[0], s.Exposed[0])
		})
	}
}

func TestStepRefusesWhatCannotBe(t *testing.T) {
	for says, flags := range map[string][]string{
		"cannot be shared by 2 ranks": {"--strong", "--batch", "3"},
		"at least 1 is expected":      {"--threads", "0"},
		`there is no step "lenet"`:    {"--net", "lenet"},
	} {
		_, err := bench(t, append([]string{"step", "--ranks", "2"}, flags...)...)
		assert.ErrorContains(t, err, says)
	}
	for _, nets := range []string{"resnet20:0", "resnet20:x", "resnet20,3dgan:-1"} {
		_, err := bench(t, "step", "--net", nets)
		assert.ErrorIs(t, err, cli.ErrUsage)
	}
	_, err := bench(t, "step", "--batch", "0")
	assert.ErrorIs(t, err, cli.ErrUsage)
	list, err := netBatches("resnet20:64,3dgan", 4)
	assert.NoError(t, err)
	assert.Equal(t, []netBatch{{"resnet20", 64}, {"3dgan", 4}}, list)
}

// TestRatesAreOfARank: of two ranks that take 11 ms for what one does in 10, or for half
// of it.
func TestRatesAreOfARank(t *testing.T) {
	s := scaling{Ranks: 2, Batch: 8, One: 8, Alone: []float64{10, 20, 10}, Apart: []float64{10, 20, 10}, Together: []float64{11, 22, 11}}
	assert.InDelta(t, 10./11, s.efficiency(), 1e-12)
	assert.InDelta(t, 1, s.control(), 1e-12)
	assert.InDelta(t, 10./11, s.kept(), 1e-12)
	assert.InDelta(t, 16/11e-3, s.rate(), 1e-9)
	s.Batch = 4
	assert.InDelta(t, 5./11, s.efficiency(), 1e-12, "half the samples in the time of a step")
	assert.InDelta(t, 10./11, s.kept(), 1e-12)
}
