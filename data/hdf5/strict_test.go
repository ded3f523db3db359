package hdf5

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

func TestVerifyReadsEverything(t *testing.T) {
	needHDF5(t)
	paths := []string{"testdata/latest.h5", "testdata/refused.h5", "testdata/shower_0.h5"}
	var told []string
	s := Strict{Progress: func(v Verified, done, of int) {
		told = append(told, v.Path)
		assert.Equal(t, len(told), done)
		assert.Equal(t, 3, of)
	}}
	found, err := s.Verify(t.Context(), paths...)
	require.NoError(t, err)
	assert.ElementsMatch(t, paths, told)
	for i, v := range found {
		assert.Equal(t, paths[i], v.Path)
		assert.Positive(t, v.Datasets)
		assert.Positive(t, v.Bytes)
		assert.Positive(t, v.Elapsed)
		assert.NoError(t, v.Err)
	}
	assert.NotContains(t, found[0].Unchecked, "fletcher32")
	assert.Contains(t, found[1].Unchecked, "good")
	assert.Contains(t, fmt.Sprint(found[1].Refused), "external: refused: its elements are in another file")
}

func TestVerifyTellsOfEachDamagedFile(t *testing.T) {
	needHDF5(t)
	path, b := copyFile(t, "testdata/latest.h5")
	b[findChunk(t, b)+5] ^= 1
	require.NoError(t, os.WriteFile(path, b, 0o644))
	absent := filepath.Join(t.TempDir(), "absent.h5")
	found, err := Strict{}.Verify(t.Context(), "testdata/shower_0.h5", path, "testdata/make.py", absent, "testdata/incomplete.h5")
	require.Error(t, err)
	assert.NoError(t, found[0].Err)
	assert.ErrorIs(t, found[1].Err, source.ErrCorrupt)
	assert.ErrorContains(t, found[1].Err, path)
	assert.ErrorContains(t, found[1].Err, `data set "fletcher32"`)
	assert.ErrorIs(t, found[2].Err, source.ErrFormat)
	assert.ErrorIs(t, found[3].Err, os.ErrNotExist)
	assert.ErrorIs(t, found[4].Err, source.ErrCorrupt)
	for _, v := range found[1:] {
		assert.ErrorContains(t, err, v.Err.Error())
	}
}

func TestStrictOpensWhatItHasVerified(t *testing.T) {
	needHDF5(t)
	f, err := Strict{}.Open("testdata/shower_0.h5")
	require.NoError(t, err)
	require.NoError(t, f.Close())
	src, err := Strict{}.OpenSource([]string{"testdata/shower_0.h5", "testdata/shower_1.h5"}, "ECAL")
	require.NoError(t, err)
	require.NoError(t, src.Close())
	_, err = Strict{}.Open("testdata/incomplete.h5")
	require.ErrorIs(t, err, source.ErrCorrupt)
	_, err = Strict{}.OpenSource([]string{"testdata/shower_0.h5", "testdata/absent.h5"}, "ECAL")
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = Strict{}.OpenSource([]string{"testdata/shower_0.h5"}, "absent")
	require.ErrorIs(t, err, source.ErrMissing)
}

func TestAFileThatChangesWhileItIsVerifiedIsRefused(t *testing.T) {
	needHDF5(t)
	path, b := copyFile(t, "testdata/shower_0.h5")
	s := Strict{Progress: func(Verified, int, int) { // between verifying and opening
		assert.NoError(t, os.WriteFile(path+".new", b, 0o644))
		assert.NoError(t, os.Rename(path+".new", path))
	}}
	_, err := s.Open(path)
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, path+": damaged file: the file changed while it was verified")
	_, err = s.OpenSource([]string{path}, "ECAL")
	require.ErrorIs(t, err, source.ErrCorrupt)
}

// A child that takes too long, or more memory than it may have, is an error of
// the file it reads.
func TestLimitsOfAChild(t *testing.T) {
	needHDF5(t)
	const path = "testdata/shower_0.h5"
	_, err := Strict{Timeout: time.Microsecond}.Verify(t.Context(), path)
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, path+": damaged file: a child that read it was not done after 1µs")

	// One chunk of 128 MiB, of zeros.
	big := filepath.Join(t.TempDir(), "big.h5")
	w, err := Options{Gzip: 1, ChunkRows: 32 << 20}.Create(big, source.Field{Name: "x"})
	require.NoError(t, err)
	require.NoError(t, w.Append("x", make([]float32, 1)))
	require.NoError(t, w.Close())
	require.NoError(t, Verify(big))
	_, err = Strict{Memory: leastMemory}.Verify(t.Context(), big)
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, big)
	assert.ErrorContains(t, err, "memory")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Strict{}.Verify(ctx, path)
	require.ErrorIs(t, err, context.Canceled)
	for _, s := range []Strict{{Timeout: -1}, {Memory: leastMemory - 1}, {Children: -1}} {
		_, err = s.Verify(t.Context(), path)
		require.ErrorIs(t, err, source.ErrRange)
	}
}

// Two changes of a byte that make floats of megabytes, whose conversion crashed
// libhdf5 1.10.8. Nothing of them is read; the other data sets are.
func TestAbsurdNumbersAreNotConverted(t *testing.T) {
	needHDF5(t)
	const path = "testdata/damage/earliest_gzip_fletcher32.h5"
	bad, good := copyFile(t, path)
	d := damage{Ranges: metadata(t, path)}
	for k, name := range map[int]string{1062: "energy", 1292: "calo/HCAL"} {
		require.NoError(t, os.WriteFile(bad, d.apply(good, k), 0o644))
		f, err := Strict{}.Open(bad)
		require.NoError(t, err)
		_, err = f.Dataset(name)
		require.ErrorIs(t, err, source.ErrType)
		readAll(t, dataset(t, f, "ECAL"))
		require.NoError(t, f.Close())
	}
}

// verifyAloud is the role of a program that verifies a file.
func verifyAloud(path string) error {
	fmt.Println("main runs")
	err := Verify(path)
	fmt.Println("verified:", err)
	return nil
}

// A program's main runs once, not in the children too, and what it reads and
// prints is its own.
func TestVerifyRunsMainOnce(t *testing.T) {
	needHDF5(t)
	cmd := child("verify", "testdata/latest.h5")
	cmd.Stdin = strings.NewReader("not for the child")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err)
	assert.Equal(t, "main runs\nverified: <nil>\n", string(out))
}

// Many files at once are each verified once, in children of their own.
func TestVerifyManyFiles(t *testing.T) {
	needHDF5(t)
	dir := t.TempDir()
	var paths []string
	for i := range 9 {
		path := filepath.Join(dir, fmt.Sprintf("%d.h5", i))
		writeShowers(t, Options{ChunkRows: 4}, path, 10+i)
		paths = append(paths, path)
	}
	bad := rand.IntN(len(paths))
	b, err := os.ReadFile(paths[bad])
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(paths[bad], b[:len(b)-100], 0o644))
	found, err := Strict{Children: 3}.Verify(t.Context(), paths...)
	require.ErrorIs(t, err, source.ErrCorrupt)
	for i, v := range found {
		assert.Equal(t, paths[i], v.Path)
		assert.Equal(t, i == bad, v.Err != nil, "%v", v.Err)
		assert.Empty(t, v.Unchecked)
	}
}

// A program whose file was replaced, or removed as here, verifies with itself.
func TestVerifyStartsTheProgramThatRuns(t *testing.T) {
	needHDF5(t)
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has a name for the program that runs")
	}
	program := filepath.Join(t.TempDir(), "program")
	if err := os.Link(os.Args[0], program); err != nil {
		t.Skip(err)
	}
	cmd := child("verify and remove the program", "testdata/latest.h5")
	cmd.Path = program
	out, err := cmd.CombinedOutput()
	require.NoError(t, err)
	assert.NoFileExists(t, program)
	assert.Equal(t, "main runs\nverified: <nil>\n", string(out))
}

func removeAndVerify(path string) error {
	self, err := os.Executable()
	if err == nil {
		err = os.Remove(self)
	}
	return errors.Join(err, verifyAloud(path))
}

func TestPathsNeedNotBeUTF8(t *testing.T) {
	needHDF5(t)
	from, b := copyFile(t, "testdata/shower_0.h5")
	path := filepath.Join(filepath.Dir(from), "caf\xe9.h5")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Skip(err) // macOS refuses such names
	}
	found, err := Strict{}.Verify(t.Context(), path)
	require.NoError(t, err)
	assert.Equal(t, path, found[0].Path)
	require.NoError(t, os.WriteFile(path, b[:len(b)-100], 0o644))
	err = Verify(path)
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, path)
}
