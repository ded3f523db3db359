package dataset

import (
	"context"
	"errors"
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// Options are what a data set does not say of itself. The zero value is the usual.
type Options struct {
	// Test are files with the images to test with. Without them they are looked for
	// where the images to train on are.
	Test string
	// HeldOut is the share of the images that is not trained on but tested with, in place
	// of Test. Which ones is a matter of chance, and the same in every training.
	HeldOut float64
	// Images and Labels are the fields of HDF5 files and shards. Without them names in
	// use are tried: image and label, train_img and train_labels, x_train and y_train, and
	// some more; in test data also val_img, x_test and so on.
	Images, Labels string
	// Size is the side of the network's images; 0 is 224, or that of stored arrays of up
	// to 64 x 64.
	Size int
	// Skip is how many images may be damaged; their places in a batch are taken by others.
	Skip int

	Augmentation Augmentation
	// Preprocessing is that of a trained network, for a set that it is tested with: it is
	// then nothing but the images to test with.
	Preprocessing *Preprocessing
}

func (o Options) testOnly() bool { return o.Preprocessing != nil }

// trains says that the images to train on are needed, to be trained on or held out.
func (o Options) trains() bool { return !o.testOnly() || o.HeldOut > 0 }

// Set is labelled images to train on and to test with.
type Set struct {
	Name    string // as it was opened
	Classes int    // one more than the largest label
	Preprocessing
	Augmentation

	train, test *part
	skip        int
}

// Open opens a data set, looks at its labels and, unless it is told them, finds the mean
// and deviation of its pixels. Errors: those of package source, and of os.Open.
func Open(ctx context.Context, name string, o Options) (*Set, error) {
	s := &Set{Name: name, Augmentation: o.Augmentation, skip: o.Skip}
	if err := s.open(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("dataset: %w", err), s.Close())
	}
	return s, nil
}

// heldSeed is any number that stays the same: the images that are held out are a matter
// of chance, but the same ones in every training and test.
const heldSeed = 0x5e7a51de

func (s *Set) open(ctx context.Context, o Options) error {
	if o.HeldOut < 0 || o.HeldOut >= 1 {
		return fmt.Errorf("%w: a share of %g held out", source.ErrRange, o.HeldOut)
	}
	found, err := find(s.Name, o)
	if err != nil {
		return err
	}
	return s.look(ctx, found, o)
}

// look opens what was found and learns from it what the options do not say.
func (s *Set) look(ctx context.Context, found places, o Options) (err error) {
	if s.test, err = found.test.open(); err != nil {
		return err
	}
	if s.Classes, err = s.test.classes(ctx); err != nil {
		return err
	}
	if o.HeldOut > 0 {
		if err := s.hold(o.HeldOut); err != nil {
			return err
		}
	}
	if o.testOnly() {
		s.Preprocessing = *o.Preprocessing
		return s.test.suits(s.Preprocessing)
	}
	if s.train, err = found.train.open(); err != nil {
		return err
	}
	if o.HeldOut > 0 { // its labels were just read
		s.train.split = data.Random(heldSeed, o.HeldOut, 1)
	} else if err := s.count(ctx); err != nil {
		return err
	}
	if s.Preprocessing, err = s.train.preprocessing(ctx, o.Size); err != nil {
		return err
	}
	return s.test.suits(s.Preprocessing)
}

// hold leaves a share of the rows to be tested with.
func (s *Set) hold(share float64) error {
	s.test.split = data.Random(heldSeed, 0, share)
	l, err := s.test.pipeline().Batch(1, data.Pad).Loader()
	if err != nil { // there are none
		return fmt.Errorf("%s: a share of %g held out: %w", s.test.name, share, err)
	}
	return l.Close()
}

// count finds the number of classes of the images to train on, of which the others must be.
func (s *Set) count(ctx context.Context) error {
	tested := s.Classes
	var err error
	if s.Classes, err = s.train.classes(ctx); err != nil {
		return err
	}
	if tested > s.Classes {
		return fmt.Errorf("%s: %w: labels up to %d, and those to train on end at %d", s.test.name, source.ErrRange, tested-1, s.Classes-1)
	}
	return nil
}

// Close closes the files.
func (s *Set) Close() error {
	return errors.Join(s.train.close(), s.test.close())
}
