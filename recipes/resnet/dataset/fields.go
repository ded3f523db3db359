package dataset

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// pair are the names of images and of their labels.
type pair struct{ image, label string }

// usualFields are names that are in use: of data/h5, of scripts for ImageNet in HDF5, of
// Caffe's HDF5Data layer, of Keras.
var usualFields = []pair{
	{"image", "label"},
	{"images", "labels"},
	{"img", "labels"},
	{"jpg", "labels"},
	{"data", "label"},
	{"x", "y"},
	{"X", "y"},
}

// testParts are what the part of a data set is called that is tested with.
var testParts = []string{"val", "test"}

// fieldsOf are the usual fields with the name of a part: train_img, x_train, train/data.
func fieldsOf(parts ...string) []pair {
	var all []pair
	for _, part := range parts {
		for _, u := range usualFields {
			all = append(all,
				pair{part + "_" + u.image, part + "_" + u.label},
				pair{u.image + "_" + part, u.label + "_" + part},
				pair{part + "/" + u.image, part + "/" + u.label})
		}
	}
	return all
}

func trainFields() []pair {
	return append(usualFields[:len(usualFields):len(usualFields)], fieldsOf("train")...)
}

// testFields has the usual names last: in a file that also has images to test with, those
// are to train on.
func testFields() []pair { return append(fieldsOf(testParts...), usualFields...) }

// choose finds out which fields of files are images and labels: those of the options, or
// the first pair that the first file has.
func choose(pattern string, o Options, fields []pair) (pair, error) {
	if o.Images != "" && o.Labels != "" {
		return pair{o.Images, o.Labels}, nil
	}
	paths, err := source.Glob(pattern)
	if err != nil {
		return pair{}, err
	}
	for _, p := range fields {
		if o.Images != "" {
			p.image = o.Images
		}
		if o.Labels != "" {
			p.label = o.Labels
		}
		src, err := data.OpenSource([]string{p.image, p.label}, paths[0])
		if err == nil {
			return p, src.Close()
		}
		if !errors.Is(err, source.ErrMissing) {
			return pair{}, err
		}
	}
	var names []string
	for _, p := range usualFields {
		names = append(names, p.image+" and "+p.label)
	}
	return pair{}, fmt.Errorf("%s: %w: no images and labels of a usual name (%s; with train, val or test before or behind): say what they are called", paths[0], source.ErrMissing, strings.Join(names, ", "))
}
