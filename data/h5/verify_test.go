package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

func TestVerifyCountsWhatIsNotFinite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.shard")
	fields := []source.Field{{Name: "x", Shape: []int{4}}, {Name: "y", Kind: source.Float64}, {Name: "half", Kind: source.Float16}, {Name: "b", Kind: source.Bytes}}
	w, err := storage{}.create(path, fields)
	require.NoError(t, err)
	var c source.Columns
	c.Reset(fields, 2)
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	copy(source.Float32View(c.All(0)), []float32{nan, 1, inf, -nan, 0, -math.MaxFloat32, 3, nan})
	copy(c.All(1), source.BytesOf([]float64{math.Inf(1), 1e300}))
	copy(c.All(2), source.BytesOf([]uint16{0x7c01, 0xfc00}))
	c.Append(3, nil)
	c.Append(3, []byte("x"))
	require.NoError(t, w.AppendColumns(&c))
	require.NoError(t, w.Close())
	out := mustRun(t, "verify", path)
	assert.Regexp(t, `x: 2 rows, 32 B, \S+ MB/s; 3 NaN, 1 infinite; checked by CRC-32C`, out)
	assert.Regexp(t, `y: 2 rows, 16 B, \S+ MB/s; 0 NaN, 1 infinite; checked`, out)
	assert.Regexp(t, `half: 2 rows, 4 B, \S+ MB/s; 1 NaN, 1 infinite; checked`, out)
	assert.Regexp(t, `b: 2 rows, 1 B, \S+ MB/s; 0 NaN, 0 infinite; checked`, out)
}

func TestVerifyFindsDamage(t *testing.T) {
	needHDF5(t)
	for _, name := range []string{"a.shard", "a.h5"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			good := writeEvents(t, filepath.Join(dir, "z"+name), storage{}, 0, 2000)
			bad := writeEvents(t, filepath.Join(dir, name), storage{}, 0, 2000)
			flip(t, bad, find(t, bad, eventRows(500, 1).Row(0, 0)))
			out, err := run(t, "verify", bad, good)
			require.ErrorIs(t, err, source.ErrCorrupt)
			assert.ErrorContains(t, err, bad)
			assert.Contains(t, out, bad+": DAMAGED or unreadable\n")
			assert.NotContains(t, out, good+": DAMAGED")
			assert.Contains(t, out, "label: 2,000 rows, 4.00 kB")
		})
	}
}

// find is where a file has these bytes.
func find(t testing.TB, path string, of []byte) int {
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	at := bytes.Index(b, of)
	require.NotEqual(t, -1, at)
	return at
}

func TestVerifySaysWhatCannotBeChecked(t *testing.T) {
	needHDF5(t)
	out := mustRun(t, "verify", testdata("layouts.h5"))
	assert.Regexp(t, `contiguous: 21 rows, .* no checksum: damage would not be noticed`, out)
	assert.Regexp(t, `fletcher32: 21 rows, .* checked by Fletcher32`, out)
	assert.Contains(t, out, "unwritten: 21 rows that were never written: all hold the same value\n")
	assert.Regexp(t, `gzip: 21 rows, .* checked by the Adler-32 of gzip`, out)
}
