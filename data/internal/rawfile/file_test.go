package rawfile

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

func written(t *testing.T, contents []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, contents, 0o644))
	return path
}

func zipped(t *testing.T, contents []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(contents)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func opened(t *testing.T, path string) *File {
	t.Helper()
	f, err := Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, f.Close()) })
	return f
}

func TestReadAt(t *testing.T) {
	path := written(t, []byte("0123456789"))
	f := opened(t, path)
	p := make([]byte, 4)
	require.NoError(t, f.ReadAt(p, 6))
	assert.Equal(t, "6789", string(p))
	assert.Equal(t, int64(10), f.Size())
	assert.Equal(t, int64(4), f.Counts().StoredBytes)
	for _, at := range []int64{-1, 7, 11, 1 << 62} {
		assert.ErrorIs(t, f.ReadAt(p, at), source.ErrCorrupt)
	}
	require.NoError(t, os.Truncate(path, 8))
	err := f.ReadAt(p, 6)
	assert.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, "shorter")
}

func TestOpenRefusesWhatIsNoFile(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "none"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
	_, err = Open(t.TempDir())
	assert.ErrorIs(t, err, source.ErrFormat)
}

func TestGzippedFilesAreReadFromMemory(t *testing.T) {
	contents := bytes.Repeat([]byte("0123456789"), 1000)
	f := opened(t, written(t, zipped(t, contents)))
	is, err := f.Gzipped()
	require.NoError(t, err)
	require.True(t, is)
	require.NoError(t, f.Inflate(10000))
	stored := f.Counts().StoredBytes
	assert.Equal(t, int64(2+len(zipped(t, contents))), stored, "two bytes to look, then all")
	p := make([]byte, 3)
	require.NoError(t, f.ReadAt(p, 9997))
	assert.Equal(t, "789", string(p))
	assert.Equal(t, int64(10000), f.Size())
	assert.Equal(t, stored, f.Counts().StoredBytes, "memory is no file")
	f.Decoded(3, time.Second)
	assert.Equal(t, int64(3), f.Counts().DecodedBytes)
	assert.GreaterOrEqual(t, f.Counts().DecodeNanos, int64(time.Second))

	plain := opened(t, written(t, []byte("0")))
	is, err = plain.Gzipped()
	require.NoError(t, err)
	assert.False(t, is)
}

func TestInflateOfNothing(t *testing.T) {
	f := opened(t, written(t, zipped(t, nil)))
	require.NoError(t, f.Inflate(0))
	assert.Zero(t, f.Size())
	assert.NoError(t, f.ReadAt(nil, 0))
	assert.ErrorIs(t, f.ReadAt(make([]byte, 1), 0), source.ErrCorrupt)
}

func TestInflateRefuses(t *testing.T) {
	whole := zipped(t, make([]byte, 1000))
	for at := range whole {
		assert.ErrorIs(t, opened(t, written(t, whole[:at])).Inflate(1000), source.ErrCorrupt, "truncated at %d", at)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-8] ^= 1 // of the CRC-32
	assert.ErrorIs(t, opened(t, written(t, flipped)).Inflate(1000), source.ErrCorrupt)
	assert.ErrorIs(t, opened(t, written(t, whole)).Inflate(999), source.ErrRefused)
}

// More files than may be open at once can all be read.
func TestManyFiles(t *testing.T) {
	path := written(t, []byte("x"))
	files := make([]*File, mostKept+10)
	for i := range files {
		files[i] = opened(t, path)
	}
	assert.LessOrEqual(t, kept.Load(), int64(mostKept))
	assert.Nil(t, files[len(files)-1].disk)
	var p [1]byte
	for _, f := range files {
		require.NoError(t, f.ReadAt(p[:], 0))
		require.Equal(t, "x", string(p[:]))
		require.NoError(t, f.Close())
	}
	assert.Zero(t, kept.Load())
}
