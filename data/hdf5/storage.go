package hdf5

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cascade-hpc/cascade/data/internal/filter"
	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// storage reads the rows of a data set of numbers.
type storage interface {
	// read fills dst with rows of the stored kind, in the byte order that
	// swapped tells of. rows are within the data set and dst has their length.
	read(dst []byte, rows source.Range) error
}

// newStorage chooses how a data set is read: by address where the bytes in the
// file are those of the numbers or can be decoded here, else by libhdf5.
func newStorage(h *handle, info Info, d h5.Description) (s storage, swap bool, err error) {
	if !isStoredAs(d.Type, info.Kind) {
		return newLibrary(h, info), false, nil
	}
	fill := d.Fill[:d.Type.Size]
	if binary.LittleEndian.Uint64(d.Fill[:]) == 0 {
		fill = nil
	}
	swap = d.Type.BigEndian == source.LittleEndian && d.Type.Size > 1
	switch d.Layout {
	case h5.Contiguous:
		return &contiguous{h: h, offset: d.Offset, rowBytes: info.rowBytes(), fill: fill}, swap, checkStored(d)
	case h5.Chunked:
		g, few := newGrid(info.Shape, info.Chunk, d.Type.Size)
		p, err := newPipeline(d)
		if !few || errors.Is(err, filter.ErrUnsupported) {
			break
		}
		return &chunked{
			h: h, name: info.Name, grid: g, pipeline: p, none: 1<<len(d.Filters) - 1, rawEdges: d.RawEdges, fill: fill,
		}, swap, err
	}
	return newLibrary(h, info), false, nil
}

// checkStored compares what a contiguous data set needs with what it has.
func checkStored(d h5.Description) error {
	need := uint64(d.Type.Size)
	for _, n := range d.Dims {
		need *= n // checkSize has bounded it
	}
	if d.Offset != h5.NoAddress && d.Stored < need {
		return fmt.Errorf("%w: its shape takes %d bytes and %d are stored", source.ErrCorrupt, need, d.Stored)
	}
	return nil
}

// contiguous is rows that follow each other in the file.
type contiguous struct {
	h        *handle
	offset   uint64 // or h5.NoAddress
	rowBytes int
	fill     []byte // an element as it would be stored, nil for zero
}

func (c *contiguous) read(dst []byte, rows source.Range) error {
	if c.offset == h5.NoAddress {
		repeat(dst, c.fill)
		return nil
	}
	return c.h.readAt(dst, c.offset+uint64(rows.From*c.rowBytes))
}
