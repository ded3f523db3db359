package cifar

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// records are rows whose labels count modulo their classes and whose pixels count
// from the row's number.
func records(from, rows int, classes ...int) []byte {
	var b []byte
	for row := from; row < from+rows; row++ {
		for _, n := range classes {
			b = append(b, byte(row%n))
		}
		for i := range pixels {
			b = append(b, byte(row+i+i/1024))
		}
	}
	return b
}

func write(t *testing.T, files map[string][]byte) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, b := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), b, 0o644))
	}
	return dir
}

func TestOpen10ReadsItsBatchesInOrder(t *testing.T) {
	dir := write(t, map[string][]byte{"data_batch_2.bin": records(100, 7, 10), "data_batch_1.bin": records(0, 100, 10), "test_batch.bin": records(0, 1, 10)})
	s, err := Open10(filepath.Join(dir, "data_batch_*.bin"))
	require.NoError(t, err)
	defer s.Close()
	assert.Equal(t, 107, s.Rows())
	assert.Equal(t, []source.Range{{From: 0, To: 100}, {From: 100, To: 107}}, s.(source.Parted).Parts())
	assert.Equal(t, []source.Range{{From: 0, To: 80}, {From: 80, To: 100}, {From: 100, To: 107}}, s.Extents())
	assert.Equal(t, filepath.Join(dir, "data_batch_2.bin")+": row 6", s.Locate("image", 106))
	checkRows(t, s, []string{"label"}, 10)
}

func TestOpen100HasTwoLabels(t *testing.T) {
	dir := write(t, map[string][]byte{"train.bin": records(0, 130, 20, 100)})
	s, err := Open100(filepath.Join(dir, "train.bin"))
	require.NoError(t, err)
	defer s.Close()
	checkRows(t, s, []string{"coarse_label", "label"}, 20, 100)
}

func checkRows(t *testing.T, s source.Source, labels []string, classes ...int) {
	t.Helper()
	var c source.Columns
	image, err := source.Find(s.Fields(), "image")
	require.NoError(t, err)
	require.Equal(t, source.Field{Name: "image", Shape: []int{3, 32, 32}, Kind: source.Uint8}, s.Fields()[image])
	for from := 0; from < s.Rows(); from += 45 {
		rows := source.Range{From: from, To: min(from+45, s.Rows())}
		require.NoError(t, s.Read(&c, rows))
		for i := range rows.Len() {
			row := from + i
			for k, name := range labels {
				require.Equal(t, name, s.Fields()[k].Name)
				require.Equal(t, []byte{byte(row % classes[k])}, c.Row(k, i))
			}
			require.Equal(t, records(row, 1), c.Row(image, i))
		}
	}
	counts := s.(source.Counter).Counts()
	assert.Equal(t, int64(s.Rows()*(len(labels)+pixels)), counts.StoredBytes)
	assert.Equal(t, counts.StoredBytes, counts.DecodedBytes)
}

func TestOpenRefuses(t *testing.T) {
	dir := write(t, map[string][]byte{
		"a.bin": records(0, 2, 10), "short.bin": records(0, 2, 10)[:6000], "empty.bin": nil,
	})
	for _, name := range []string{"short.bin", "empty.bin"} {
		_, err := Open10(filepath.Join(dir, "a.bin"), filepath.Join(dir, name))
		require.ErrorIs(t, err, source.ErrCorrupt)
		assert.ErrorContains(t, err, "cifar: "+filepath.Join(dir, name))
	}
	_, err := Open10(filepath.Join(dir, "b.bin"))
	assert.ErrorIs(t, err, source.ErrMissing)
	_, err = Open10()
	assert.ErrorIs(t, err, source.ErrMissing)
	path := filepath.Join(dir, "gone.bin")
	require.NoError(t, os.Symlink(filepath.Join(dir, "nowhere"), path))
	_, err = Open10(path)
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

// 3074 records of CIFAR-10 are 3073 of CIFAR-100, whose labels are pixels.
func TestAFileOfTheOtherKindIsNoticed(t *testing.T) {
	dir := write(t, map[string][]byte{"a.bin": records(0, 3074, 10)})
	s, err := Open100(filepath.Join(dir, "a.bin"))
	require.NoError(t, err)
	defer s.Close()
	err = s.Read(new(source.Columns), source.Range{To: s.Rows()})
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, "a.bin: row ")
	assert.ErrorContains(t, err, "label")
	assert.ErrorIs(t, s.Read(new(source.Columns), source.Range{To: 3074}), source.ErrRange)
}

// FuzzRead reads arbitrary records: an error that names the row of a label that
// cannot be, or the bytes of the file in their places.
func FuzzRead(f *testing.F) {
	f.Add(records(0, 1, 10), byte(0))
	f.Add(records(0, 2, 20, 100), byte(99))
	path := filepath.Join(f.TempDir(), "x.bin")
	f.Fuzz(func(t *testing.T, b []byte, label byte) {
		b = append(append([]byte{label}, b...), make([]byte, pixels)...)[:1+pixels]
		require.NoError(t, os.WriteFile(path, b, 0o644))
		s, err := Open10(path)
		require.NoError(t, err)
		defer s.Close()
		var c source.Columns
		err = s.Read(&c, source.Range{To: 1})
		if label > 9 {
			require.ErrorIs(t, err, source.ErrCorrupt)
			return
		}
		require.NoError(t, err)
		require.Equal(t, b[1:], c.Row(1, 0))
	})
}
