package lcd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
)

// names are the data sets of a file that hold what is wanted.
type names struct {
	cells  string
	energy string
	angle  string // "" where it is measured
}

// Files of different years call the same thing differently.
var (
	cellNames   = []string{"ECAL", "ecal"}
	energyNames = []string{"energy", "Energy", "target", "Target"}
	angleNames  = []string{"mtheta", "theta", "Theta"}
)

// lookUp finds the names in a file.
func lookUp(path string, o Options) (names, error) {
	f, err := hdf5.Open(path)
	if err != nil {
		return names{}, err
	}
	defer f.Close()
	infos := f.Datasets()
	first := func(candidates []string) string {
		for _, c := range candidates {
			if slices.ContainsFunc(infos, func(i hdf5.Info) bool { return i.Name == c }) {
				return c
			}
		}
		return ""
	}
	n := names{cells: first(cellNames), energy: first(energyNames)}
	if o.WithAngle {
		n.angle = first(angleNames)
	}
	for _, missing := range []struct {
		found      string
		candidates []string
	}{{n.cells, cellNames}, {n.energy, energyNames}} {
		if missing.found == "" {
			var there []string
			for _, i := range infos {
				there = append(there, i.String())
			}
			return names{}, fmt.Errorf("%s: %w: none of the data sets %q; the file has %s", path, source.ErrMissing, missing.candidates, strings.Join(there, ", "))
		}
	}
	return n, nil
}

// column is the element of a row of energies that is the primary energy: of a target
// it is the second, after the kind of particle; of an energy the only one or, in the
// oldest files, which have rows of 1 x k, the second.
func column(f source.Field) (int, error) {
	target := strings.EqualFold(f.Name, "target")
	switch n := f.Size(); {
	case !target && n == 1:
		return 0, nil
	case n >= 2 && (len(f.Shape) == 1 && target || len(f.Shape) == 2 && f.Shape[0] == 1 && !target):
		return 1, nil
	}
	return 0, fmt.Errorf("%w: a row of %q is %s; the primary energy is looked for in a number, in column 1 of a target, or in a row of 1 x k", source.ErrShape, f.Name, source.Tuple(f.Shape))
}
