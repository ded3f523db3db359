package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/recipes/calogan/physics"
)

func TestValidate(t *testing.T) {
	a := simulated(t, simulation{events: 300, seed: 1})
	b := simulated(t, simulation{events: 300, seed: 2})
	out := filepath.Join(t.TempDir(), "plots")
	require.NoError(t, runValidate(t.Context(), io.Discard, []string{"--data", a, "--gan", b, "--out", out}))
	for _, name := range []string{"validation.json", "profiles.png", "mean_shower.png"} {
		info, err := os.Stat(filepath.Join(out, name))
		require.NoError(t, err)
		assert.Positive(t, info.Size())
	}
	report, err := compare(context.Background(), a, b)
	require.NoError(t, err)
	assert.True(t, report.Passed(), "%+v", report.Criteria)
	assert.Equal(t, 300, report.GAN.Events)
}

// written makes a file of two rows of the given shapes.
func written(t *testing.T, ecal, target []int, energy float32) string {
	file := filepath.Join(t.TempDir(), "file.h5")
	fields := []source.Field{{Name: "ECAL", Shape: ecal}, {Name: "target", Shape: target}}
	w, err := hdf5.Create(file, fields...)
	if errors.Is(err, hdf5.ErrUnavailable) {
		t.Skip("built without HDF5")
	}
	require.NoError(t, err)
	for _, f := range fields {
		rows := make([]float32, 2*f.Size())
		if f.Name == "target" {
			for i := range rows {
				rows[i] = energy
			}
		}
		require.NoError(t, w.Append(f.Name, rows))
	}
	require.NoError(t, w.Close())
	return file
}

func TestOpenShowersChecksTheLayout(t *testing.T) {
	shape := []int{25, 25, 25}
	for _, tc := range []struct {
		name   string
		ecal   []int
		target []int
		want   string
	}{
		{"the variable-angle window", []int{51, 51, 25}, []int{2}, `a row of "ECAL" is [51 51 25]; a shower of this network is [25 25 25]`},
		{"flattened", []int{15625}, []int{2}, "[15625]"},
		{"no energy", shape, []int{1}, `a row of "target" is [1]`},
		{"an older layout", shape, []int{1, 2}, `a row of "target" is [1 2]`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := openShowers(written(t, tc.ecal, tc.target, 50))
			require.ErrorIs(t, err, source.ErrShape)
			assert.ErrorContains(t, err, tc.want)
			assert.ErrorContains(t, err, "file.h5")
		})
	}
}

func TestMoreColumnsAreAllowed(t *testing.T) {
	_, energies := readAll(t, written(t, []int{25, 25, 25}, []int{5}, 50))
	assert.Equal(t, []float32{50, 50}, energies)
}

func TestPatternsOpenSeveralFiles(t *testing.T) {
	file := written(t, []int{25, 25, 25}, []int{2}, 50)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(file), "second.h5"), text, 0o600))
	_, energies := readAll(t, filepath.Join(filepath.Dir(file), "*.h5"))
	assert.Len(t, energies, 4)
}

func TestValidateErrorsNameTheFile(t *testing.T) {
	good := written(t, []int{25, 25, 25}, []int{2}, 50)
	bad := written(t, []int{25, 25, 25}, []int{2}, -50)
	_, err := compare(context.Background(), good, bad)
	require.ErrorIs(t, err, physics.ErrInput)
	assert.ErrorContains(t, err, bad)
	assert.ErrorContains(t, err, "a primary energy of -50 GeV")
	_, err = compare(context.Background(), good, filepath.Join(t.TempDir(), "nowhere*.h5"))
	assert.ErrorContains(t, err, "nowhere*.h5")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = compare(ctx, good, good)
	assert.ErrorContains(t, err, "interrupted at shower 0 of 2")
}
