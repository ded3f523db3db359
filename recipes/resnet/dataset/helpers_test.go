package dataset

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
)

// pixel is what a made array has at a place.
func pixel(row, c, y, x int) byte { return byte(31*row + 7*c + 3*y + 5*x) }

// idxFolder writes images of 28 x 28 and labels: row%classes.
func idxFolder(t *testing.T, train, test, classes int) string {
	dir := t.TempDir()
	for name, rows := range map[string]int{"train": train, "t10k": test} {
		header := binary.BigEndian.AppendUint32([]byte{0, 0, 8, 3}, uint32(rows))
		images := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(header, 28), 28)
		labels := binary.BigEndian.AppendUint32([]byte{0, 0, 8, 1}, uint32(rows))
		for row := range rows {
			for i := range 28 * 28 {
				images = append(images, pixel(row, 0, i/28, i%28))
			}
			labels = append(labels, byte(row%classes))
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+"-images-idx3-ubyte"), images, 0o644))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+"-labels-idx1-ubyte"), labels, 0o644))
	}
	return dir
}

// cifarFolder writes images of 32 x 32 in two files to train on and one to test with.
func cifarFolder(t *testing.T, rows int) string {
	dir := t.TempDir()
	for _, name := range []string{"data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"} {
		var b []byte
		for row := range rows {
			b = append(b, byte(row%10))
			for i := range 3 * 32 * 32 {
				b = append(b, pixel(row, i/1024, i/32%32, i%32))
			}
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), b, 0o644))
	}
	return dir
}

// h5File writes images as rows of bytes, and the label of each row.
func h5File(t *testing.T, path string, images source.Field, labelName string, label func(row int) int64, rows ...[]byte) {
	w, err := hdf5.Create(path, images, source.Field{Name: labelName, Kind: source.Int64})
	require.NoError(t, err)
	var c source.Columns
	c.Reset([]source.Field{images, {Name: labelName, Kind: source.Int64}}, len(rows))
	for row, b := range rows {
		if images.Kind == source.Bytes {
			c.Append(0, b)
		} else {
			copy(c.Row(0, row), b)
		}
		copy(c.Row(1, row), source.BytesOf([]int64{label(row)}))
	}
	require.NoError(t, w.AppendColumns(&c))
	require.NoError(t, w.Close())
}

// modulo makes n classes.
func modulo(n int) func(row int) int64 { return func(row int) int64 { return int64(row % n) } }

// photographs are JPEG files of the sizes, of colours that change slowly.
func photographs(t *testing.T, sizes ...image.Point) [][]byte {
	var all [][]byte
	for n, size := range sizes {
		img := image.NewRGBA(image.Rect(0, 0, size.X, size.Y))
		for y := range size.Y {
			for x := range size.X {
				img.Set(x, y, color.RGBA{uint8(255 * x / size.X), uint8(255 * y / size.Y), uint8(40 * n), 255})
			}
		}
		var b bytes.Buffer
		require.NoError(t, jpeg.Encode(&b, img, nil))
		all = append(all, b.Bytes())
	}
	return all
}

// arrays are rows of the shape (height, width, channels).
func arrays(rows, height, width, channels int) [][]byte {
	all := make([][]byte, rows)
	for row := range all {
		for y := range height {
			for x := range width {
				for c := range channels {
					all[row] = append(all[row], pixel(row, c, y, x))
				}
			}
		}
	}
	return all
}
