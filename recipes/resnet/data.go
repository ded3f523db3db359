package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/recipes/resnet/dataset"
)

// dataFlags are the flags about images.
type dataFlags struct {
	data string
	dataset.Options
}

func (d *dataFlags) flags(fs *cli.FlagSet) {
	fs.StringVar(&d.data, "data", "", "`FILES` or folder of the images")
	fs.StringVar(&d.Test, "test", "", "`FILES` with the images to test with, where --data are files")
	fs.Float64Var(&d.HeldOut, "hold-out", 0, "`SHARE` of the images to train on that is tested with instead")
	fs.StringVar(&d.Images, "images", "", "`NAME` of the images in HDF5 files; without it names in use are tried")
	fs.StringVar(&d.Labels, "labels", "", "`NAME` of their labels")
	fs.IntVar(&d.Skip, "skip", 0, "`N` images may be damaged")
}

// augmentFlags are of use for a training only.
func (d *dataFlags) augmentFlags(fs *cli.FlagSet) {
	fs.IntVar(&d.Size, "size", 0, "`N` pixels of the side of the network's images; 0 is 224, or that of stored arrays of up to 64 x 64")
	fs.IntVar(&d.Augmentation.Pad, "pad", 0, "`N` zeros around small images before they are cut at random; 0 is the usual number, -1 none")
	fs.Float64Var(&d.Augmentation.Area, "area", 0, "least `SHARE` of a small image that is scaled up; 1 scales none, 0 is the usual")
	fs.BoolVar(&d.Augmentation.Upward, "no-flip", false, "do not mirror images: for digits and letters")
}

// check finds what is wrong in itself. Errors: cli.ErrUsage.
func (d *dataFlags) check() error {
	var err error
	a := d.Augmentation
	switch {
	case d.data == "":
		err = errors.New("--data is missing")
	case !(d.HeldOut >= 0 && d.HeldOut < 1):
		err = fmt.Errorf("--hold-out %g: a share from 0 to less than 1 is expected", d.HeldOut)
	case d.HeldOut > 0 && d.Test != "":
		err = errors.New("--test and --hold-out both say what to test with: give one of them")
	case d.Skip < 0 || d.Size < 0 || a.Pad < dataset.Off:
		err = fmt.Errorf("--skip %d --size %d --pad %d: none may be negative, but for --pad -1", d.Skip, d.Size, a.Pad)
	case !(a.Area >= 0 && a.Area <= 1):
		err = fmt.Errorf("--area %g: a share from 0 to 1 is expected", a.Area)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", cli.ErrUsage, err)
	}
	return nil
}

// open opens the images.
func (d *dataFlags) open(ctx context.Context) (*dataset.Set, error) {
	return dataset.Open(ctx, d.data, d.Options)
}

// uninterrupted is err, or errInterrupted if it comes of the end of ctx: of a command that
// has nothing to go on from, which no queue is to start again.
func uninterrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return errInterrupted
	}
	return err
}

var errInterrupted = errors.New("interrupted; nothing is written")
