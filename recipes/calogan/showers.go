package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/cascade-hpc/cascade/data/hdf5"
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
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pattern, err)
	}
	if len(paths) == 0 {
		paths = []string{pattern} // whose error says what is missing
	}
	src, err := hdf5.OpenSource(paths, ecalField.Name, targetName)
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

// readShowers hands the showers of a source to sink in order: cells, and primary
// energies in GeV.
func readShowers(ctx context.Context, src source.Source, sink func(ecal, energies []float32) error) error {
	done := 0
	return readRange(src, source.Range{From: 0, To: src.Rows()}, func(ecal, energies []float32) error {
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted at shower %d of %d", done, src.Rows())
		}
		done += len(energies)
		return sink(ecal, energies)
	})
}

// readRange is readShowers for some rows, readBlock at a time.
func readRange(src source.Source, rows source.Range, sink func(ecal, energies []float32) error) error {
	columns := targetColumns(src)
	ecal := make([]float32, readBlock*shower.Cells)
	target := make([]float32, readBlock*columns)
	energies := make([]float32, readBlock)
	var read source.Columns
	for first := rows.From; first < rows.To; first += readBlock {
		n := min(readBlock, rows.To-first)
		if err := src.Read(&read, source.Range{From: first, To: first + n}); err != nil {
			return err
		}
		source.Float32s(ecal[:n*shower.Cells], read.All(0), src.Fields()[0].Kind)
		source.Float32s(target[:n*columns], read.All(1), src.Fields()[1].Kind)
		takeEnergies(energies[:n], target, columns)
		if err := sink(ecal[:n*shower.Cells], energies[:n]); err != nil {
			return err
		}
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
