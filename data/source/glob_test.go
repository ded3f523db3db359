package source

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGlobSortsAndListsOnce(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.h5", "a.h5", "c.shard"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o644))
	}
	paths, err := Glob(filepath.Join(dir, "c.shard"), filepath.Join(dir, "*.h5"), filepath.Join(dir, "b.*"))
	require.NoError(t, err)
	var names []string
	for _, p := range paths {
		names = append(names, filepath.Base(p))
	}
	assert.Equal(t, []string{"a.h5", "b.h5", "c.shard"}, names)

	paths, err = Glob(dir+"//a.h5", dir+"/./*.h5")
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(dir, "a.h5"), filepath.Join(dir, "b.h5")}, paths, "however they are spelled")

	_, err = Glob(filepath.Join(dir, "*.h5"), filepath.Join(dir, "*.hdf5"))
	assert.ErrorIs(t, err, ErrMissing)
	assert.ErrorContains(t, err, "*.hdf5")
	_, err = Glob()
	assert.ErrorIs(t, err, ErrMissing)
	_, err = Glob("[")
	assert.ErrorContains(t, err, `"["`)
}

func TestGlobTakesNamesThatLookLikePatterns(t *testing.T) {
	dir := t.TempDir()
	one, other := filepath.Join(dir, "a[1].h5"), filepath.Join(dir, "a1.h5")
	require.NoError(t, os.WriteFile(one, nil, 0o644))
	require.NoError(t, os.WriteFile(other, nil, 0o644))
	paths, err := Glob(one)
	require.NoError(t, err)
	assert.Equal(t, []string{one}, paths)
	paths, err = Glob(filepath.Join(dir, "a[2-9].h5"), filepath.Join(dir, "a?.h5"))
	assert.ErrorIs(t, err, ErrMissing)
	assert.Nil(t, paths)
}
