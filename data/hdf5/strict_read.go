package hdf5

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// written returns where a data set lies in the file, and whether it was ever
// written, as far as that can be seen without libhdf5. One of which only a part
// was is damaged: its writer was killed, or its index or shape are not what they
// were.
func (d *Dataset) written() (extents []extent, whole bool, err error) {
	switch s := d.storage.(type) {
	case *contiguous:
		if s.offset == h5.NoAddress {
			return nil, false, nil
		}
		return []extent{{s.offset, uint64(d.Rows()) * uint64(s.rowBytes)}}, true, nil
	case *chunked:
		list, err := s.chunks()
		if err != nil {
			return nil, false, d.readError(err, 0, d.Rows())
		}
		extents, index := extentsOf(list)
		if len(extents) == len(list) || len(extents) == 0 {
			return extents, len(extents) > 0, nil
		}
		hole := len(extents)
		for k, i := range index {
			if k != i {
				hole = k
				break
			}
		}
		first := hole / s.grid.band * s.grid.chunk[0]
		err = fmt.Errorf("%w: %d of %d chunks were never written", source.ErrCorrupt, len(list)-len(extents), len(list))
		return nil, false, d.readError(err, first, min(s.grid.chunk[0], d.Rows()-first))
	}
	return nil, true, nil
}

// checked says whether each piece that was written has a checksum. Rows of variable
// length have none: the filters see only where the file has their bytes. Nor has a
// chunk that its writer stored without them, as the format allows for each. The
// chunks that libhdf5 reads are taken to be filtered.
func (d *Dataset) checked() (bool, error) {
	mask := uint32(0)
	for i, name := range d.info.Filters {
		if name == "fletcher32" || name == "gzip" {
			mask |= 1 << i
		}
	}
	c, ok := d.storage.(*chunked)
	if mask == 0 || d.variable || !ok {
		return mask != 0 && !d.variable, nil
	}
	list, err := c.chunks()
	if err != nil {
		return false, d.readError(err, 0, d.Rows())
	}
	g := &c.grid
	for i, chunk := range list {
		box := g.box(i%g.band, g.chunk[0])
		if chunk.Address < h5.Lost && (chunk.Mask&mask == mask || c.isRaw(chunk, i, box.clipped)) {
			return false, nil
		}
	}
	return true, nil
}

// readEverything reads a data set about a mebibyte at a time, as it is stored, and
// returns its size in bytes.
func (d *Dataset) readEverything(t task) (int64, error) {
	if d.info.Kind == source.Bytes {
		return d.readAllStrings()
	}
	row := d.info.rowBytes()
	rows := max(1, extentBytes/row)
	if chunk := d.info.Chunk; chunk != nil {
		rows = (rows-1)/chunk[0]*chunk[0] + chunk[0]
	}
	rows = min(rows, d.Rows())
	workers := t.workers((d.Rows()-1)/rows+1, rows*row)
	var next atomic.Int64
	errs := make([]error, workers)
	var running sync.WaitGroup
	for w := range workers {
		running.Go(func() { errs[w] = d.readPieces(&next, rows) })
	}
	running.Wait()
	return int64(d.Rows()) * int64(row), errors.Join(errs...)
}

// workers is how many may read pieces of so many bytes: each has a piece, the
// chunk that it is made from and what decoding that takes.
func (t task) workers(pieces, bytes int) int {
	return max(1, min(t.Workers, pieces, int(t.Memory/4/int64(bytes))))
}

// readPieces reads pieces of so many rows until none is left.
func (d *Dataset) readPieces(next *atomic.Int64, rows int) error {
	var dst []byte
	row := d.info.rowBytes()
	for {
		first := int(next.Add(int64(rows))) - rows
		if first >= d.Rows() {
			return nil
		}
		if dst == nil { // only now: others may have taken all the pieces
			dst = make([]byte, rows*row)
		}
		n := min(rows, d.Rows()-first)
		if err := d.read(dst[:n*row], source.Range{From: first, To: first + n}); err != nil {
			return d.readError(err, first, n)
		}
	}
}

// readAllStrings reads rows of bytes. libhdf5 has those of a step in memory.
func (d *Dataset) readAllStrings() (int64, error) {
	n := int64(0)
	step := max(1, extentBytes/max(1, d.bytesPerRow()))
	for _, rows := range source.Cut(d.Rows(), step) {
		if err := d.readStrings(rows, func(b []byte) { n += int64(len(b)) }); err != nil {
			return n, d.readError(err, rows.From, rows.Len())
		}
	}
	return n, nil
}
