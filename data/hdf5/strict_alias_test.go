package hdf5

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

func TestADataSetWithSeveralNamesIsVerifiedOnce(t *testing.T) {
	needHDF5(t)
	needH5py(t)
	for _, libver := range []string{"earliest", "latest"} {
		path := filepath.Join(t.TempDir(), "a.h5")
		runPython(t, "-c", `
import h5py, numpy as np, sys
with h5py.File(sys.argv[1], "w", libver=sys.argv[2]) as f:
    f["label"] = np.arange(40)
    f["y"] = f["label"]
    f["g/x"] = np.arange(8.0)
    f["h"] = f["g"]
    f["h/again"] = f["label"]
`, path, libver)
		found, err := Strict{}.Verify(t.Context(), path)
		require.NoError(t, err)
		assert.Equal(t, 2, found[0].Datasets)
		assert.Equal(t, int64(40*8+8*8), found[0].Bytes)
		assert.ElementsMatch(t, []string{"g/again", "g/x", "h/again", "h/x", "label", "y"}, found[0].Unchecked)
	}
}

func TestNamesOfTheSameDataSetAreCounted(t *testing.T) {
	at := func(path string, address uint64, links int) h5.Object {
		return h5.Object{Path: path, Dataset: true, Address: address, Links: links}
	}
	group := func(path string, address uint64) h5.Object { return h5.Object{Path: path, Address: address, Links: 2} }
	same, err := sameObjects([]h5.Object{at("a", 100, 3), at("b", 200, 1), at("c", 100, 3), group("g", 300), at("g/a", 100, 3)})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"c": "a", "g/a": "a"}, same)
	same, err = sameObjects([]h5.Object{group("g", 300), at("g/a", 100, 1), group("h", 300), at("h/a", 100, 1)})
	require.NoError(t, err, "one link in a group of two names")
	assert.Equal(t, map[string]string{"h/a": "g/a"}, same)
	_, err = sameObjects([]h5.Object{at("a", 100, 1), at("b", 100, 1)})
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, `the names "a" and "b" lead to the same data set, which has 1 names`)
}
