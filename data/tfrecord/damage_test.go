package tfrecord

import (
	"bytes"
	"compress/zlib"
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/internal/rawfile"
	"github.com/cascade-hpc/cascade/data/source"
)

// An empty record as TensorFlow writes it: the CRC-32C of eight zeros is
// 0x8c28b28a, that of nothing is 0.
func TestChecksumsAreMasked(t *testing.T) {
	assert.Equal(t, []byte{0, 0, 0, 0, 0, 0, 0, 0, 0x29, 0x03, 0x98, 0x07, 0xd8, 0xea, 0x82, 0xa2}, frame(nil))
}

func readAll(t *testing.T, b []byte) error {
	t.Helper()
	s, err := Open([]string{writeBytes(t, b)}, source.Field{Name: "label", Kind: source.Int64}, source.Field{Name: "image", Kind: source.Bytes})
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Read(new(source.Columns), source.Range{To: s.Rows()})
}

func TestEveryFlippedBitIsNoticed(t *testing.T) {
	whole, err := os.ReadFile("testdata/packed.tfrecord")
	require.NoError(t, err)
	require.NoError(t, readAll(t, whole))
	for i := range whole {
		b := bytes.Clone(whole)
		b[i] ^= 1 << (i % 8)
		err := readAll(t, b)
		require.True(t, errors.Is(err, source.ErrCorrupt) || errors.Is(err, source.ErrFormat), "byte %d: %v", i, err)
	}
}

func TestEveryTruncationIsNoticed(t *testing.T) {
	whole, err := os.ReadFile("testdata/packed.tfrecord")
	require.NoError(t, err)
	f, err := newFile(rawfile.Of("whole", whole))
	require.NoError(t, err)
	for n := 1; n < len(whole); n++ {
		err := readAll(t, whole[:n])
		if slices.Contains(f.offsets, int64(n)) { // the format cannot tell
			require.NoError(t, err, "%d bytes are whole records", n)
			continue
		}
		require.ErrorIs(t, err, source.ErrCorrupt, "%d bytes", n)
	}
}

func TestWhatIsNoTFRecord(t *testing.T) {
	_, err := Open([]string{writeBytes(t, []byte("\x89HDF\r\n\x1a\n and more"))})
	require.ErrorIs(t, err, source.ErrFormat)
	assert.ErrorContains(t, err, "checksum of its length")
	_, err = Open([]string{writeBytes(t, []byte("tiny"))})
	assert.ErrorIs(t, err, source.ErrCorrupt)

	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, err = z.Write(frame(example(entry("x", floats(1)))))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	_, err = Open([]string{writeBytes(t, b.Bytes())})
	require.ErrorIs(t, err, source.ErrFormat)
	assert.ErrorContains(t, err, "zlib")

	zipped, err := os.ReadFile("testdata/packed.tfrecord.gz")
	require.NoError(t, err)
	_, err = Open([]string{writeBytes(t, zipped[:100])})
	assert.ErrorIs(t, err, source.ErrCorrupt)
}

func TestAnAbsurdLengthIsNotBelieved(t *testing.T) {
	for _, n := range []byte{0x7f, 0xff} {
		head := []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, n}
		sum := masked(head)
		b := append(head, byte(sum), byte(sum>>8), byte(sum>>16), byte(sum>>24))
		_, err := Open([]string{writeBytes(t, b)})
		require.ErrorIs(t, err, source.ErrCorrupt)
		assert.ErrorContains(t, err, "record 0, at byte 0")
	}
}

// A file that changes after it was opened is noticed, too.
func TestAChangedFileIsNoticed(t *testing.T) {
	path := write(t, example(entry("x", int64s(1))), example(entry("x", int64s(2))))
	s := opened(t, path)
	longer := append(frame(example(entry("x", int64s(1<<40)))), frame(nil)...)
	require.NoError(t, os.WriteFile(path, append(longer, longer...), 0o644))
	assert.ErrorIs(t, s.Read(new(source.Columns), source.Range{To: 2}), source.ErrCorrupt)
}

// FuzzFile indexes and reads arbitrary bytes; it may fail, but must find records
// that cover the file.
func FuzzFile(f *testing.F) {
	for _, name := range []string{"packed.tfrecord", "packed.tfrecord.gz", "sequence.tfrecord"} {
		b, err := os.ReadFile("testdata/" + name)
		require.NoError(f, err)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := newFile(rawfile.Of("fuzz", b))
		if err != nil {
			require.True(t, errors.Is(err, source.ErrCorrupt) || errors.Is(err, source.ErrFormat), "%v", err)
			return
		}
		require.Equal(t, file.raw.Size(), file.offsets[file.Rows()])
		if file.Rows() == 0 {
			return
		}
		if file.fields, err = file.infer(); err == nil {
			_ = file.Read(new(source.Columns), source.Range{To: file.Rows()})
		}
	})
}

// FuzzExample decodes arbitrary messages. Whatever can be inferred from one can be
// read from it.
func FuzzExample(f *testing.F) {
	f.Add(example(entry("x", floats(1, 2)), entry("y", strs("abc")), entry("z", int64s(-1))))
	f.Add(example(entry("x", append(floats(1), floats(2)...))))
	f.Add(append(example(entry("x", strs("a"))), example(entry("x", int64s(1, 2, 3)))...))
	f.Fuzz(func(t *testing.T, b []byte) {
		fields, err := infer(b)
		if err != nil {
			return
		}
		var c source.Columns
		c.Reset(fields, 1)
		require.NoError(t, newReader(fields).record(&c, 0, frame(b)))
		elements := 0
		for _, f := range fields {
			elements += f.Size()
		}
		require.LessOrEqual(t, elements, len(b), "an element takes a byte at least")
	})
}

func BenchmarkRead(b *testing.B) {
	for name, record := range map[string][]byte{
		"28x28": example(entry("image", strs(string(make([]byte, 784)))), entry("label", int64s(3))),
		"jpeg":  example(entry("image", strs(string(make([]byte, 110_000)))), entry("label", int64s(3))),
	} {
		b.Run(name, func(b *testing.B) {
			var records [][]byte
			for range 8 << 20 / len(record) {
				records = append(records, record)
			}
			s := opened(b, write(b, records...), source.Field{Name: "image", Kind: source.Bytes}, source.Field{Name: "label", Kind: source.Int64})
			extents := s.Extents()
			var c source.Columns
			b.SetBytes(int64(s.Rows() * len(record)))
			for b.Loop() {
				for _, rows := range extents {
					if err := s.Read(&c, rows); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
