package dataset

import (
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/cifar"
	"github.com/cascade-hpc/cascade/data/idx"
	"github.com/cascade-hpc/cascade/data/source"
)

// kind is a kind of data sets that are folders: patterns of the files to train on and to
// test with, and how they are opened. Fields are for files that have names of their own.
type kind struct {
	train, test string
	open        func(pattern string, o Options, fields []pair) (place, error)
}

// kinds are tried in this order.
var kinds = []kind{
	{"*train-images*idx3-ubyte*", "*t10k-images*idx3-ubyte*", idxFiles},
	{"*train-images*idx3-ubyte*", "*test-images*idx3-ubyte*", idxFiles}, // EMNIST
	{"data_batch_*.bin", "test_batch.bin", cifarFiles(cifar.Open10)},
	{"train.bin", "test.bin", cifarFiles(cifar.Open100)},
	{"train*.h5", "test*.h5", files},
	{"train*.h5", "val*.h5", files},
	{"train*.hdf5", "test*.hdf5", files},
	{"train*.hdf5", "val*.hdf5", files},
	{"train*.shard", "test*.shard", files},
	{"train*.shard", "val*.shard", files},
}

// idxFiles are a file of images and, beside it, that of their labels.
func idxFiles(pattern string, _ Options, _ []pair) (place, error) {
	images, err := source.Glob(pattern)
	if err != nil {
		return place{}, err
	}
	if len(images) > 1 {
		return place{}, fmt.Errorf("%s: %w: %d files, %s and %s among them; a data set has one", pattern, source.ErrShape, len(images), images[0], images[1])
	}
	labels := labelsBeside(images[0])
	return place{
		name: images[0], image: "image", label: "label",
		read: func(fields ...string) (source.Source, error) {
			columns := map[string]idx.Column{
				"image": {Name: "image", Path: images[0], Channel: true},
				"label": {Name: "label", Path: labels},
			}
			var asked []idx.Column
			for _, f := range fields {
				asked = append(asked, columns[f])
			}
			src, err := idx.Open(asked...)
			if err != nil {
				return nil, err
			}
			return src, nil
		},
	}, nil
}

// labelsBeside is the name of the labels of a file of images: that with labels for images
// and one axis for three.
func labelsBeside(images string) string {
	at := strings.LastIndex(images, "images")
	return images[:at] + strings.NewReplacer("images", "labels", "idx3", "idx1").Replace(images[at:])
}

// cifarFiles opens files of CIFAR.
func cifarFiles(open func(patterns ...string) (source.Source, error)) func(string, Options, []pair) (place, error) {
	return func(pattern string, _ Options, _ []pair) (place, error) {
		return place{
			name: pattern, image: "image", label: "label",
			read: func(...string) (source.Source, error) { return open(pattern) },
		}, nil
	}
}

// files are HDF5 files or shards.
func files(pattern string, o Options, fields []pair) (place, error) {
	p, err := choose(pattern, o, fields)
	if err != nil {
		return place{}, err
	}
	return place{
		name: pattern, image: p.image, label: p.label,
		read: func(fields ...string) (source.Source, error) { return data.OpenSource(fields, pattern) },
	}, nil
}
