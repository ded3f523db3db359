package main

import (
	"errors"
	"io"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/hdf5"
)

// made is a folder of drawn images in the published layout.
func made(t *testing.T, patients, size int) string {
	m := making{out: filepath.Join(t.TempDir(), "made"), patients: patients, size: size, rate: 0.2, seed: 3}
	_, err := m.run(t.Context())
	require.NoError(t, err)
	return m.out
}

// converted is the folder of train_val.h5 and test.h5 made of such a folder.
func converted(t *testing.T, images string, size int) string {
	out := filepath.Join(t.TempDir(), "h5")
	err := conversion{images: images, out: out, size: size}.run(t.Context(), io.Discard)
	if errors.Is(err, hdf5.ErrUnavailable) {
		t.Skip("built without HDF5")
	}
	require.NoError(t, err)
	return out
}

// short is a training of two epochs of few steps.
func short(data, out string) *training {
	return &training{
		data: data, out: out, arch: "small", epochs: 2, batch: 8, lr: 1e-3, patience: 1,
		crop: 1, validation: 0.2, seed: 5, stdout: io.Discard,
	}
}
