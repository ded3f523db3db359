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

// readEverything reads a data set a run of chunks at a time, as it is stored, and
// returns its size in bytes.
func (d *Dataset) readEverything(workers int) (int64, error) {
	if d.info.Kind == source.Bytes {
		n := int64(0)
		err := d.readStrings(source.Range{To: d.Rows()}, func(b []byte) { n += int64(len(b)) })
		if err != nil {
			err = d.readError(err, 0, d.Rows())
		}
		return n, err
	}
	row := d.info.rowBytes()
	rows := max(1, (1<<20)/row)
	if chunk := d.info.Chunk; chunk != nil {
		rows = (rows-1)/chunk[0]*chunk[0] + chunk[0]
	}
	rows = min(rows, d.Rows())
	var next atomic.Int64
	errs := make([]error, workers)
	var running sync.WaitGroup
	for w := range workers {
		running.Go(func() {
			dst := make([]byte, rows*row)
			for errs[w] == nil {
				first := int(next.Add(int64(rows))) - rows
				if first >= d.Rows() {
					return
				}
				n := min(rows, d.Rows()-first)
				if err := d.read(dst[:n*row], source.Range{From: first, To: first + n}); err != nil {
					errs[w] = d.readError(err, first, n)
				}
			}
		})
	}
	running.Wait()
	return int64(d.Rows()) * int64(row), errors.Join(errs...)
}
