package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/cli"
)

func TestConvertKeepsRowsTypesAndAttributes(t *testing.T) {
	needHDF5(t)
	for _, tc := range []struct {
		name, from, to string
		flags          []string
	}{
		{"HDF5 to shard", "in.h5", "out.shard", nil},
		{"HDF5 to compressed shard", "in.h5", "out.shard", []string{"--zstd", "3", "--chunk-rows", "7"}},
		{"shard to HDF5", "in.shard", "out.h5", nil},
		{"shard to compressed HDF5", "in.shard", "out.hdf5", []string{"--gzip", "4", "--shuffle", "--chunk-rows", "7"}},
		{"HDF5 to HDF5", "in.h5", "out.h5", nil},
		{"shard to shard", "in.shard", "out.shard", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			from, to := filepath.Join(dir, tc.from), filepath.Join(dir, tc.to)
			writeEvents(t, from, storage{chunkRows: 16}, 0, 50)
			out := mustRun(t, append([]string{"convert", from, to}, tc.flags...)...)
			assert.Contains(t, out, to+": 50 rows of ECAL, energy, ")
			requireEvents(t, to, 50)
			assert.ElementsMatch(t, []string{tc.from, tc.to}, listDir(t, dir))
		})
	}
}

func TestConvertJoinsFilesInAlphabeticalOrder(t *testing.T) {
	dir := t.TempDir()
	writeEvents(t, filepath.Join(dir, "b.shard"), storage{}, 20, 30)
	writeEvents(t, filepath.Join(dir, "a.shard"), storage{}, 0, 20)
	to := filepath.Join(dir, "all.shard")
	mustRun(t, "convert", filepath.Join(dir, "?.shard"), to)
	requireEvents(t, to, 50)
}

func TestNamesMayHoldWhatPatternsAreMadeOf(t *testing.T) {
	dir := t.TempDir()
	from := writeEvents(t, filepath.Join(dir, "a*[1].shard"), storage{}, 0, 5)
	to := filepath.Join(dir, "b.shard")
	mustRun(t, "convert", from, to)
	requireEvents(t, to, 5)
	assert.Contains(t, mustRun(t, "verify", from), from)
}

func TestConvertTakesSomeFields(t *testing.T) {
	dir := t.TempDir()
	from, to := writeEvents(t, filepath.Join(dir, "a.shard"), storage{}, 0, 5), filepath.Join(dir, "b.shard")
	mustRun(t, "convert", "--fields", "label,ECAL", from, to)
	f, err := inspect(to)
	require.NoError(t, err)
	require.Len(t, f.sets, 2)
	assert.Equal(t, "label", f.sets[0].name)
	assert.Equal(t, []int{5, 2, 3}, f.sets[1].shape)
}

func TestConvertSaysWhatItLeavesOut(t *testing.T) {
	needHDF5(t)
	to := filepath.Join(t.TempDir(), "a.shard")
	out := mustRun(t, "convert", testdata("attributes.h5"), to)
	assert.Contains(t, out, `left out: attribute "complex"`)
	assert.Contains(t, out, `left out: attribute "many"`)
	f, err := inspect(to)
	require.NoError(t, err)
	assert.Contains(t, f.attrs, attr{name: "text", value: "Grüße"})
	_, err = run(t, "convert", testdata("refused.h5"), to)
	require.ErrorIs(t, err, source.ErrShape)
	assert.ErrorContains(t, err, "name those that belong together with --fields")
}

func TestAnInterruptedConversionLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	from := writeEvents(t, filepath.Join(dir, "a.shard"), storage{chunkRows: 1}, 0, 50)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := program.Run(ctx, new(bytes.Buffer), []string{"convert", from, filepath.Join(dir, "b.shard")})
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, []string{"a.shard"}, listDir(t, dir))
}

func TestADamagedInputLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	from := writeEvents(t, filepath.Join(dir, "a.shard"), storage{chunkRows: 10}, 0, 50)
	flip(t, from, 700)
	to := filepath.Join(dir, "b.shard")
	require.NoError(t, os.WriteFile(to, []byte("before"), 0o644))
	_, err := run(t, "convert", from, to)
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.Equal(t, []string{"a.shard", "b.shard"}, listDir(t, dir))
	b, err := os.ReadFile(to)
	require.NoError(t, err)
	assert.Equal(t, "before", string(b))
}

// flip changes a bit of a file.
func flip(t testing.TB, path string, at int) {
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	b[at] ^= 8
	require.NoError(t, os.WriteFile(path, b, 0o644))
}

func TestMistakesInTheArguments(t *testing.T) {
	dir := t.TempDir()
	from := writeEvents(t, filepath.Join(dir, "a.shard"), storage{}, 0, 5)
	to := filepath.Join(dir, "b.shard")
	for _, tc := range []struct {
		name string
		args []string
		want error
		says string
	}{
		{"nothing to list", []string{"info"}, cli.ErrUsage, "name a file"},
		{"nothing to verify", []string{"verify"}, cli.ErrUsage, "name a file"},
		{"no output", []string{"convert", from}, cli.ErrUsage, "name a file to read and one to write"},
		{"two inputs to repack", []string{"repack", from, from, to}, cli.ErrUsage, "name a file to read and one to write"},
		{"a format there is not", []string{"convert", from, "b.npz"}, cli.ErrUsage, "b.npz: the file to write must end in .h5, .hdf5 or .shard"},
		{"gzip for a shard", []string{"convert", from, to, "--gzip", "4"}, cli.ErrUsage, "a shard has --zstd"},
		{"Zstandard for HDF5", []string{"repack", from, "b.h5", "--zstd", "4"}, cli.ErrUsage, "HDF5 has --gzip"},
		{"a shuffle of nothing", []string{"repack", from, "b.h5", "--shuffle"}, cli.ErrUsage, "with --gzip only"},
		{"a level there is not", []string{"convert", from, to, "--zstd", "44"}, cli.ErrUsage, "level 44"},
		{"the input itself", []string{"convert", from, from}, cli.ErrUsage, "is read and cannot be written, too"},
		{"a field there is not", []string{"convert", from, to, "--fields", "HCAL"}, source.ErrMissing, `no field "HCAL"`},
		{"a file there is not", []string{"info", to}, source.ErrMissing, to},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := run(t, tc.args...)
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, tc.says)
			assert.Equal(t, []string{"a.shard"}, listDir(t, dir))
		})
	}
}
