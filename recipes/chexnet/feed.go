package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

// feed deals out images: batches of shuffled ones to train on, and those of the last
// patients, which are validated with, in order.
type feed struct {
	src                  source.Source
	batches              *data.Loader // of a rank
	held                 data.Pipeline
	training, validation register
}

// openFeed opens the files, cuts them between two patients, and deals out a rank's share.
func (t *training) openFeed(ctx context.Context, c *dist.Comm, a architecture) (*feed, error) {
	src, err := openImages(t.data)
	if err != nil {
		return nil, err
	}
	f := &feed{src: src}
	if err := t.fill(ctx, c, f, a); err != nil {
		return nil, errors.Join(err, src.Close())
	}
	return f, nil
}

func (t *training) fill(ctx context.Context, c *dist.Comm, f *feed, a architecture) error {
	all, err := readRegister(ctx, t.data)
	if err != nil {
		return err
	}
	at, err := all.cut(t.validation)
	if err != nil {
		return fmt.Errorf("%s: %w", t.data, err)
	}
	f.training, f.validation = all.part(0, at), all.part(at, len(all.labels))
	if err := t.warn(f); err != nil {
		return err
	}
	if at < t.batch*c.Size() {
		return fmt.Errorf("%s: %w: %d images are left to train on, too few for a batch of %d on %d ranks", t.data, source.ErrRange, at, t.batch, c.Size())
	}
	p := data.From(f.src).Raw(nih.ImageField).Fields(nih.LabelsField).Split(data.Rows(0, at)).Shuffle(t.seed, 0).Shard(c.Rank(), c.Size())
	f.held = data.From(f.src).Split(data.Rows(at, len(all.labels)))
	f.batches, err = a.trainingView(p, t.crop).Batch(t.batch, data.Drop).Loader()
	return err
}

// warn says which findings cannot be learned, or not be validated; if that is all of
// them, it is an error.
func (t *training) warn(f *feed) error {
	for _, part := range []struct {
		what     string
		register register
	}{{"to train on", f.training}, {"for validation", f.validation}} {
		switch names := part.register.unknown(); len(names) {
		case 0:
		case nih.Count:
			return fmt.Errorf("%s: %w: of the %d images %s, each finding is in all or in none", t.data, source.ErrRange, len(part.register.labels), part.what)
		default:
			fmt.Fprintf(t.stdout, "of the images %s, all or none have %s\n", part.what, strings.Join(names, ", "))
		}
	}
	return nil
}

func (f *feed) close() error { return errors.Join(f.batches.Close(), f.src.Close()) }
