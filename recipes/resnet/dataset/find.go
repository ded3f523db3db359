package dataset

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/data/source"
)

// places are where the images of a data set are. There is no train where only tests are
// wanted, and with Options.HeldOut both are the same.
type places struct{ train, test place }

// find finds out what a name stands for.
func find(name string, o Options) (places, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		if o.Test != "" {
			return places{}, fmt.Errorf("%s: a folder says itself which images are to be tested with, and not %s", name, o.Test)
		}
		return findIn(name, o)
	}
	var p places
	var err error
	if o.trains() {
		if p.train, err = files(name, o, trainFields()); err != nil {
			return p, err
		}
	}
	switch {
	case o.HeldOut > 0:
		p.test = p.train
	case o.Test != "":
		p.test, err = files(o.Test, o, testFields())
	case o.testOnly():
		p.test, err = files(name, o, testFields())
	default: // data sets of their own beside the others
		o.Images, o.Labels = "", ""
		if p.test, err = files(name, o, fieldsOf(testParts...)); errors.Is(err, source.ErrMissing) {
			err = fmt.Errorf("%s: %w: no images to test with: name their files, or hold out a share of these", name, source.ErrMissing)
		}
	}
	return p, err
}

// findIn looks into a folder.
func findIn(dir string, o Options) (p places, err error) {
	for _, k := range kinds {
		train, test := filepath.Join(dir, k.train), filepath.Join(dir, k.test)
		if o.trains() && !exists(train) || o.HeldOut == 0 && !exists(test) {
			continue
		}
		if o.trains() {
			if p.train, err = k.open(train, o, trainFields()); err != nil {
				return p, err
			}
		}
		if p.test = p.train; o.HeldOut == 0 {
			p.test, err = k.open(test, o, testFields())
		}
		return p, err
	}
	return p, fmt.Errorf("%s: %w: there is no data set in this folder: neither IDX files (train-images-idx3-ubyte and t10k-images-idx3-ubyte) nor those of CIFAR (data_batch_*.bin and test_batch.bin, train.bin and test.bin) nor train*.h5 with test*.h5 or val*.h5", dir, source.ErrMissing)
}

// exists says whether a file matches a pattern.
func exists(pattern string) bool {
	_, err := source.Glob(pattern)
	return err == nil
}
