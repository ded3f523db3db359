package dataset

import (
	"image"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/nn/plan"
)

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, f source.Field, rows ...[]byte) string {
		path := filepath.Join(dir, name)
		h5File(t, path, f, "label", modulo(3), rows...)
		return path
	}
	ok := file("ok.h5", source.Field{Name: "image", Shape: []int{1, 28, 28}, Kind: source.Uint8}, arrays(6, 28, 28, 1)...)
	names := file("names.h5", source.Field{Name: "pictures", Shape: []int{1, 28, 28}, Kind: source.Uint8}, arrays(3, 28, 28, 1)...)
	axes := file("axes.h5", source.Field{Name: "image", Shape: []int{28, 28, 5}, Kind: source.Uint8}, arrays(3, 28, 28, 5)...)
	wide := file("wide.h5", source.Field{Name: "image", Shape: []int{65, 4, 1}, Kind: source.Float32}, make([]byte, 4*65*4), make([]byte, 4*65*4))
	black := file("black.h5", source.Field{Name: "image", Shape: []int{8, 8}, Kind: source.Uint8}, make([]byte, 64), make([]byte, 64))
	fewer := file("fewer.h5", source.Field{Name: "image", Shape: []int{28, 28}, Kind: source.Uint8}, arrays(1, 28, 28, 1)...)
	other := file("other.h5", source.Field{Name: "image", Shape: []int{27, 28}, Kind: source.Uint8}, arrays(1, 27, 28, 1)...)
	cut := idxFolder(t, 20, 10, 2)
	images := filepath.Join(cut, "train-images-idx3-ubyte")
	require.NoError(t, os.Truncate(images, 9000))
	lacks := idxFolder(t, 20, 10, 2)
	require.NoError(t, os.Remove(filepath.Join(lacks, "train-labels-idx1-ubyte")))
	tests := []struct {
		name string
		data string
		o    Options
		is   error
		says string
	}{
		{"nothing there", filepath.Join(dir, "none.h5"), Options{}, source.ErrMissing, "none.h5"},
		{"a folder without data", t.TempDir(), Options{}, source.ErrMissing, "neither IDX files"},
		{"a folder and a file to test with", cut, Options{Test: ok}, nil, "a folder says itself"},
		{"no images to test with", ok, Options{}, source.ErrMissing, "no images to test with"},
		{"all held out", ok, Options{HeldOut: 1}, source.ErrRange, "a share of 1"},
		{"none held out of few", ok, Options{HeldOut: 1e-9}, source.ErrRange, "a share of 1e-09 held out"},
		{"unusual names", names, Options{HeldOut: .5}, source.ErrMissing, "say what they are called"},
		{"a name that is not there", ok, Options{HeldOut: .5, Images: "img"}, source.ErrMissing, "no images and labels"},
		{"five channels", axes, Options{HeldOut: .5}, source.ErrShape, "with 1 or 3 channels"},
		{"large images of float32", wide, Options{HeldOut: .5}, source.ErrType, "stored as uint8"},
		{"black images", black, Options{Test: black}, source.ErrRange, "all pixels of channel 0"},
		{"more classes in tests", fewer, Options{Test: ok}, source.ErrRange, "labels up to 2, and those to train on end at 0"},
		{"another size in tests", ok, Options{Test: other}, source.ErrShape, "images of 1 x 27 x 28, where the network's are 1 x 28 x 28"},
		{"a truncated file", cut, Options{}, source.ErrCorrupt, "train-images-idx3-ubyte"},
		{"no labels", lacks, Options{}, os.ErrNotExist, "train-labels-idx1-ubyte"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := Open(t.Context(), test.data, test.o)
			require.Error(t, err)
			assert.Nil(t, s)
			assert.ErrorContains(t, err, test.says)
			if test.is != nil {
				assert.ErrorIs(t, err, test.is)
			}
		})
	}
}

func TestLabelsThatAreNoClassesAreNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "negative.h5")
	field := source.Field{Name: "image", Shape: []int{4, 4}, Kind: source.Uint8}
	h5File(t, path, field, "label", func(row int) int64 { return int64(5 - row) }, arrays(8, 4, 4, 1)...)
	_, err := Open(t.Context(), path, Options{HeldOut: .3})
	require.ErrorIs(t, err, source.ErrRange)
	assert.ErrorContains(t, err, `data set "label", row 6`)
	assert.ErrorContains(t, err, "the label -1; classes count from 0")
}

func TestDamagedImagesAreRefusedOrSkipped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "damaged.h5")
	photos := photographs(t, image.Pt(60, 60), image.Pt(60, 60), image.Pt(60, 60))
	photos[1] = photos[1][:40]
	h5File(t, path, source.Field{Name: "image", Kind: source.Bytes}, "label", modulo(3), photos...)
	s := open(t, path, Options{Test: path, Size: 32})
	l, err := s.Training(plan.Full).Batch(3, data.Drop).Loader()
	require.NoError(t, err)
	defer l.Close()
	_, err = l.Next(t.Context())
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, "row 1")

	s = open(t, path, Options{Test: path, Size: 32, Skip: 1})
	b := first(t, s.Training(plan.Full), 3)
	assert.Equal(t, []float32{1, 0, 1}, b.Mask)
}
