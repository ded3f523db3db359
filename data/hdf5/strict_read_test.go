package hdf5

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// 160 MB of strings, and attributes of kinds that are read and that are not, in 128 MiB.
func TestVerifyNeedsLittleMemoryForManyRowsOfBytes(t *testing.T) {
	needHDF5(t)
	needH5py(t)
	path := filepath.Join(t.TempDir(), "a.h5")
	runPython(t, "-c", `
import h5py, numpy as np, sys
with h5py.File(sys.argv[1], "w") as f:
    d = f.create_dataset("jpeg", (1600,), h5py.vlen_dtype("u1"))
    for i in range(1600):
        d[i] = np.zeros(100000, "u1")
    f.attrs["list"] = np.arange(3)
    d.attrs["text"] = "of the data set"
`, path)
	found, err := Strict{Memory: 128 << 20}.Verify(t.Context(), path)
	require.NoError(t, err)
	assert.Equal(t, int64(160_000_000), found[0].Bytes)
}

func TestWorkersHaveAPieceAndMemoryEach(t *testing.T) {
	for _, tc := range []struct {
		workers       int
		memory        int64
		pieces, bytes int
		want          int
	}{
		{8, 4 << 30, 100, 1 << 20, 8},
		{8, 4 << 30, 3, 1 << 20, 3},
		{8, 4 << 30, 100, 1 << 29, 2},
		{8, 64 << 20, 100, 1 << 29, 1},
	} {
		assert.Equal(t, tc.want, task{Workers: tc.workers, Memory: tc.memory}.workers(tc.pieces, tc.bytes))
	}
}

func TestUncheckedAreThoseThatNoChecksumCovers(t *testing.T) {
	needHDF5(t)
	needH5py(t)
	path := filepath.Join(t.TempDir(), "a.h5")
	runPython(t, "-c", `
import h5py, numpy as np, sys
with h5py.File(sys.argv[1], "w") as f:
    noise = np.random.default_rng(1).integers(0, 256, (4, 4096), "u1")
    f.create_dataset("vlen", data=["a", "b"], dtype=h5py.string_dtype(), chunks=(2,), compression="gzip")
    f.create_dataset("fixed", data=np.array([b"a", b"b"], "S4"), chunks=(2,), compression="gzip")
    f.create_dataset("gzip", data=noise, chunks=(1, 4096), compression="gzip")
    f.create_dataset("summed", data=noise, chunks=(1, 4096), compression="gzip", fletcher32=True)
    d = f.create_dataset("skipped", data=noise, chunks=(1, 4096), fletcher32=True)
    d.id.write_direct_chunk((2, 0), noise[2].tobytes(), 1)
    d = f.create_dataset("unfiltered", data=noise, chunks=(1, 4096), compression="gzip", shuffle=True)
    d.id.write_direct_chunk((2, 0), noise[2].tobytes(), 3)
`, path)
	found, err := Strict{}.Verify(t.Context(), path)
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"vlen", "skipped", "unfiltered"}, found[0].Unchecked)
}
