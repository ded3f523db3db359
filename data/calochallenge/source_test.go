//go:build cgo && !nohdf5

package calochallenge

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
)

// write makes a file of two showers whose voxels count on.
func write(t *testing.T, path string, voxels int) {
	t.Helper()
	w, err := hdf5.Create(path, source.Field{Name: Energies, Shape: []int{1}}, source.Field{Name: Showers, Shape: []int{voxels}})
	require.NoError(t, err)
	cells := make([]float32, 2*voxels)
	for i := range cells {
		cells[i] = float32(i)
	}
	require.NoError(t, w.Append(Showers, cells))
	require.NoError(t, w.Append(Energies, []float32{1000, 2000}))
	require.NoError(t, w.Close())
}

func TestShowersArriveAsVolumes(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "dataset_2_1.hdf5"), 2*3*4)
	write(t, filepath.Join(dir, "dataset_2_2.hdf5"), 2*3*4)
	b, err := parseBinning([]byte(electrons(2, 3, 4, 1)), "electron")
	require.NoError(t, err)
	src, err := Open(b, filepath.Join(dir, "*.hdf5"))
	require.NoError(t, err)
	defer src.Close()
	assert.Equal(t, 4, src.Rows())
	assert.Equal(t, []source.Field{{Name: Showers, Shape: []int{1, 2, 3, 4}}, {Name: Energies}}, src.Fields())
	var c source.Columns
	require.NoError(t, src.Read(&c, source.Range{From: 1, To: 3}))
	assert.Equal(t, src.Fields(), c.Fields())
	assert.Equal(t, float32(24+b.Index(1, 2, 3)), source.Float32View(c.Row(0, 0))[23])
	assert.Equal(t, []float32{2000, 1000}, source.Float32View(c.All(1)))
}

func TestFilesOfAnotherGeometryAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.hdf5")
	write(t, path, 23)
	b, err := parseBinning([]byte(electrons(2, 3, 4, 1)), "electron")
	require.NoError(t, err)
	_, err = Open(b, path)
	require.ErrorIs(t, err, source.ErrShape)
	assert.ErrorContains(t, err, `a row of "showers" is (23,); the binning for "electron" has 24`)
	_, err = Open(b, path+".none")
	assert.ErrorIs(t, err, source.ErrMissing)
}
