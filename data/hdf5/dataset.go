package hdf5

import (
	"errors"
	"fmt"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// Dataset is a data set of numbers in a File. Its first axis counts rows. It is
// closed with its file.
type Dataset struct {
	file *File
	h5   *h5.Dataset
	info Info
	size int
}

func openDataset(f *File, info Info) (*Dataset, error) {
	size, err := source.Product(info.Shape[1:])
	if err != nil {
		return nil, fmt.Errorf("hdf5: %s: data set %q: %w", f.path, info.Name, err)
	}
	dims := make([]uint64, len(info.Shape))
	for i, n := range info.Shape {
		dims[i] = uint64(n)
	}
	slots, bytes := chunkCache(info)
	d, err := f.h5.OpenDataset(info.Name, dims, slots, bytes)
	if err != nil {
		return nil, fmt.Errorf("hdf5: %s: data set %q: %w", f.path, info.Name, corrupt(err))
	}
	return &Dataset{file: f, h5: d, info: info, size: size}, nil
}

// chunkCache chooses the cache of decoded chunks. Chunks without filters are
// read in place, faster than through a cache. Filtered ones are decoded whole:
// all the chunks that a row crosses must fit, or neighbouring rows decode them
// again. 64 MiB bounds what that may cost, though one chunk always fits.
func chunkCache(info Info) (slots, bytes int) {
	const most = 64 << 20
	if len(info.Filters) == 0 {
		return 0, 0
	}
	chunk, across := 8, 1 // elements of at most 8 bytes
	for i, n := range info.Chunk {
		chunk *= n
		if i > 0 {
			across *= (info.Shape[i] + n - 1) / n
		}
	}
	bytes = max(chunk, min(2*across, most/chunk)*chunk)
	return max(521, 16*(bytes/chunk)+1), bytes
}

// corrupt marks an error of libhdf5 on a file that was fine when it was opened.
func corrupt(err error) error {
	var failed *h5.Error
	if errors.As(err, &failed) {
		return fmt.Errorf("%w: %w", source.ErrCorrupt, err)
	}
	return err
}

// Name is the path of the data set in its file.
func (d *Dataset) Name() string { return d.info.Name }

// Info describes the data set.
func (d *Dataset) Info() Info { return d.info }

// Shape is the shape, rows first.
func (d *Dataset) Shape() []int { return append([]int(nil), d.info.Shape...) }

// Rows is the length of the first axis.
func (d *Dataset) Rows() int { return d.info.Shape[0] }

// RowSize is the number of elements in a row: the product of the other axes.
func (d *Dataset) RowSize() int { return d.size }

// Attr returns an attribute of the data set, as File.Attr does.
func (d *Dataset) Attr(name string) (any, error) { return d.file.attr(d.info.Name, name) }

// ReadRows fills dst with the rows first … first+count-1, converted to float32:
// float64 and integers of more than 24 bits are rounded to the nearest float32,
// and what is too large for it becomes an infinity. len(dst) must be
// count·RowSize. It does not allocate. Errors: source.ErrRange, source.ErrCorrupt (a checksum
// or decompression failed), os.ErrClosed.
func (d *Dataset) ReadRows(dst []float32, first, count int) error {
	err := checkRead(d.Rows(), d.size, len(dst), first, count)
	if err == nil && count > 0 {
		err = d.h5.Read(dst, first, count)
	}
	if err != nil {
		err = corrupt(err)
		return fmt.Errorf("hdf5: %s: data set %q %s, rows [%d, %d+%d): %w", d.file.path, d.info.Name, source.Tuple(d.info.Shape), first, first, count, err)
	}
	return nil
}

// checkRead guards every read of rows.
func checkRead(rows, size, length, first, count int) error {
	if first < 0 || count < 0 || first > rows || count > rows-first {
		return fmt.Errorf("%w: there are %d rows", source.ErrRange, rows)
	}
	// Division, because count·size may overflow.
	if length/size != count || length%size != 0 {
		return fmt.Errorf("%w: the destination holds %d elements; %d rows of %d need %d", source.ErrRange, length, count, size, count*size)
	}
	return nil
}
