package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/cli"
)

func bench(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := program.Run(t.Context(), &out, args)
	return out.String(), err
}

func TestAllreduceTimesEveryLength(t *testing.T) {
	for _, how := range [][]string{nil, {"--started"}} {
		out, err := bench(t, append([]string{"allreduce", "--ranks", "2", "--json", "--min", "4096", "--max", "100000"}, how...)...)
		require.NoError(t, err)
		var sizes []int
		for d := json.NewDecoder(bytes.NewReader([]byte(out))); d.More(); {
			var l timing
			require.NoError(t, d.Decode(&l))
			assert.Equal(t, 2, l.Ranks)
			assert.Positive(t, l.Least)
			assert.LessOrEqual(t, l.Least, l.Mean)
			assert.LessOrEqual(t, l.Mean, l.Most)
			sizes = append(sizes, l.Bytes)
		}
		assert.Equal(t, []int{4096, 16384, 65536, 100000}, sizes)
	}
}

func TestAllreduceRefusesLengthsThatAreNoFloats(t *testing.T) {
	for _, max := range []string{"4097", "4092"} {
		_, err := bench(t, "allreduce", "--ranks", "2", "--max", max)
		assert.ErrorIs(t, err, cli.ErrUsage)
	}
}

func TestBandwidthIsOfWhatARankSends(t *testing.T) {
	assert.InDelta(t, 1.5, timing{Bytes: 1_000_000, Ranks: 4, Mean: 1000}.bandwidth(), 1e-12)
}
