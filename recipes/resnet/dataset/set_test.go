package dataset

import (
	"image"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/augment"
	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/nn/plan"
)

// open opens a set for the length of a test.
func open(t *testing.T, name string, o Options) *Set {
	s, err := Open(t.Context(), name, o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// first is the first batch of a pipeline, of n images.
func first(t *testing.T, p data.Pipeline, n int) *data.Batch {
	l, err := p.Batch(n, data.Pad).Loader()
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, l.Close()) })
	b, err := l.Next(t.Context())
	require.NoError(t, err)
	return b
}

// Pixels are checked one by one against what was written.
func TestOpenReadsEveryKindOfStoredArrays(t *testing.T) {
	h5 := t.TempDir()
	channelsLast := source.Field{Name: "images", Shape: []int{20, 24, 3}, Kind: source.Uint8}
	h5File(t, filepath.Join(h5, "train.h5"), channelsLast, "labels", modulo(7), arrays(14, 20, 24, 3)...)
	h5File(t, filepath.Join(h5, "val.h5"), channelsLast, "labels", modulo(5), arrays(10, 20, 24, 3)...)
	tests := []struct {
		name              string
		dir               string
		channels          int
		height, width     int
		classes           int
		trained, tested   int
		rowOf, tenthLabel int
	}{
		{"IDX", idxFolder(t, 30, 12, 10), 1, 28, 28, 10, 30, 12, 9, 9},
		{"CIFAR", cifarFolder(t, 11), 3, 32, 32, 10, 22, 11, 9, 9},
		{"HDF5, channels last", h5, 3, 20, 24, 7, 14, 10, 9, 4},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, test.dir, Options{})
			assert.Equal(t, test.classes, s.Classes)
			assert.Equal(t, [3]int{test.channels, test.height, test.width}, [3]int{s.Channels, s.Height, s.Width})
			train, err := s.Training(plan.None).Batch(2, data.Drop).Loader()
			require.NoError(t, err)
			defer train.Close()
			assert.Equal(t, test.trained, train.Rows())

			b := first(t, s.Testing(), test.tested)
			assert.Equal(t, test.tested, b.Valid)
			pixels, labels := s.TestBatch(b)
			assert.Equal(t, float32(test.tenthLabel), labels[test.rowOf])
			size := test.channels * test.height * test.width
			for i, got := range pixels[test.rowOf*size : (test.rowOf+1)*size] {
				c, y, x := i/(test.height*test.width), i/test.width%test.height, i%test.width
				want := (float64(pixel(test.rowOf, c, y, x)) - s.Mean[c]) / s.Std[c]
				require.InDelta(t, want, got, 1e-5, "channel %d, row %d, column %d", c, y, x)
			}
		})
	}
}

// What is normalised has mean 0 and deviation 1 in every channel.
func TestPixelsAreNormalisedByTheImagesToTrainOn(t *testing.T) {
	s := open(t, cifarFolder(t, 20), Options{})
	m, err := data.Statistics(t.Context(), s.Training(plan.None), "image", 0)
	require.NoError(t, err)
	for c := range 3 {
		assert.InDelta(t, 0, m.Mean[c], 1e-6)
		assert.InDelta(t, 1, m.Std[c], 1e-6)
	}
}

func TestLevelsMoveWhatTheySay(t *testing.T) {
	dir := idxFolder(t, 64, 4, 4)
	s := open(t, dir, Options{})
	size := 28 * 28
	stored, _ := s.Batch(first(t, s.Training(plan.None), 64))
	inTests, _ := s.TestBatch(first(t, s.Testing(), 4))
	assert.Equal(t, stored[:4*size], inTests, "without augmentation images are as in tests")

	// Cut from 2 zeros on each side, few images are where they were: 1 of 25, half of them
	// mirrored.
	cut, _ := s.Batch(first(t, s.Training(plan.NoScale), 64))
	full, _ := s.Batch(first(t, s.Training(plan.Full), 64))
	same := func(x []float32) (n int) {
		for i := range 64 {
			if slices.Equal(x[i*size:(i+1)*size], stored[i*size:(i+1)*size]) {
				n++
			}
		}
		return n
	}
	assert.Less(t, same(cut), 8)
	assert.Less(t, same(full), 8)

	// What is cut has no pixels but stored ones and zeros; what is scaled has others.
	zero := (0 - float32(s.Mean[0])) / float32(s.Std[0])
	foreign := func(x []float32) (n int) {
		for i, v := range x {
			image := stored[i/size*size : (i/size+1)*size]
			if v != zero && !slices.Contains(image, v) {
				n++
			}
		}
		return n
	}
	assert.Zero(t, foreign(cut))
	assert.Positive(t, foreign(full))
}

func TestUpwardImagesAreNotMirrored(t *testing.T) {
	dir := idxFolder(t, 64, 4, 4)
	mirrored := func(o Options) (n int) {
		s := open(t, dir, o)
		x, _ := s.Batch(first(t, s.Training(plan.NoScale), 64))
		for i := range 64 {
			// Pixels grow along a row, but for the steps from 255 to 0 and zeros at the ends.
			row, rising := x[i*784+14*28+6:][:16], 0
			for k := range 15 {
				if row[k+1] > row[k] {
					rising++
				}
			}
			if rising < 8 {
				n++
			}
		}
		return n
	}
	assert.InDelta(t, 32, mirrored(Options{}), 16)
	assert.Zero(t, mirrored(Options{Augmentation: Augmentation{Upward: true}}))
}

func TestFilesBecomeViewsOfTheSizeThatIsAskedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "imagenet.h5")
	photos := photographs(t, image.Pt(90, 60), image.Pt(40, 50), image.Pt(64, 64), image.Pt(33, 70))
	h5File(t, path, source.Field{Name: "train_img", Kind: source.Bytes}, "train_labels", modulo(3), photos...)
	s := open(t, path, Options{HeldOut: 0.3, Size: 32})
	usual := augment.ImageNet("train_img", 3)
	assert.Equal(t, Preprocessing{Channels: 3, Height: 32, Width: 32, View: true, Mean: usual.Mean, Std: usual.Std}, s.Preprocessing)
	for _, level := range []plan.Augment{plan.Full, plan.NoScale, plan.None} {
		pixels, labels := s.Batch(first(t, s.Training(level), 2))
		assert.Len(t, pixels, 2*3*32*32)
		assert.Len(t, labels, 2)
		mirrored := pixels[0] > pixels[31] // red grows from left to right
		assert.NotEqual(t, pixels[0], pixels[31])
		assert.False(t, mirrored && level == plan.None)
	}
}

func TestLargeArraysBecomeViews(t *testing.T) {
	dir := t.TempDir()
	field := source.Field{Name: "x_train", Shape: []int{80, 100, 3}, Kind: source.Uint8}
	h5File(t, filepath.Join(dir, "all.h5"), field, "y_train", modulo(2), arrays(4, 80, 100, 3)...)
	s := open(t, filepath.Join(dir, "all.h5"), Options{HeldOut: 0.5})
	assert.Equal(t, 224, s.Height)
	assert.True(t, s.View)
	grey := source.Field{Name: "image", Shape: []int{80, 100}, Kind: source.Uint8}
	h5File(t, filepath.Join(dir, "grey.h5"), grey, "label", modulo(2), arrays(4, 80, 100, 1)...)
	s = open(t, filepath.Join(dir, "grey.h5"), Options{HeldOut: 0.5, Size: 56})
	pixels, _ := s.Batch(first(t, s.Training(plan.Full), 1))
	assert.Len(t, pixels, 56*56)
}

// Held out are some, never twice, and the same ones every time.
func TestHeldOutImagesAreNotTrainedOn(t *testing.T) {
	dir := idxFolder(t, 200, 4, 4)
	rows := func(p data.Pipeline) []int {
		b := first(t, p, 200)
		return b.Rows[:b.Valid]
	}
	s, again := open(t, dir, Options{HeldOut: 0.2}), open(t, dir, Options{HeldOut: 0.2})
	tested, trained := rows(s.Testing()), rows(s.Training(plan.None))
	assert.InDelta(t, 40, len(tested), 20)
	all := slices.Sorted(slices.Values(append(slices.Clone(tested), trained...)))
	for i, row := range all {
		require.Equal(t, i, row)
	}
	assert.Len(t, all, 200)
	assert.Equal(t, tested, rows(again.Testing()))
}

func TestATrainedNetworkSeesImagesAsItDid(t *testing.T) {
	dir := idxFolder(t, 30, 12, 10)
	was := open(t, dir, Options{})
	p, err := ParsePreprocessing(was.Preprocessing.String())
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(dir, "train-labels-idx1-ubyte")))
	s := open(t, dir, Options{Preprocessing: &p})
	want, _ := was.TestBatch(first(t, was.Testing(), 12))
	got, _ := s.TestBatch(first(t, s.Testing(), 12))
	assert.Equal(t, want, got)
}

func TestParsePreprocessingRefuses(t *testing.T) {
	for _, text := range []string{"", "{", "{}", `{"channels":3,"height":8,"width":8,"mean":[1],"std":[1]}`} {
		_, err := ParsePreprocessing(text)
		assert.ErrorContains(t, err, "dataset: the preprocessing")
	}
}

// A training that held images out is tested with those afterwards.
func TestHeldOutImagesAreThoseOfALaterTest(t *testing.T) {
	dir := idxFolder(t, 60, 4, 4)
	was := open(t, dir, Options{HeldOut: 0.2})
	s := open(t, dir, Options{HeldOut: 0.2, Preprocessing: &was.Preprocessing})
	want, got := first(t, was.Testing(), 60), first(t, s.Testing(), 60)
	assert.Equal(t, want.Rows, got.Rows)
}

// The labels of all images are those of the ones that are held out, too.
func TestLabelsAreReadOnceWhereSomeAreHeldOut(t *testing.T) {
	dir := idxFolder(t, 60, 4, 4)
	for share, reads := range map[float64]int{0: 2, 0.2: 1} {
		o := Options{HeldOut: share}
		found, err := find(dir, o)
		require.NoError(t, err)
		n := 0
		for _, p := range []*place{&found.train, &found.test} {
			read := p.read
			p.read = func(fields ...string) (source.Source, error) {
				if slices.Equal(fields, []string{p.label}) {
					n++
				}
				return read(fields...)
			}
		}
		s := &Set{Name: dir}
		require.NoError(t, s.look(t.Context(), found, o))
		assert.NoError(t, s.Close())
		assert.Equal(t, reads, n, "a share of %g held out", share)
		assert.Equal(t, 4, s.Classes)
	}
}

// A file has images of the usual names to train on, and others to test with: a later test
// takes the latter, too.
func TestALaterTestDoesNotTakeTheImagesToTrainOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "both.h5")
	fields := []source.Field{
		{Name: "image", Shape: []int{8, 8}, Kind: source.Uint8},
		{Name: "label", Kind: source.Uint8},
		{Name: "test_image", Shape: []int{8, 8}, Kind: source.Uint8},
		{Name: "test_label", Kind: source.Uint8},
	}
	w, err := hdf5.Create(path, fields...)
	require.NoError(t, err)
	var c source.Columns
	c.Reset(fields, 2)
	for row := range 2 {
		c.Row(0, row)[0], c.Row(1, row)[0] = 9, byte(row)
		c.Row(2, row)[0], c.Row(3, row)[0] = 7, byte(1-row)
	}
	require.NoError(t, w.AppendColumns(&c))
	require.NoError(t, w.Close())
	was := open(t, path, Options{})
	for _, s := range []*Set{was, open(t, path, Options{Preprocessing: &was.Preprocessing}), open(t, path, Options{Test: path})} {
		_, labels := s.TestBatch(first(t, s.Testing(), 2))
		assert.Equal(t, []float32{1, 0}, labels)
	}
}

// Data sets of their own in the same file, under names in use.
func TestPartsOfOneFileAreFoundByTheirNames(t *testing.T) {
	path := filepath.Join(t.TempDir(), "both.h5")
	fields := []source.Field{
		{Name: "x_train", Shape: []int{8, 8}, Kind: source.Uint8},
		{Name: "y_train", Kind: source.Int64},
		{Name: "x_test", Shape: []int{8, 8}, Kind: source.Uint8},
		{Name: "y_test", Kind: source.Int64},
	}
	w, err := hdf5.Create(path, fields...)
	require.NoError(t, err)
	var c source.Columns
	c.Reset(fields, 2)
	for i, b := range [][]byte{{10, 20}, {0, 1}, {30, 40}, {1, 0}} {
		for row, v := range b {
			c.Row(i, row)[0] = v // of an int64 the low byte
		}
	}
	require.NoError(t, w.AppendColumns(&c))
	require.NoError(t, w.Close())
	s := open(t, path, Options{})
	pixels, labels := s.TestBatch(first(t, s.Testing(), 2))
	assert.Equal(t, []float32{1, 0}, labels)
	assert.InDelta(t, (30-s.Mean[0])/s.Std[0], pixels[0], 1e-5)
	_, labels = s.Batch(first(t, s.Training(plan.None), 2))
	assert.Equal(t, []float32{0, 1}, labels)
}
