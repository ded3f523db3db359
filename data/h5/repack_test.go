package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRepackMakesRowsWholeAndMeasuresTheGain(t *testing.T) {
	needHDF5(t)
	for _, name := range []string{"b.h5", "b.shard"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			from := writeEvents(t, filepath.Join(dir, "a.h5"), storage{chunkRows: 1, gzip: 1}, 0, 300)
			to := filepath.Join(dir, name)
			out := mustRun(t, "repack", from, to)
			requireEvents(t, to, 300)
			assert.Regexp(t, `rows/s +in order +shuffled +one at random +reads for it`, out)
			assert.Regexp(t, from+`( +[1-9]\d*){3} +\d+ k?B\n`, out)
			assert.Regexp(t, to+`( +[1-9]\d*){3} +[\d.]+ k?B\n`, out)
			assert.Regexp(t, `gain( +\d[\d.]*x){4}`, out)
			f, err := inspect(to)
			require.NoError(t, err)
			assert.Equal(t, 1, f.sets[0].blocks.across)
			assert.NotEmpty(t, f.sets[0].checked)
		})
	}
}

func TestRepackOfRowsThatWereCut(t *testing.T) {
	needHDF5(t)
	to := filepath.Join(t.TempDir(), "b.h5")
	mustRun(t, "repack", testdata("layouts.h5"), to, "--gzip", "4", "--chunk-rows", "10")
	before, err := inspect(testdata("layouts.h5"))
	require.NoError(t, err)
	after, err := inspect(to)
	require.NoError(t, err)
	require.Len(t, after.sets, len(before.sets))
	for i, s := range after.sets {
		assert.Equal(t, before.sets[i].shape, s.shape)
		assert.Equal(t, before.sets[i].kind, s.kind)
		assert.Equal(t, 10, s.blocks.rows)
		assert.Equal(t, []string{"gzip", "fletcher32"}, s.blocks.filters)
	}
}
