package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
	"github.com/cascade-hpc/cascade/recipes/calogan/physics"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
)

// feed deals out the showers of a source: batches of shuffled ones to train on, and
// those at its end, which are held back, in order.
type feed struct {
	src      source.Source
	train    *data.Loader
	held     data.Split
	columns  int // of the targets
	energies []float32
	comm     *dist.Comm
}

// openFeed opens the share of a rank, with its own batch.
func openFeed(c *dist.Comm, pattern string, image gan.Image, batch, held int, seed uint64) (*feed, error) {
	src, err := openShowers(pattern)
	if err != nil {
		return nil, err
	}
	first := src.Rows() - held
	if first < batch*c.Size() {
		src.Close()
		return nil, fmt.Errorf("%s: %d showers, of which %d are held back for validation: too few are left for a batch of %d on %d ranks", pattern, src.Rows(), held, batch, c.Size())
	}
	l, err := showersOf(src).Split(data.Rows(0, first)).Shuffle(seed, 0).Shard(c.Rank(), c.Size()).Map(image.Encoder(ecalField.Name), 0).Batch(batch, data.Drop).Loader()
	if err != nil {
		return nil, errors.Join(err, src.Close())
	}
	return &feed{
		src: src, train: l, held: data.Rows(first, src.Rows()),
		columns: targetColumns(src), energies: make([]float32, batch), comm: c,
	}, nil
}

func (f *feed) close() error { return errors.Join(f.train.Close(), f.src.Close()) }

// rows is the number of showers to train on, and steps that of batches in an epoch.
func (f *feed) rows() int  { return f.train.Rows() }
func (f *feed) steps() int { return f.train.Steps() }

// batch is the batch of a step: images of showers, and primary energies in GeV. The
// memory is used again by the next call.
func (f *feed) batch(ctx context.Context, epoch, step int) (images, energies []float32, err error) {
	b, err := f.train.At(ctx, epoch, step)
	if err != nil {
		return nil, nil, err
	}
	takeEnergies(f.energies, b.Float32(targetName), f.columns)
	return b.Float32(ecalField.Name), f.energies, nil
}

// profiles fits the mean profiles of the showers to train on, of which each rank reads a
// share.
func (f *feed) profiles(ctx context.Context) (*gan.Profiles, error) {
	var p gan.Profiles
	if err := ranks.Agree(f.comm, f.sum(ctx, &p)); err != nil {
		return nil, err
	}
	if err := p.Combine(f.comm); err != nil {
		return nil, err
	}
	return &p, ranks.Agree(f.comm, p.Fit())
}

func (f *feed) sum(ctx context.Context, p *gan.Profiles) error {
	n, rank, size := f.rows(), f.comm.Rank(), f.comm.Size()
	from, to := n*rank/size, n*(rank+1)/size
	var bar cli.Progress
	if rank == 0 {
		bar = cli.NewProgress(to-from, "profiles of the data", "showers")
	}
	defer bar.Finish()
	err := readShowers(ctx, f.src, data.Rows(from, to), func(cells, energies []float32) error {
		p.Add(cells, energies)
		bar.Add(len(energies))
		return nil
	})
	return ranks.Ended(ctx, err)
}

// readHeld reads the showers that are held back, on rank 0. The others get their energies.
func (f *feed) readHeld() (*held, error) {
	h := &held{energies: make([]float32, 0, f.src.Rows()-f.rows())}
	var err error
	if f.comm.Rank() == 0 {
		h.data = physics.NewCollector("data")
		err = readShowers(context.Background(), f.src, f.held, func(ecal, energies []float32) error {
			h.energies = append(h.energies, energies...)
			return h.data.Add(ecal, energies)
		})
	}
	if err := ranks.Agree(f.comm, err); err != nil {
		return nil, err
	}
	h.energies = h.energies[:cap(h.energies)]
	return h, dist.Bcast(f.comm, h.energies, 0)
}
