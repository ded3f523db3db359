package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
)

// quadrants is a folder of HDF5 files of images of 8 x 8, in which a quarter is bright:
// the class. There are 44 to train on and 20 to test with.
func quadrants(t *testing.T) string {
	dir := t.TempDir()
	writeQuadrants(t, filepath.Join(dir, "train.h5"), 44)
	writeQuadrants(t, filepath.Join(dir, "test.h5"), 20)
	return dir
}

func writeQuadrants(t *testing.T, path string, rows int) {
	fields := []source.Field{{Name: "image", Shape: []int{1, 8, 8}, Kind: source.Uint8}, {Name: "label", Kind: source.Uint8}}
	w, err := hdf5.Create(path, fields...)
	require.NoError(t, err)
	var c source.Columns
	c.Reset(fields, rows)
	for row := range rows {
		class := row % 4
		for i := range 64 {
			c.Row(0, row)[i] = byte(3 * (row*i%11 + row%5))
			if i/32 == class/2 && i%8/4 == class%2 {
				c.Row(0, row)[i] += 120
			}
		}
		c.Row(1, row)[0] = byte(class)
	}
	require.NoError(t, w.AppendColumns(&c))
	require.NoError(t, w.Close())
}

// photographs is an HDF5 file of JPEG files of several sizes, as ImageNet is stored: the
// brighter half is the class.
func photographs(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "photographs.h5")
	fields := []source.Field{{Name: "train_img", Kind: source.Bytes}, {Name: "train_labels", Kind: source.Int64}}
	w, err := hdf5.Create(path, fields...)
	require.NoError(t, err)
	const rows = 60
	var c source.Columns
	c.Reset(fields, rows)
	for row := range rows {
		img := image.NewGray(image.Rect(0, 0, 30+row%7, 40-row%5))
		for i := range img.Pix {
			if i/img.Stride < img.Rect.Dy()/2 == (row%2 == 0) {
				img.Pix[i] = uint8(200 + row%50)
			}
		}
		var b bytes.Buffer
		require.NoError(t, jpeg.Encode(&b, img, nil))
		c.Append(0, b.Bytes())
		c.Row(1, row)[0] = byte(row % 2)
	}
	require.NoError(t, w.AppendColumns(&c))
	require.NoError(t, w.Close())
	return path
}

// short is a training of four epochs of five steps: two cycles and their collapses.
func short(data, out string) *training {
	t := &training{out: out, arch: "resnet8", seed: 5}
	t.data = data
	t.Augmentation.Upward = true // a mirrored quarter is of another class
	t.Augmentation.Pad = 1
	t.planFlags = planFlags{name: "collapsed", epochs: 4, batch: 8, accumulate: 1, lr: 0.05, weightDecay: 1e-4, members: 2}
	t.ruleFlags = ruleFlags{optimizer: "sgd"}
	return t
}
