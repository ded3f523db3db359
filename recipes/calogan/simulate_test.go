package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
)

// simulated makes a file of showers and returns its name.
func simulated(t *testing.T, s simulation) string {
	s.out = filepath.Join(t.TempDir(), "showers.h5")
	s.threads = max(s.threads, 1)
	if err := s.run(context.Background()); errors.Is(err, hdf5.ErrUnavailable) {
		t.Skip("built without HDF5")
	} else {
		require.NoError(t, err)
	}
	return s.out
}

// readAll returns the cells and energies of a file.
func readAll(t *testing.T, file string) (ecal, energies []float32) {
	src, err := openShowers(file)
	require.NoError(t, err)
	defer src.Close()
	require.NoError(t, readShowers(context.Background(), src, data.Part(0, 1), func(e, en []float32) error {
		ecal, energies = append(ecal, e...), append(energies, en...)
		return nil
	}))
	return ecal, energies
}

func TestSimulateWritesThePublishedLayout(t *testing.T) {
	const n = 150
	file := simulated(t, simulation{events: n, seed: 3, threads: 2, shower: shower.Config{EnergyMin: 20, EnergyMax: 60}})
	f, err := hdf5.Open(file)
	require.NoError(t, err)
	defer f.Close()
	for name, shape := range map[string][]int{"ECAL": {n, 25, 25, 25}, "target": {n, 2}} {
		ds, err := f.Dataset(name)
		require.NoError(t, err)
		assert.Equal(t, shape, ds.Shape())
		assert.Equal(t, "float32", ds.Info().Type)
		assert.Contains(t, ds.Info().Filters, "fletcher32")
	}
	content, err := f.Attr("content")
	require.NoError(t, err)
	assert.Contains(t, content, "parameterised")
	target, err := f.Dataset("target")
	require.NoError(t, err)
	row := make([]float32, 2)
	require.NoError(t, target.ReadRows(row, n-1, 1))
	assert.EqualValues(t, shower.Electron, row[0])

	ecal, energies := readAll(t, file)
	require.Len(t, energies, n)
	var sum, fit float64
	for _, e := range energies {
		require.True(t, e >= 20 && e <= 60)
		fit += shower.Visible(float64(e))
	}
	for _, v := range ecal {
		sum += float64(v)
	}
	assert.InDelta(t, 1, sum/fit, 0.03, "the cells are in GeV")
}

func TestSimulateDependsOnTheSeedAlone(t *testing.T) {
	cfg := shower.Config{EnergyMin: 10, EnergyMax: 20}
	one, energies := readAll(t, simulated(t, simulation{events: 130, seed: 1, threads: 1, shower: cfg}))
	three, same := readAll(t, simulated(t, simulation{events: 130, seed: 1, threads: 3, shower: cfg}))
	assert.Equal(t, energies, same)
	assert.Equal(t, one, three)
	_, other := readAll(t, simulated(t, simulation{events: 130, seed: 2, threads: 3, shower: cfg}))
	assert.NotEqual(t, energies, other)
}

func TestInterruptedSimulationLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := simulation{events: 1000, seed: 1, threads: 2, out: filepath.Join(dir, "showers.h5")}
	err := s.run(ctx)
	if errors.Is(err, hdf5.ErrUnavailable) {
		t.Skip("built without HDF5")
	}
	require.ErrorContains(t, err, "interrupted")
	require.ErrorContains(t, err, "showers.h5 is not written")
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, files)
}
