package main

import (
	"context"
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
)

// neighbours is the number of showers that stay together in the shuffle, so that a
// file is read in pieces of a megabyte.
const neighbours = 16

// feed deals out the showers of a source: batches of shuffled ones to train on, and
// those at its end, which are held back, in order.
type feed struct {
	src      source.Source
	train    *data.Batches
	held     source.Range
	targets  []float32 // of a batch, as they are stored
	columns  int
	cells    []float32
	energies []float32
	rowsOf   map[string][]float32
}

func openFeed(pattern string, batch, held int, seed uint64) (*feed, error) {
	src, err := openShowers(pattern)
	if err != nil {
		return nil, err
	}
	f := &feed{src: src, held: source.Range{From: src.Rows() - held, To: src.Rows()}}
	if f.held.From < batch {
		src.Close()
		return nil, fmt.Errorf("%s: %d showers, of which %d are held back for validation: too few are left for a batch of %d", pattern, src.Rows(), held, batch)
	}
	f.train, err = data.NewBatches(src, data.Plan{
		Batch: batch, Rows: source.Range{From: 0, To: f.held.From}, Shuffle: true, Seed: seed, Block: neighbours, DropLast: true,
	})
	if err != nil {
		src.Close()
		return nil, err
	}
	f.columns = targetColumns(src)
	f.cells, f.targets = make([]float32, batch*shower.Cells), make([]float32, batch*f.columns)
	f.energies = make([]float32, batch)
	f.rowsOf = map[string][]float32{ecalField.Name: f.cells, targetName: f.targets}
	return f, nil
}

func (f *feed) close() { f.src.Close() }

// rows is the number of showers to train on, and steps that of batches in an epoch.
func (f *feed) rows() int  { return f.held.From }
func (f *feed) steps() int { return f.train.Steps() }

// batch reads a batch of a step: cells and primary energies in GeV. The memory is
// used again by the next call.
func (f *feed) batch(epoch, step int) (cells, energies []float32, err error) {
	if _, err := f.train.Read(epoch, step, f.rowsOf); err != nil {
		return nil, nil, err
	}
	takeEnergies(f.energies, f.targets, f.columns)
	return f.cells, f.energies, nil
}

// profiles fits the mean profiles of the showers to train on.
func (f *feed) profiles(ctx context.Context) (*gan.Profiles, error) {
	bar := newProgress(f.rows(), "profiles of the data")
	defer bar.Finish()
	inOrder, err := data.NewBatches(f.src, data.Plan{Batch: readBlock, Rows: source.Range{From: 0, To: f.rows()}})
	if err != nil {
		return nil, err
	}
	cells, targets := make([]float32, readBlock*shower.Cells), make([]float32, readBlock*f.columns)
	energies := make([]float32, readBlock)
	var p gan.Profiles
	for step := range inOrder.Steps() {
		if ctx.Err() != nil {
			return nil, train.ErrInterrupted
		}
		n, err := inOrder.Read(0, step, map[string][]float32{ecalField.Name: cells, targetName: targets})
		if err != nil {
			return nil, err
		}
		takeEnergies(energies[:n], targets, f.columns)
		p.Add(cells[:n*shower.Cells], energies[:n])
		bar.Add(n)
	}
	return &p, p.Fit()
}

// validation hands the showers that are held back to sink, in order.
func (f *feed) validation(sink func(ecal, energies []float32) error) error {
	return readRange(f.src, f.held, sink)
}
