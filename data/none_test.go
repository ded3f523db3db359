package data

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/internal/h5"
)

func TestWithoutHDF5(t *testing.T) {
	if h5.Available {
		t.Skip("built with HDF5; run with CGO_ENABLED=0 or -tags nohdf5")
	}
	_, err := OpenHDF5("testdata/types.h5")
	require.ErrorIs(t, err, ErrNoHDF5)
	assert.ErrorContains(t, err, "testdata/types.h5")
	assert.ErrorContains(t, err, "apt-get install libhdf5-dev")
	_, err = OpenHDF5Source([]string{"testdata/types.h5"}, "float32")
	assert.ErrorIs(t, err, ErrNoHDF5)
	dir := t.TempDir()
	_, err = CreateHDF5(filepath.Join(dir, "a.h5"), Field{"x", nil})
	assert.ErrorIs(t, err, ErrNoHDF5)
	assert.Empty(t, listDir(t, dir))
}
