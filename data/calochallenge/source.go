package calochallenge

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
)

// The data sets of a file, and the fields of its source.
const (
	Showers  = "showers"           // MeV in each voxel
	Energies = "incident_energies" // MeV of the particle
)

// Open opens files of the challenge, named by patterns, as one source of the fields
// Showers, shaped as binning says, and Energies, a single number. It implements
// source.Parted and source.Counter. Errors: those of hdf5.OpenSource; ErrShape if the
// files do not have the voxels of the binning.
func Open(binning *Binning, patterns ...string) (source.Source, error) {
	paths, err := source.Glob(patterns...)
	if err != nil {
		return nil, fmt.Errorf("calochallenge: %w", err)
	}
	files, err := hdf5.OpenSource(paths, Showers, Energies)
	if err != nil {
		return nil, fmt.Errorf("calochallenge: %w", err)
	}
	s := &showers{Source: files}
	for _, f := range files.Fields() {
		want := binning.Voxels()
		if f.Name == Energies {
			want = 1
		}
		if f.Size() != want {
			files.Close()
			return nil, fmt.Errorf("calochallenge: %s: %w: a row of %q is %s; the binning for %q has %d", paths[0], source.ErrShape, f.Name, source.Tuple(f.Shape), binning.Particle, want)
		}
		f.Shape = nil
		if f.Name == Showers {
			f.Shape = binning.Shape()
		}
		s.fields = append(s.fields, f)
	}
	return s, nil
}

// showers is the source of the files with rows of another shape.
type showers struct {
	*hdf5.Source
	fields []source.Field
}

// Fields implements source.Source.
func (s *showers) Fields() []source.Field { return s.fields }

// Read implements source.Source.
func (s *showers) Read(dst *source.Columns, rows source.Range) error {
	if err := s.Source.Read(dst, rows); err != nil {
		return err
	}
	dst.Relabel(s.fields)
	return nil
}
