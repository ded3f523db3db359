package hdf5

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// A file may hold what cannot be read: each such data set is listed with the
// reason, and the good one beside them is read.
func TestRefusedDatasets(t *testing.T) {
	eachTestdata(t, func(t *testing.T, dir string) {
		f := open(t, dir, "refused.h5")
		for _, tc := range []struct {
			name string
			want error
			says string
		}{
			{"ragged", source.ErrType, "of type variable-length float32"},
			{"compound", source.ErrType, "of type compound {e float32, n int32}"},
			{"complex", source.ErrType, "of type compound {r float32, i float32}"},
			{"array", source.ErrType, "of type array (2, 2) of float32"},
			{"strings", source.ErrShape, "(2, 2): a row may hold one string"},
			{"opaque", source.ErrType, "of type opaque"},
			{"reference", source.ErrType, "of type reference"},
			{"scalar", source.ErrShape, "a single number"},
			{"null", source.ErrShape, "null data space"},
			{"no_rows", source.ErrShape, "(0, 3): it has no rows"},
			{"no_columns", source.ErrShape, "(3, 0): its rows are empty"},
			{"nine_axes", source.ErrShape, "9 axes; at most 8"},
			{"petabytes", source.ErrRefused, "declares 6.87e+16 bytes but the file stores 0"},
			{"overflow", source.ErrRefused, "declares 4.84e+24 bytes"},
			{"chunk_2GiB", source.ErrRefused, "chunks of 2.15e+09 bytes"},
			{"external", source.ErrRefused, "external storage"},
			{"virtual", source.ErrRefused, "virtual data set"},
			{"soft_link", source.ErrRefused, "soft link"},
			{"external_link", source.ErrRefused, "external link"},
			{"filter_unknown", source.ErrRefused, "unknown filter 31999"},
			{"filter_blosc", source.ErrRefused, "blosc (32001) is not installed: install hdf5-filter-plugin-blosc-serial"},
			{"nowhere", source.ErrMissing, `no data set "nowhere"; the file has "array" array (2, 2) of float32 (3,),`},
		} {
			t.Run(tc.name, func(t *testing.T) {
				if tc.name == "filter_blosc" && h5.FilterAvailable(32001) {
					t.Skip("this machine has the blosc plugin")
				}
				_, err := f.Dataset(tc.name)
				require.ErrorIs(t, err, tc.want)
				assert.ErrorContains(t, err, "refused.h5")
				assert.ErrorContains(t, err, `"`+tc.name+`"`)
				assert.ErrorContains(t, err, tc.says)
			})
		}
		assert.Equal(t, pattern(12, "float"), readAll(t, dataset(t, f, "good")))
	})
}

func TestFilesThatAreNotHDF5(t *testing.T) {
	needHDF5(t)
	dir := t.TempDir()
	for _, tc := range []struct {
		name, content string
		want          error
		says          string
	}{
		{"empty", "", source.ErrFormat, "the file is empty"},
		{"one byte", "x", source.ErrFormat, `it starts with "x"`},
		{"text", strings.Repeat("energy,theta\n", 1000), source.ErrFormat, `it starts with "energy`},
		{"git lfs pointer", "version https://git-lfs.github.com/spec/v1\n", source.ErrFormat, "git lfs pull"},
		{"gzip archive", "\x1f\x8b\x08\x00", source.ErrFormat, "gzip archive"},
		{"web page", "<!DOCTYPE html>", source.ErrFormat, "the download failed"},
		{"ROOT file", "root\x00\x00", source.ErrFormat, "a ROOT file"},
		{"signature only", signature, source.ErrCorrupt, "or truncated"},
		{"signature in the wrong place", "12345678" + signature, source.ErrFormat, "starts with"},
		{"signature and noise", signature + strings.Repeat("\xa5", 4096), source.ErrCorrupt, "libhdf5: cannot open"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(dir, strings.ReplaceAll(tc.name, " ", "_"))
			require.NoError(t, os.WriteFile(path, []byte(tc.content), 0o644))
			_, err := Open(path)
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, path)
			assert.ErrorContains(t, err, tc.says)
		})
	}
	t.Run("absent", func(t *testing.T) {
		_, err := Open(filepath.Join(dir, "absent.h5"))
		require.ErrorIs(t, err, os.ErrNotExist)
		assert.ErrorContains(t, err, "absent.h5")
	})
	t.Run("directory", func(t *testing.T) {
		_, err := Open(dir)
		require.ErrorIs(t, err, source.ErrFormat)
		assert.ErrorContains(t, err, "not a regular file")
	})
	t.Run("groups in a circle", func(t *testing.T) {
		_, err := Open("testdata/cycle.h5")
		require.ErrorIs(t, err, source.ErrRefused)
		assert.ErrorContains(t, err, "16 levels of groups")
	})
	t.Run("writer never finished", func(t *testing.T) {
		_, err := Open("testdata/incomplete.h5")
		require.ErrorIs(t, err, source.ErrCorrupt)
		assert.ErrorContains(t, err, "never finished")
	})
}

func TestTruncationIsAlwaysNoticed(t *testing.T) {
	needHDF5(t)
	for _, name := range []string{"shower_0.h5", "latest.h5"} {
		t.Run(name, func(t *testing.T) {
			path, b := copyFile(t, filepath.Join("testdata", name))
			for _, n := range []int{len(b) - 1, len(b) / 2, 2048, 1024, 512, 100, 96, 48, 9, 8, 7} {
				require.NoError(t, os.WriteFile(path, b[:n], 0o644))
				_, err := Open(path)
				want := source.ErrCorrupt
				if n < len(signature) {
					want = source.ErrFormat
				}
				require.ErrorIs(t, err, want, "cut to %d bytes of %d", n, len(b))
				require.ErrorContains(t, err, path)
			}
		})
	}
}

// Every byte of the stored chunks is flipped in turn; each flip must be an
// error that names the place, and the rows of other chunks stay readable.
func TestFletcher32FindsAFlippedByte(t *testing.T) {
	needHDF5(t)
	path, b := copyFile(t, "testdata/latest.h5")
	at := findChunk(t, b)
	for i := 0; i < 640; i += 37 {
		damaged := append([]byte(nil), b...)
		damaged[at+i] ^= 0x10
		require.NoError(t, os.WriteFile(path, damaged, 0o644))
		f := open(t, path)
		err := dataset(t, f, "fletcher32").ReadRows(make([]float32, 8*20), 0, 8)
		require.ErrorIs(t, err, source.ErrCorrupt)
		assert.ErrorContains(t, err, `data set "fletcher32" (21, 4, 5), rows [0, 0+8)`)
		assert.ErrorContains(t, err, "chunk 0, of the rows [0, 8): damaged file: fletcher32")
		require.NoError(t, dataset(t, f, "fletcher32").ReadRows(make([]float32, 13*20), 8, 13))
		require.NoError(t, f.Close())
	}
}

// findChunk returns where the first chunk of the data set fletcher32 lies: the
// only place where 160 elements of the pattern are followed by a checksum.
func findChunk(t *testing.T, b []byte) int {
	plain := bytesOf(pattern(160, "float"))
	sum := fletcher32(plain)
	needle := string(plain) + string([]byte{byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24)})
	at := strings.Index(string(b), needle)
	require.GreaterOrEqual(t, at, 0, "the checksummed chunk")
	return at
}

// libhdf5 prints its errors, one stack for each thread, unless it is told not
// to on that very thread.
func TestNothingIsPrintedToStderr(t *testing.T) {
	needHDF5(t)
	file, err := os.CreateTemp(t.TempDir(), "stderr")
	require.NoError(t, err)
	defer file.Close() // or it is closed while another test counts descriptors
	keep, err := unix.Dup(2)
	require.NoError(t, err)
	require.NoError(t, unix.Dup2(int(file.Fd()), 2))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			runtime.LockOSThread() // a fresh thread, thrown away afterwards
			f, err := Open("testdata/refused.h5")
			if err == nil {
				f.Attr("absent")
				f.handle.lib.Describe("nowhere")
				f.handle.lib.OpenDataset("nowhere", nil, 0, 0)
				f.handle.lib.Chunks("nowhere", []uint64{1}, []uint64{1})
				f.handle.lib.AttrNames("nowhere")
				f.Close()
			}
			Open("testdata/make.py")
			h5.Open("testdata/make.py")
			h5.Create("/nowhere/file.h5")
		})
	}
	wg.Wait()
	require.NoError(t, unix.Dup2(keep, 2))
	printed, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	assert.Empty(t, string(printed))
}

// Files that another program is writing, or was writing when it died.
func TestFilesOfOtherWriters(t *testing.T) {
	needHDF5(t)
	needH5py(t)
	const write = `
import h5py, os, sys
f = h5py.File(sys.argv[1], "w", libver="latest")
f["x"] = [1.0, 2.0]
f.flush()
print("written", flush=True)
if sys.argv[2] == "wait":
    sys.stdin.read()
os._exit(0)`
	for _, tc := range []struct{ name, mode, says string }{
		{"still open", "wait", "another program has the file open for writing"},
		{"killed", "die", "was killed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.h5")
			cmd := exec.Command(python, "-c", write, path, tc.mode)
			in, err := cmd.StdinPipe()
			require.NoError(t, err)
			out, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			_, err = io.ReadFull(out, make([]byte, len("written")))
			require.NoError(t, err)
			if tc.mode == "die" {
				require.NoError(t, cmd.Wait())
			}
			_, err = Open(path)
			require.Error(t, err)
			assert.ErrorContains(t, err, tc.says)
			if tc.mode == "wait" {
				require.NoError(t, in.Close())
				require.NoError(t, cmd.Wait())
			}
		})
	}
}

func FuzzSignature(f *testing.F) {
	f.Add([]byte(signature))
	f.Add([]byte("<html>"))
	f.Add(append(make([]byte, 512), signature...))
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "f")
		require.NoError(t, os.WriteFile(path, b, 0o644))
		has := strings.HasPrefix(string(b), signature)
		for at := 512; at < len(b); at *= 2 {
			has = has || strings.HasPrefix(string(b[at:]), signature)
		}
		err := checkSignature(path)
		require.Equal(t, has, err == nil)
		if err != nil {
			require.ErrorIs(t, err, source.ErrFormat)
		}
	})
}
