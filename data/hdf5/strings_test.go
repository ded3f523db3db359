package hdf5

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// Rows of bytes in each way that h5py and others store them; row i of the 40 is
// i letters, or one more where none is possible.
const writeStrings = `
import h5py, numpy as np, sys
with h5py.File(sys.argv[1], "w") as f:
    rows = [b"abcdefghij" * 4][0]
    rows = [rows[:i] for i in range(40)]
    f["fixed"] = np.array(rows, "S44")
    f.create_dataset("fixed_gzip", data=np.array(rows, "S44"), chunks=(7,), compression="gzip", shuffle=True)
    f.create_dataset("text", data=[r.decode() for r in rows], dtype=h5py.string_dtype())
    f.create_dataset("text_column", data=[[r.decode()] for r in rows], dtype=h5py.string_dtype(), chunks=(7, 1), compression="gzip")
    for name, pad in ("null_terminated", h5py.h5t.STR_NULLTERM), ("space_padded", h5py.h5t.STR_SPACEPAD):
        t = h5py.h5t.C_S1.copy()
        t.set_size(44)
        t.set_strpad(pad)
        d = h5py.h5d.create(f.id, name.encode(), t, h5py.h5s.create_simple((40,)))
        fill = b" " if pad == h5py.h5t.STR_SPACEPAD else b"\0x"
        d.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([(r + fill * 44)[:44] for r in rows], "S44"), t)
    for name, base in ("jpeg", "u1"), ("signed", "i1"):
        d = f.create_dataset(name, (40,), h5py.vlen_dtype(base), chunks=(9,))
        for i, r in enumerate(rows):
            d[i] = np.frombuffer(r, base)
    f.create_dataset("unwritten", (40,), h5py.string_dtype(), chunks=(9,))
    f["number"] = np.arange(40)
`

func TestRowsOfBytes(t *testing.T) {
	needHDF5(t)
	needH5py(t)
	path := filepath.Join(t.TempDir(), "a.h5")
	runPython(t, "-c", writeStrings, path)
	names := []string{"fixed", "fixed_gzip", "text", "text_column", "null_terminated", "space_padded", "jpeg", "signed", "unwritten", "number"}
	src, err := OpenSource([]string{path}, names...)
	require.NoError(t, err)
	defer src.Close()
	var dst source.Columns
	for from := 0; from <= 40; from += 3 {
		for to := from; to <= 40; to += 4 {
			require.NoError(t, src.Read(&dst, source.Range{From: from, To: to}))
			for k, f := range dst.Fields()[:9] {
				require.True(t, f.Equal(source.Field{Name: names[k], Kind: source.Bytes}), f)
				for row := range dst.Rows() {
					want := "abcdefghijabcdefghijabcdefghijabcdefghij"[:from+row]
					if f.Name == "unwritten" {
						want = ""
					}
					require.Equal(t, want, string(dst.Row(k, row)), "%s, row %d", f, from+row)
				}
			}
		}
	}
	f := open(t, path)
	for name, says := range map[string]string{
		"fixed": `"fixed" string of 44 bytes (40,)`, "text": `"text" string (40,)`, "jpeg": `"jpeg" variable-length uint8 (40,)`,
	} {
		ds := dataset(t, f, name)
		assert.Equal(t, says, ds.Info().String())
		assert.Equal(t, source.Bytes, ds.Info().Kind)
		require.ErrorIs(t, ds.ReadRows(make([]float32, 1), 0, 1), source.ErrType)
		require.ErrorIs(t, ds.ReadInts(make([]int64, 1), 0, 1), source.ErrType)
	}
}

// Strings as long as images: extents of about a mebibyte, every byte counted, and
// nothing left behind in C's memory.
func TestLongRowsOfBytesAreReadInExtentsAndFreed(t *testing.T) {
	needHDF5(t)
	needH5py(t)
	path := filepath.Join(t.TempDir(), "a.h5")
	runPython(t, "-c", `
import h5py, numpy as np, sys
with h5py.File(sys.argv[1], "w") as f:
    d = f.create_dataset("jpeg", (64,), h5py.vlen_dtype("u1"))
    for i in range(64):
        d[i] = np.zeros(100000 + i, "u1")
    f["label"] = np.arange(64)
`, path)
	src, err := OpenSource([]string{path}, "jpeg", "label")
	require.NoError(t, err)
	defer src.Close()
	extents := src.Extents()
	assert.InDelta(t, 7, len(extents), 1, "of about a mebibyte each")
	var dst source.Columns
	before := 0
	for round := range 50 {
		if round == 1 {
			before = residentBytes(t)
		}
		for _, r := range extents {
			require.NoError(t, src.Read(&dst, r))
			for row := range dst.Rows() {
				require.Len(t, dst.Row(0, row), 100000+r.From+row, fmt.Sprint(r))
			}
		}
	}
	assert.Equal(t, int64(50*(64*100000+63*64/2+64*8)), src.Counts().DecodedBytes)
	assert.Less(t, residentBytes(t)-before, 100<<20, "what libhdf5 allocated for 300 MB of strings is freed")
}

// residentBytes is the memory of the process, C's and Go's.
func residentBytes(t *testing.T) int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("no /proc")
	}
	var total, resident int
	_, err = fmt.Sscan(string(text), &total, &resident)
	require.NoError(t, err)
	return resident * os.Getpagesize()
}
