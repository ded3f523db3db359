package hdf5

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// A file of the oldest format has no checksums on what it says of itself. Its
// words are changed one by one; the rows that they do not concern stay readable.
func TestAddressesAndSizesAreNotBelieved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.h5")
	makeFile(t, path, `
x = np.arange(4000, dtype="f4").reshape(1000, 4)
f.create_dataset("chunks", data=x, chunks=(100, 4))
f.create_dataset("gzip", data=x, chunks=(100, 4), compression="gzip")
f["contiguous"] = x`)
	good, err := os.ReadFile(path)
	require.NoError(t, err)
	chunk := func(name string) (address uint64, size uint32) { // of rows [300, 400)
		f := open(t, path)
		c := dataset(t, f, name).storage.(*chunked)
		list, err := c.chunks()
		require.NoError(t, err)
		require.NoError(t, f.Close())
		return list[3].Address, list[3].Size
	}
	f := open(t, path)
	contiguousAt := dataset(t, f, "contiguous").storage.(*contiguous).offset
	require.NoError(t, f.Close())
	word := func(v uint64) []byte { return binary.LittleEndian.AppendUint64(nil, v) }
	chunksAt, _ := chunk("chunks")
	gzipAt, gzipSize := chunk("gzip")
	size := uint64(len(good))
	for _, tc := range []struct {
		name, set   string
		was, is     []byte
		says        string
		othersStand bool
	}{
		{"chunk beyond the end", "chunks", word(chunksAt), word(size - 100), "chunk 3, of the rows [300, 400): damaged file", true},
		{"chunk far beyond", "chunks", word(chunksAt), word(1 << 60), "chunk 3, of the rows [300, 400): damaged file", true},
		{"chunk at the last address", "chunks", word(chunksAt), word(math.MaxUint64 - 1), "chunk 3, of the rows [300, 400): damaged file", true},
		{"gzip chunk elsewhere", "gzip", word(gzipAt), word(8), "chunk 3, of the rows [300, 400): damaged file: gzip", true},
		{"gzip chunk in another", "gzip", word(gzipAt), word(gzipAt + 1), "chunks 3 and 4 share bytes", false},
		{"gzip chunk beyond the end", "gzip", word(gzipAt), word(size + 1), "chunk 3, of the rows [300, 400): damaged file", true},
		{"gzip chunk cut", "gzip", sizeBefore(gzipSize, good, gzipAt), sizeBefore(gzipSize-1, good, gzipAt), "chunk 3, of the rows [300, 400): damaged file: gzip", true},
		{"gzip chunk of 4 GB", "gzip", sizeBefore(gzipSize, good, gzipAt), sizeBefore(math.MaxUint32, good, gzipAt), "chunk 3, of the rows [300, 400): damaged file", true},
		{"contiguous beyond the end", "contiguous", word(contiguousAt), word(size - 100), "damaged file", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, 1, bytes.Count(good, tc.was), "the word is in the file once")
			require.NoError(t, os.WriteFile(path, bytes.Replace(good, tc.was, tc.is, 1), 0o644))
			src, err := OpenSource([]string{path}, tc.set)
			require.NoError(t, err)
			defer src.Close()
			var dst source.Columns
			err = src.Read(&dst, source.Range{From: 250, To: 450})
			require.ErrorIs(t, err, source.ErrCorrupt)
			assert.ErrorContains(t, err, tc.says)
			assert.ErrorContains(t, err, "a.h5")
			if tc.othersStand {
				require.NoError(t, src.Read(&dst, source.Range{To: 300}))
				require.NoError(t, src.Read(&dst, source.Range{From: 400, To: 1000}))
				assert.Equal(t, float32(1600), float32s(&dst, 0)[0])
			}
		})
	}
}

// sizeBefore is a chunk's entry in a B-tree of version 1: its size, its filter
// mask, its offsets along three axes (the last within an element) and, after
// them, its address.
func sizeBefore(size uint32, file []byte, address uint64) []byte {
	at := bytes.Index(file, binary.LittleEndian.AppendUint64(nil, address))
	entry := bytes.Clone(file[at-32 : at+8])
	binary.LittleEndian.PutUint32(entry, size)
	return entry
}

func TestAFileCutWhileItIsOpenIsNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.h5")
	makeFile(t, path, `
f["x"] = np.arange(100000)
f.create_dataset("gzip", data=np.random.default_rng(1).random(100000), chunks=(1000,), compression="gzip")`)
	for _, name := range []string{"x", "gzip"} {
		src := openOne(t, path, name)
		var dst source.Columns
		require.NoError(t, src.Read(&dst, source.Range{To: 100}))
		whole, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.Truncate(path, 10000))
		err = src.Read(&dst, source.Range{From: 90000, To: 100000})
		require.ErrorIs(t, err, source.ErrCorrupt)
		assert.ErrorContains(t, err, `a.h5: data set "`+name+`" (100000,), rows [90000, 90000+10000)`)
		assert.ErrorContains(t, err, "beyond the end of the file")
		require.NoError(t, os.WriteFile(path, whole, 0o644))
	}
}

// All goroutines that wait for a damaged chunk learn of it, and the next attempt
// is a new one.
func TestADamagedChunkFailsForEveryoneAndIsTriedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.h5")
	makeFile(t, path, `f.create_dataset("x", data=np.random.default_rng(1).random(4000), chunks=(1000,), fletcher32=True)`)
	src := openOne(t, path, "x")
	list, err := src.parts[0].sets[0].storage.(*chunked).chunks()
	require.NoError(t, err)
	flip := func() {
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		require.NoError(t, err)
		defer file.Close()
		var b [1]byte
		at := int64(list[1].Address) + 77
		_, err = file.ReadAt(b[:], at)
		require.NoError(t, err)
		_, err = file.WriteAt([]byte{b[0] ^ 4}, at)
		require.NoError(t, err)
	}
	flip()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			var dst source.Columns
			assert.ErrorIs(t, src.Read(&dst, source.Range{From: 1100, To: 1200}), source.ErrCorrupt)
			assert.NoError(t, src.Read(&dst, source.Range{From: 2100, To: 2200}))
		})
	}
	wg.Wait()
	flip()
	var dst source.Columns
	assert.NoError(t, src.Read(&dst, source.Range{From: 1100, To: 1200}))
}
