package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
)

// The published layout.
var ecalField = source.Field{Name: "ECAL", Shape: []int{shower.Pads, shower.Pads, shower.Layers}}

const (
	targetName   = "target"
	energyColumn = 1 // of target: the primary energy in GeV; column 0 is the particle id
)

// openShowers opens the files that a name or pattern such as "data/*.h5" stands
// for as one source, and checks that they have the published layout.
func openShowers(pattern string) (source.Source, error) {
	src, err := data.OpenSource([]string{ecalField.Name, targetName}, pattern)
	if err != nil {
		return nil, err
	}
	for _, f := range src.Fields() {
		switch {
		case f.Name == ecalField.Name && !slices.Equal(f.Shape, ecalField.Shape):
			err = fmt.Errorf("%s: %w: a row of %q is %v; a shower of this network is %v", pattern, source.ErrShape, f.Name, f.Shape, ecalField.Shape)
		case f.Name == targetName && (len(f.Shape) != 1 || f.Shape[0] <= energyColumn):
			err = fmt.Errorf("%s: %w: a row of %q is %v; it must be the particle id, the energy in GeV and no other axis", pattern, source.ErrShape, f.Name, f.Shape)
		}
	}
	if err != nil {
		src.Close()
		return nil, err
	}
	return src, nil
}

// targetColumns is the number of columns of the targets.
func targetColumns(src source.Source) int {
	for _, f := range src.Fields() {
		if f.Name == targetName {
			return f.Size()
		}
	}
	return 0
}

// showersOf begins a pipeline of cells and targets.
func showersOf(src source.Source) data.Pipeline {
	return data.From(src).Fields(ecalField.Name, targetName)
}

// readShowers hands showers of a source to sink in order: cells, and primary
// energies in GeV.
func readShowers(ctx context.Context, src source.Source, which data.Split, sink func(ecal, energies []float32) error) (err error) {
	l, err := showersOf(src).Split(which).Batch(readBlock, data.Pad).Loader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	columns, done := targetColumns(src), 0
	energies := make([]float32, readBlock)
	for b, err := range l.Epoch(ctx) {
		if err != nil && ctx.Err() != nil {
			return fmt.Errorf("interrupted at shower %d of %d", done, l.Rows())
		}
		if err != nil {
			return err
		}
		takeEnergies(energies[:b.Valid], b.Float32(targetName), columns)
		if err := sink(b.Float32(ecalField.Name)[:b.Valid*shower.Cells], energies[:b.Valid]); err != nil {
			return err
		}
		done += b.Valid
	}
	return nil
}

// takeEnergies writes the primary energies of targets of a number of columns.
func takeEnergies(energies, targets []float32, columns int) {
	for i := range energies {
		energies[i] = targets[i*columns+energyColumn]
	}
}

// readBlock is the number of showers read at a time.
const readBlock = 128
