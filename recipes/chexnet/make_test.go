package main

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

func TestMakeMakesTheLayout(t *testing.T) {
	dir := made(t, 40, 48)
	set, err := nih.Open(dir, nih.Options{})
	require.NoError(t, err)
	assert.Zero(t, set.Unlisted)
	assert.Equal(t, 30, countPatients(set.TrainVal))
	assert.Equal(t, 10, countPatients(set.Test))
	for _, e := range append(set.TrainVal, set.Test...) {
		file, err := os.ReadFile(e.Path)
		require.NoError(t, err)
		img, err := png.DecodeConfig(bytes.NewReader(file))
		require.NoError(t, err)
		assert.Equal(t, []int{48, 48}, []int{img.Width, img.Height})
	}
}

func TestMakeMakesTheSameFromASeed(t *testing.T) {
	a, b := made(t, 6, 32), made(t, 6, 32)
	files, err := filepath.Glob(filepath.Join(a, "*", "*.png"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range append(files, filepath.Join(a, "Data_Entry_2017.csv")) {
		name, err := filepath.Rel(a, path)
		require.NoError(t, err)
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(b, name))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(want, got), name)
	}
}

func TestMakeLeavesNothingWhenItIsInterrupted(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := making{out: filepath.Join(dir, "made"), patients: 1_000_000_000, size: 32, rate: 0.5, seed: 1}.run(ctx)
	require.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, "is not made")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
}
