package hdf5

import (
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

func needHDF5(t testing.TB) {
	t.Helper()
	if !h5.Available {
		t.Skip("built without HDF5")
	}
}

// python is one that has h5py, the independent witness of these tests.
const python = "/usr/bin/python3"

func needH5py(t testing.TB) {
	t.Helper()
	if err := exec.Command(python, "-c", "import h5py").Run(); err != nil {
		t.Skipf("%s has no h5py (Debian: apt-get install python3-h5py): %v", python, err)
	}
}

func runPython(t testing.TB, args ...string) string {
	t.Helper()
	out, err := exec.Command(python, args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return strings.TrimSpace(string(out))
}

// eachTestdata runs fn over the committed files, and over the same files made
// afresh by the h5py of this machine, which may be another version.
func eachTestdata(t *testing.T, fn func(t *testing.T, dir string)) {
	needHDF5(t)
	t.Run("committed", func(t *testing.T) { fn(t, "testdata") })
	t.Run("made by h5py now", func(t *testing.T) {
		needH5py(t)
		dir := t.TempDir()
		runPython(t, "testdata/make.py", dir)
		fn(t, dir)
	})
}

func open(t testing.TB, elem ...string) *File {
	t.Helper()
	f, err := Open(filepath.Join(elem...))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	return f
}

func dataset(t testing.TB, f *File, name string) *Dataset {
	t.Helper()
	ds, err := f.Dataset(name)
	require.NoError(t, err)
	return ds
}

func readAll(t testing.TB, ds *Dataset) []float32 {
	t.Helper()
	dst := make([]float32, ds.Rows()*ds.RowSize())
	require.NoError(t, ds.ReadRows(dst, 0, ds.Rows()))
	return dst
}

// float32s is a field of columns as float32.
func float32s(c *source.Columns, field int) []float32 {
	f := c.Fields()[field]
	x := make([]float32, c.Rows()*f.Size())
	source.Float32s(x, c.All(field), f.Kind)
	return x
}

// pattern is what testdata/make.py writes in n elements of the named type.
func pattern(n int, typ string) []float32 {
	x := make([]float32, n)
	for k := range x {
		v := float32(7 * k % 23)
		if !strings.HasPrefix(typ, "uint") {
			v -= 11
		}
		if strings.Contains(typ, "float") {
			v /= 4
		}
		x[k] = v
	}
	return x
}

// copyFile returns a copy of a file that a test may damage.
func copyFile(t testing.TB, path string) (string, []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	to := filepath.Join(t.TempDir(), filepath.Base(path))
	require.NoError(t, os.WriteFile(to, b, 0o644))
	return to, b
}

func bytesOf(x []float32) []byte {
	var b []byte
	for _, v := range x {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

// fletcher32 is the checksum of the HDF5 filter: Fletcher's over big-endian
// 16-bit words, modulo 65535.
func fletcher32(b []byte) uint32 {
	var s, t uint32
	for i := 0; i+1 < len(b); i += 2 {
		s = (s + uint32(b[i])<<8 + uint32(b[i+1])) % 65535
		t = (t + s) % 65535
	}
	return t<<16 | s
}
