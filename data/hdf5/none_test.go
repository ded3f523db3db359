package hdf5

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

func TestWithoutHDF5(t *testing.T) {
	if h5.Available {
		t.Skip("built with HDF5; run with CGO_ENABLED=0 or -tags nohdf5")
	}
	_, err := Open("testdata/types.h5")
	require.ErrorIs(t, err, ErrUnavailable)
	assert.ErrorContains(t, err, "testdata/types.h5")
	assert.ErrorContains(t, err, "apt-get install libhdf5-dev")
	_, err = OpenSource([]string{"testdata/types.h5"}, "float32")
	assert.ErrorIs(t, err, ErrUnavailable)
	assert.ErrorIs(t, Verify("testdata/types.h5"), ErrUnavailable)
	dir := t.TempDir()
	_, err = Create(filepath.Join(dir, "a.h5"), source.Field{Name: "x"})
	assert.ErrorIs(t, err, ErrUnavailable)
	assert.Empty(t, listDir(t, dir))
}
