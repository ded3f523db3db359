package hdf5

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// Dataset is a data set in a File. Its first axis counts rows. It is closed with
// its file.
type Dataset struct {
	file    *File
	info    Info
	size    int     // elements of a row
	storage storage // nil for rows of bytes
	swap    bool    // storage gives the other byte order
	strings *library
	// of strings: the bytes of each, or that they vary
	elementBytes int
	variable     bool
}

func openDataset(f *File, info Info, d h5.Description) (*Dataset, error) {
	size, err := source.Product(info.Shape[1:])
	ds := &Dataset{file: f, info: info, size: size}
	if err == nil && info.Kind == source.Bytes {
		ds.strings = newLibrary(f.handle, info)
		ds.elementBytes, ds.variable = d.Type.Size, d.Type.Variable || d.Type.Class == h5.VarLen
	} else if err == nil {
		ds.storage, ds.swap, err = newStorage(f.handle, info, d)
	}
	if err != nil {
		return nil, fmt.Errorf("hdf5: %s: data set %q: %w", f.Path(), info.Name, err)
	}
	return ds, nil
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

// AttrNames lists the attributes of the data set.
func (d *Dataset) AttrNames() ([]string, error) { return d.file.attrNames(d.info.Name) }

// field is the data set as a field of a source.
func (d *Dataset) field() source.Field {
	if d.info.Kind == source.Bytes {
		return source.Field{Name: d.info.Name, Kind: source.Bytes}
	}
	return source.Field{Name: d.info.Name, Shape: d.Shape()[1:], Kind: d.info.Kind}
}

// ReadRows fills dst with the rows first … first+count-1, converted to float32 as
// source.Float32s does. len(dst) must be count·RowSize. It does not allocate in
// steady state. Errors: source.ErrRange, source.ErrType for rows of bytes,
// source.ErrCorrupt (a checksum or decompression failed), os.ErrClosed.
func (d *Dataset) ReadRows(dst []float32, first, count int) error {
	if d.info.Kind == source.Float32 {
		return d.readConverted(len(dst), first, count, func(rows source.Range) error {
			return d.read(source.BytesOf(dst), rows)
		})
	}
	return d.readConverted(len(dst), first, count, func(rows source.Range) error {
		return d.convertRows(rows, func(stored []byte, at, n int) error {
			source.Float32s(dst[at:at+n], stored, d.info.Kind)
			return nil
		})
	})
}

// ReadInts is ReadRows to int64. Numbers that are no integers of 64 bits are an
// error. Errors: those of ReadRows.
func (d *Dataset) ReadInts(dst []int64, first, count int) error {
	return d.readConverted(len(dst), first, count, func(rows source.Range) error {
		return d.convertRows(rows, func(stored []byte, at, n int) error {
			return source.Int64s(dst[at:at+n], stored, d.info.Kind)
		})
	})
}

// readConverted checks the arguments of a read, and names the place when it fails.
func (d *Dataset) readConverted(length, first, count int, read func(source.Range) error) error {
	err := checkRead(d.Rows(), d.size, length, first, count)
	if err == nil && d.info.Kind == source.Bytes {
		err = fmt.Errorf("%w: rows of bytes are no numbers", source.ErrType)
	}
	if err == nil && count > 0 {
		err = read(source.Range{From: first, To: first + count})
	}
	if err != nil {
		return d.readError(err, first, count)
	}
	return nil
}

func (d *Dataset) readError(err error, first, count int) error {
	return fmt.Errorf("hdf5: %s: data set %q %s, rows [%d, %d+%d): %w", d.file.Path(), d.info.Name, source.Tuple(d.info.Shape), first, first, count, corrupt(err))
}

// convertRows reads rows piece by piece into memory of the stored kind, of which
// convert takes n elements over to place at of the destination.
func (d *Dataset) convertRows(rows source.Range, convert func(stored []byte, at, n int) error) error {
	const bytes = 1 << 20
	row := d.info.rowBytes()
	step := max(1, bytes/row)
	b := borrowBuffer(min(step, rows.Len()) * row)
	defer b.giveBack()
	for from := rows.From; from < rows.To; from += step {
		to := min(from+step, rows.To)
		stored := b.bytes[:(to-from)*row]
		if err := d.read(stored, source.Range{From: from, To: to}); err != nil {
			return err
		}
		if err := convert(stored, (from-rows.From)*d.size, (to-from)*d.size); err != nil {
			return err
		}
	}
	return nil
}

// read fills dst with rows of the stored kind. rows lie within the data set and
// dst has their length.
func (d *Dataset) read(dst []byte, rows source.Range) error {
	if d.file.handle.closed.Load() {
		return os.ErrClosed // even if all that is wanted is in memory
	}
	if err := d.storage.read(dst, rows); err != nil {
		return err
	}
	m := d.file.handle.meter
	m.decoded.Add(int64(len(dst)))
	if d.swap {
		start := time.Now()
		source.SwapBytes(dst, d.info.Kind.Size())
		m.addDecode(start)
	}
	return nil
}

// readStrings calls row for each of the rows, which are strings of bytes.
func (d *Dataset) readStrings(rows source.Range, row func([]byte)) error {
	decoded := 0
	err := d.strings.readRows(rows, func(b []byte) {
		decoded += len(b)
		row(b)
	})
	d.file.handle.meter.decoded.Add(int64(decoded))
	return err
}

// corrupt marks an error of libhdf5 on a file that was fine when it was opened.
func corrupt(err error) error {
	var failed *h5.Error
	if errors.As(err, &failed) && !errors.Is(err, source.ErrCorrupt) {
		return fmt.Errorf("%w: %w", source.ErrCorrupt, err)
	}
	return err
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
