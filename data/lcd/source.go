package lcd

import (
	"fmt"
	"sync"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
)

// Open opens files, named by patterns, as one source with the fields of the package
// comment, preprocessed; all files must use the same names. It implements
// source.Parted and source.Counter. Preprocessing happens where rows are read, in the
// workers of a pipeline; a Power costs some 20 ns a cell that is not zero. Errors:
// those of hdf5.OpenSource, ErrMissing, ErrShape, ErrRange.
func Open(o Options, patterns ...string) (source.Source, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	paths, err := source.Glob(patterns...)
	if err != nil {
		return nil, fmt.Errorf("lcd: %w", err)
	}
	n, err := lookUp(paths[0], o)
	if err != nil {
		return nil, fmt.Errorf("lcd: %w", err)
	}
	sets := []string{n.cells, n.energy}
	if n.angle != "" {
		sets = append(sets, n.angle)
	}
	files, err := hdf5.OpenSource(paths, sets...)
	if err != nil {
		return nil, fmt.Errorf("lcd: %w", err)
	}
	e := &events{Source: files, options: o, scratch: sync.Pool{New: func() any { return new(source.Columns) }}}
	if err := e.arrange(); err != nil {
		files.Close()
		return nil, fmt.Errorf("lcd: %s: %w", paths[0], err)
	}
	if o.MinSum == 0 {
		return e, nil
	}
	return e.pick()
}

// events is the source of the files, preprocessed.
type events struct {
	*hdf5.Source
	options Options
	fields  []source.Field
	shape   [3]int // of the cells
	column  int    // of the energy
	scratch sync.Pool
}

// arrange makes the fields of what the files have.
func (e *events) arrange() error {
	stored := e.Source.Fields()
	cells := stored[0]
	if len(cells.Shape) != 3 {
		return fmt.Errorf("%w: a row of %q is %s; a shower is X x Y x Z", source.ErrShape, cells.Name, source.Tuple(cells.Shape))
	}
	e.shape = [3]int(cells.Shape)
	var err error
	if e.column, err = column(stored[1]); err != nil {
		return err
	}
	e.fields = []source.Field{{Name: Shower, Shape: append([]int{1}, cells.Shape...)}, {Name: Energy}, {Name: Sum}}
	if e.options.WithAngle {
		e.fields = append(e.fields, source.Field{Name: Angle})
	}
	if len(stored) > 2 && stored[2].Size() != 1 {
		return fmt.Errorf("%w: a row of %q is %s; an angle is a number", source.ErrShape, stored[2].Name, source.Tuple(stored[2].Shape))
	}
	return nil
}

// Fields implements source.Source.
func (e *events) Fields() []source.Field { return e.fields }

// Locate implements source.Source: it names the data set of the file.
func (e *events) Locate(field string, row int) string {
	stored := e.Source.Fields()
	name := stored[0].Name
	switch {
	case field == Energy:
		name = stored[1].Name
	case field == Angle && len(stored) > 2:
		name = stored[2].Name
	}
	return e.Source.Locate(name, row)
}

// Read implements source.Source.
func (e *events) Read(dst *source.Columns, rows source.Range) error {
	read := e.scratch.Get().(*source.Columns)
	defer e.scratch.Put(read)
	if err := e.Source.Read(read, rows); err != nil {
		return err
	}
	dst.Reset(e.fields, rows.Len())
	e.showers(dst, read)
	e.energies(dst, read)
	return nil
}

// showers fills in cells, sums and angles.
func (e *events) showers(dst, read *source.Columns) {
	cells, sums := source.Float32View(dst.All(0)), source.Float32View(dst.All(2))
	source.Float32s(cells, read.All(0), read.Fields()[0].Kind)
	size := e.fields[0].Size()
	for i := range sums {
		shower := cells[i*size:][:size]
		if e.options.WithAngle && len(read.Fields()) < 3 {
			angle := MeasureAngle(shower, e.shape[0], e.shape[1], e.shape[2])
			source.Float32View(dst.All(3))[i] = float32(angle)
		}
		sums[i] = e.options.cut(shower)
		e.options.compress(shower)
	}
	if len(read.Fields()) > 2 {
		source.Float32s(source.Float32View(dst.All(3)), read.All(2), read.Fields()[2].Kind)
	}
}

// energies fills in the primary energies.
func (e *events) energies(dst, read *source.Columns) {
	f := read.Fields()[1]
	row := make([]float32, f.Size())
	for i := range dst.Rows() {
		source.Float32s(row, read.Row(1, i), f.Kind)
		source.Float32View(dst.All(1))[i] = row[e.column] / e.options.EnergyUnit
	}
}
