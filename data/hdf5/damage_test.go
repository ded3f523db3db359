package hdf5

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// These tests damage files, one byte at a time, and read them as Strict does.
// What comes of it:
const (
	outcomeRight   = "right"   // the damage did not matter
	outcomeRefused = "refused" // an error
	outcomeSchema  = "schema"  // other names, shapes or types, which whoever reads can see
	outcomeZeros   = "zeros"   // a chunk is read as 0; see TestDamagedMetadata
	outcomeWrong   = "wrong"   // other numbers
	outcomeCrash   = "crash"   // of libhdf5, and an error of Strict
)

// damage says how many times a file is damaged and where, in JSON for a child.
type damage struct {
	Good, Bad string   // the file, and where its damaged copies are written
	Ranges    [][2]int // places that may be changed
	Bit       bool     // change a bit, not a byte
	First, N  int
}

// apply returns a copy of a file with change number k.
func (d damage) apply(good []byte, k int) []byte {
	rng := rand.New(rand.NewPCG(uint64(k), 42))
	total := 0
	for _, r := range d.Ranges {
		total += r[1] - r[0]
	}
	at := rng.IntN(total)
	for _, r := range d.Ranges {
		if at < r[1]-r[0] {
			at += r[0]
			break
		}
		at -= r[1] - r[0]
	}
	b := slices.Clone(good)
	if d.Bit {
		b[at] ^= 1 << rng.IntN(8)
	} else {
		b[at] ^= byte(1 + rng.IntN(255))
	}
	return b
}

// content is all that a file holds.
type content struct {
	infos []Info
	data  map[string][]float32
}

func contentOf(path string) (content, error) {
	f, err := Open(path)
	if err != nil {
		return content{}, err
	}
	c := content{infos: f.Datasets(), data: map[string][]float32{}}
	for i, info := range c.infos {
		c.infos[i].Stored = 0
		if info.Err != nil {
			c.infos[i].Err = nil // of different type each time
			continue
		}
		ds, err := f.Dataset(info.Name)
		if err != nil {
			return content{}, errors.Join(err, f.Close())
		}
		x := make([]float32, ds.Rows()*ds.RowSize())
		if err := ds.ReadRows(x, 0, ds.Rows()); err != nil {
			return content{}, errors.Join(err, f.Close())
		}
		c.data[info.Name] = x
	}
	return c, f.Close()
}

// readDamaged is the role of a child: for each change it says the number, and
// then what came of it.
func readDamaged(spec string) error {
	var d damage
	if err := json.Unmarshal([]byte(spec), &d); err != nil {
		return err
	}
	if err := limitMemory(1 << 30); err != nil {
		return err
	}
	want, err := contentOf(d.Good)
	if err != nil {
		return err
	}
	good, err := os.ReadFile(d.Good)
	if err != nil {
		return err
	}
	for k := d.First; k < d.N; k++ {
		fmt.Println(k)
		if err := os.WriteFile(d.Bad, d.apply(good, k), 0o644); err != nil {
			return err
		}
		fmt.Println(outcome(d.Bad, want))
	}
	return nil
}

func outcome(path string, want content) string {
	if _, err := (task{Path: []byte(path), Workers: 1}).verifyFile(); err != nil {
		return outcomeRefused
	}
	got, err := contentOf(path)
	switch {
	case err != nil:
		return outcomeWrong // verified, and yet it cannot be read
	case !reflect.DeepEqual(want.infos, got.infos):
		return outcomeSchema
	}
	return differences(want, got)
}

// differences compares numbers.
func differences(want, got content) string {
	result := outcomeRight
	for name, x := range want.data {
		for i, v := range got.data[name] {
			if v != x[i] && v != 0 {
				return outcomeWrong
			}
			if v != x[i] {
				result = outcomeZeros
			}
		}
	}
	return result
}

// inflict damages a file as d says and counts what comes of it. When a child
// crashes at its first change, Strict must call the file damaged, and the next
// child goes on behind it; a later crash may come of an earlier change, so a
// new child begins with the same one.
func inflict(t *testing.T, d damage) map[string]int {
	t.Helper()
	counts := map[string]int{}
	good, err := os.ReadFile(d.Good)
	require.NoError(t, err)
	for d.First < d.N {
		spec, err := json.Marshal(d)
		require.NoError(t, err)
		began := d.First
		cmd := child("read damaged", string(spec))
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		hung := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			require.Equal(t, fmt.Sprint(d.First), lines.Text())
			if !lines.Scan() {
				break
			}
			counts[lines.Text()]++
			if lines.Text() == outcomeWrong {
				t.Errorf("%s, change %d: %s", d.Good, d.First, lines.Text())
			}
			d.First++
		}
		hung.Stop()
		if err := cmd.Wait(); err == nil || d.First == d.N {
			require.NoError(t, err)
			continue
		}
		if d.First > began {
			continue
		}
		require.NoError(t, os.WriteFile(d.Bad, d.apply(good, d.First), 0o644))
		_, err = Strict{Timeout: 5 * time.Second, Memory: 1 << 30}.Open(d.Bad)
		require.ErrorIs(t, err, source.ErrCorrupt)
		assert.ErrorContains(t, err, d.Bad)
		t.Logf("change %d: %v", d.First, err)
		counts[outcomeCrash]++
		d.First++
	}
	return counts
}

// metadata returns the places of a file that hold no elements.
func metadata(t *testing.T, path string) [][2]int {
	t.Helper()
	f := open(t, path)
	info, err := os.Stat(path)
	require.NoError(t, err)
	var raw [][2]int
	for _, info := range f.Datasets() {
		switch s := dataset(t, f, info.Name).storage.(type) {
		case *contiguous:
			raw = append(raw, [2]int{int(s.offset), int(s.offset) + info.Shape[0]*s.rowBytes})
		case *chunked:
			list, err := s.chunks()
			require.NoError(t, err)
			for _, c := range list {
				require.NotEqual(t, h5.NoAddress, c.Address)
				raw = append(raw, [2]int{int(c.Address), int(c.Address) + int(c.Size)})
			}
		default:
			t.Fatalf("%s: %T", info.Name, s)
		}
	}
	slices.SortFunc(raw, func(a, b [2]int) int { return a[0] - b[0] })
	var rest [][2]int
	at := 0
	for _, r := range append(raw, [2]int{int(info.Size()), 0}) {
		if r[0] > at {
			rest = append(rest, [2]int{at, r[0]})
		}
		at = max(at, r[1])
	}
	return rest
}

// damaged lists the files to damage: those of testdata/damage, which h5py made,
// and those of Writer.
func damagedFiles(t *testing.T) []string {
	files, err := filepath.Glob("testdata/damage/*.h5")
	require.NoError(t, err)
	require.Len(t, files, 10)
	dir := t.TempDir()
	for name, o := range map[string]Options{"writer_plain.h5": {ChunkRows: 8}, "writer_gzip.h5": {ChunkRows: 8, Gzip: 4}} {
		path := filepath.Join(dir, name)
		writeShowers(t, o, path, 50)
		files = append(files, path)
	}
	return files
}

// Changed metadata are an error, or do not matter; or, where metadata have no
// checksum, what they say of names, shapes and types is seen to be different.
// They never put other numbers into a data set that looks as it did, but for zeros:
// Fletcher's checksum of zeros is zero, so an address that leads among the zeros
// that libhdf5 leaves between metadata passes.
func TestDamagedMetadata(t *testing.T) {
	needHDF5(t)
	for _, path := range damagedFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			d := damage{Good: path, Bad: filepath.Join(t.TempDir(), "bad.h5"), Ranges: metadata(t, path), N: damages(300)}
			counts := inflict(t, d)
			if !strings.Contains(path, "earliest") {
				assert.Zero(t, counts[outcomeSchema]+counts[outcomeZeros], "metadata with checksums")
			}
			t.Logf("%v", counts)
		})
	}
}

// A flipped bit anywhere in a file with checksums is an error or does not matter,
// with the exceptions of TestDamagedMetadata.
func TestFlippedBits(t *testing.T) {
	needHDF5(t)
	for _, path := range damagedFiles(t) {
		if strings.Contains(path, "contiguous") {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			info, err := os.Stat(path)
			require.NoError(t, err)
			d := damage{
				Good: path, Bad: filepath.Join(t.TempDir(), "bad.h5"), Ranges: [][2]int{{0, int(info.Size())}},
				Bit: true, N: damages(200),
			}
			counts := inflict(t, d)
			if !strings.Contains(path, "earliest") {
				assert.Zero(t, counts[outcomeSchema]+counts[outcomeZeros], "metadata with checksums")
			}
			t.Logf("%v", counts)
		})
	}
}

// damages is how many times a file is damaged, fewer with -short.
func damages(n int) int {
	if testing.Short() {
		return n / 20
	}
	return n
}

func TestTruncationAtEveryKiB(t *testing.T) {
	needHDF5(t)
	for _, path := range damagedFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			bad, b := copyFile(t, path)
			for n := 0; n < len(b); n += 1 << 10 {
				require.NoError(t, os.WriteFile(bad, b[:n], 0o644))
				_, err := Open(bad)
				require.True(t, errors.Is(err, source.ErrCorrupt) || n == 0 && errors.Is(err, source.ErrFormat), "cut to %d bytes: %v", n, err)
				require.ErrorContains(t, err, bad)
			}
		})
	}
}
