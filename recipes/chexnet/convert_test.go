package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

// rows reads all of a file.
func rows(t *testing.T, path string) *data.Batch {
	src, err := data.OpenSource([]string{nih.PatientField}, path)
	require.NoError(t, err)
	n := src.Rows()
	require.NoError(t, src.Close())
	l, err := data.Open(path).Raw(nih.ImageField, nih.LabelsField, nih.NameField).Ints(nih.PatientField).Batch(n, data.Drop).Loader()
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	b, err := l.Next(t.Context())
	require.NoError(t, err)
	return b
}

// TestConvertKeepsEverything compares both files, in both forms, with the folder.
func TestConvertKeepsEverything(t *testing.T) {
	dir := made(t, 60, 40) // more images than are handed on at a time
	set, err := nih.Open(dir, nih.Options{})
	require.NoError(t, err)
	arrays, files := converted(t, dir, 40), converted(t, dir, 0)
	for name, entries := range map[string][]nih.Entry{trainValFile: set.TrainVal, testFile: set.Test} {
		array, file := rows(t, filepath.Join(arrays, name)), rows(t, filepath.Join(files, name))
		require.Equal(t, len(entries), array.Size)
		require.Equal(t, len(entries), file.Size)
		for i, e := range entries {
			text, err := os.ReadFile(e.Path)
			require.NoError(t, err)
			assert.True(t, bytes.Equal(text, file.Bytes(nih.ImageField, i)))
			img, err := png.Decode(bytes.NewReader(text))
			require.NoError(t, err)
			assert.True(t, bytes.Equal(img.(*image.Gray).Pix, array.Uint8(nih.ImageField)[i*1600:(i+1)*1600]), e.Image)
			for _, b := range []*data.Batch{array, file} {
				assert.Equal(t, e.Image, string(b.Bytes(nih.NameField, i)))
				assert.Equal(t, e.Patient, b.Int64(nih.PatientField)[i])
				assert.Equal(t, e.Labels[:], b.Uint8(nih.LabelsField)[i*nih.Count:(i+1)*nih.Count])
			}
		}
	}
}

func TestConvertSaysInTheFileWhatItHolds(t *testing.T) {
	f, err := hdf5.Open(filepath.Join(converted(t, made(t, 4, 32), 32), testFile))
	require.NoError(t, err)
	defer f.Close()
	labels, err := f.Dataset(nih.LabelsField)
	require.NoError(t, err)
	findings, err := labels.Attr("findings")
	require.NoError(t, err)
	assert.Contains(t, findings, "Atelectasis|Cardiomegaly|")
}

// TestConvertTakesImagesOfOtherForms: some hundred of the published images have four
// channels.
func TestConvertTakesImagesOfOtherForms(t *testing.T) {
	dir := made(t, 4, 32)
	set, err := nih.Open(dir, nih.Options{})
	require.NoError(t, err)
	img := image.NewNRGBA(image.Rect(0, 0, 50, 60))
	for i := range 50 * 60 {
		img.Set(i%50, i/50, color.NRGBA{77, 77, 77, 255})
	}
	var text bytes.Buffer
	require.NoError(t, png.Encode(&text, img))
	require.NoError(t, os.WriteFile(set.Test[0].Path, text.Bytes(), 0o666))
	b := rows(t, filepath.Join(converted(t, dir, 16), testFile))
	for _, v := range b.Uint8(nih.ImageField)[:256] {
		assert.Equal(t, uint8(77), v)
	}
}

func TestConvertNamesTheImageThatIsDamaged(t *testing.T) {
	dir := made(t, 12, 32)
	converted(t, dir, 32) // or skip
	set, err := nih.Open(dir, nih.Options{})
	require.NoError(t, err)
	bad := set.TrainVal[len(set.TrainVal)/2]
	text, err := os.ReadFile(bad.Path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(bad.Path, text[:len(text)/2], 0o666))
	out := t.TempDir()
	var said bytes.Buffer
	err = conversion{images: dir, out: out, size: 32}.run(t.Context(), &said)
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, bad.Image)
	assert.NoFileExists(t, filepath.Join(out, trainValFile))
	assert.Empty(t, said.String())
}

func TestConvertLeavesNoHalfFile(t *testing.T) {
	dir := made(t, 4, 32)
	converted(t, dir, 32) // or skip
	out := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := conversion{images: dir, out: out, size: 32}.run(ctx, &bytes.Buffer{})
	assert.ErrorContains(t, err, "interrupted")
	left, err := os.ReadDir(out)
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestConvertCountsWhatIsNotThere(t *testing.T) {
	dir := made(t, 8, 32)
	converted(t, dir, 32) // or skip
	set, err := nih.Open(dir, nih.Options{})
	require.NoError(t, err)
	for _, e := range set.Test {
		require.NoError(t, os.Remove(e.Path))
	}
	require.NoError(t, os.Remove(set.TrainVal[0].Path))
	out := t.TempDir()
	var said bytes.Buffer
	require.NoError(t, conversion{images: dir, out: out, size: 32, partial: true}.run(t.Context(), &said))
	assert.Equal(t, len(set.TrainVal)-1, rows(t, filepath.Join(out, trainValFile)).Size)
	assert.NoFileExists(t, filepath.Join(out, testFile))
	assert.Contains(t, said.String(), "none of its images is there; it is not written")
	assert.Contains(t, said.String(), "images of the lists are not there")
}
