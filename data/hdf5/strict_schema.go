package hdf5

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// checkPlausible returns why a data set cannot be read, and for one that can be
// what no writer of training data makes, but a changed byte of its header does:
// numbers in a format that no machine has, and numbers in one piece that is longer
// than they are. Numbers packed by nbit look so, too; Open
// reads them.
func checkPlausible(s described) error {
	if s.Err != nil {
		return s.Err
	}
	t := s.Description.Type
	if t.Class != h5.Float && t.Class != h5.Integer {
		return nil
	}
	machine := t.Size == 1 || t.Size == 2 || t.Size == 4 || t.Size == 8
	if machine && !t.Plain {
		return fmt.Errorf("%w: its elements are of type %s, as no machine has them", source.ErrCorrupt, typeName(t))
	}
	if s.Layout != h5.Contiguous || s.Offset == h5.NoAddress {
		return nil
	}
	need := uint64(t.Size)
	for _, n := range s.Dims {
		need *= n // checkSize has bounded it
	}
	if s.Description.Stored != need {
		return fmt.Errorf("%w: its shape takes %d bytes and %d are stored", source.ErrCorrupt, need, s.Description.Stored)
	}
	return nil
}
