package hdf5

import (
	"fmt"
	"math"
	"slices"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// Info is what a file says of one of its data sets.
type Info struct {
	Name  string // path in the file, without the leading slash
	Shape []int  // rows first
	Type  string // as NumPy calls it: float16 … float64, bfloat16, int8 … uint64; else the class
	// Kind is what the elements are read as; numbers that no machine has are
	// converted. It has no meaning while Err is set.
	Kind      source.Kind
	BigEndian bool     // bytes on disk; reading converts
	Chunk     []int    // shape of a chunk; nil when the data set is not chunked
	Filters   []string // applied to each chunk when it was written, in that order
	Stored    int64    // bytes in the file
	// Err says why the data set cannot be read; nil when it can.
	Err error
}

func (i Info) String() string {
	return fmt.Sprintf("%q %s %s", i.Name, i.Type, source.Tuple(i.Shape))
}

// rowBytes is the length of a row as Kind, 0 for rows of bytes.
func (i Info) rowBytes() int {
	n := i.Kind.Size()
	for _, d := range i.Shape[1:] {
		n *= d
	}
	return n
}

// Limits on what a file may declare.
const (
	maxRank  = 8
	maxChunk = 1 << 30 // bytes of a decoded chunk, which is decoded whole
	// A data set is absurd that declares more than this and a thousand times
	// what is stored: gzip reaches that ratio only on constants.
	maxSparse      = 4 << 30
	maxSparseRatio = 1000
)

// newInfo turns a description into an Info and decides whether it can be read.
func newInfo(name string, d h5.Description) Info {
	info := Info{Name: name, Type: typeName(d.Type), BigEndian: d.Type.BigEndian, Stored: int64(d.Stored)}
	for _, f := range d.Filters {
		info.Filters = append(info.Filters, filterName(f))
	}
	info.Err = checkStorage(d)
	if info.Err == nil {
		info.Shape, info.Err = ints(d.Dims)
	}
	if info.Err == nil {
		info.Chunk, info.Err = ints(d.Chunk)
	}
	info.Kind, _ = kindOf(d.Type)
	for _, check := range []func(h5.Description) error{checkType, checkShape, checkSize, checkFilters} {
		if info.Err == nil {
			info.Err = check(d)
		}
	}
	return info
}

func ints(dims []uint64) ([]int, error) {
	var out []int
	for _, d := range dims {
		if d > math.MaxInt {
			return nil, fmt.Errorf("%w: an axis of %d elements", source.ErrRefused, d)
		}
		out = append(out, int(d))
	}
	return out, nil
}

func checkStorage(d h5.Description) error {
	switch {
	case d.External:
		return fmt.Errorf("%w: its elements are in another file (external storage)", source.ErrRefused)
	case d.Layout == h5.Virtual:
		return fmt.Errorf("%w: it is a virtual data set, made of pieces of other files", source.ErrRefused)
	case d.Layout != h5.Compact && d.Layout != h5.Contiguous && d.Layout != h5.Chunked:
		return fmt.Errorf("%w: storage layout %d is unknown", source.ErrRefused, d.Layout)
	}
	return nil
}

func checkType(d h5.Description) error {
	t := d.Type
	switch _, ok := kindOf(t); {
	case !ok:
		return fmt.Errorf("%w: its elements are of type %s; only numbers, strings and sequences of uint8 can be read", source.ErrType, typeName(t))
	case t.Mixed:
		return fmt.Errorf("%w: %s in an unknown byte order", source.ErrType, typeName(t))
	}
	return nil
}

func checkShape(d h5.Description) error {
	switch {
	case d.Space == h5.Null:
		return fmt.Errorf("%w: it is empty (it has a null data space)", source.ErrShape)
	case d.Space != h5.Simple || len(d.Dims) == 0:
		return fmt.Errorf("%w: it is a single number, not rows", source.ErrShape)
	case len(d.Dims) > maxRank:
		return fmt.Errorf("%w: %d axes; at most %d can be read", source.ErrShape, len(d.Dims), maxRank)
	}
	shape, _ := ints(d.Dims)
	for _, n := range shape[1:] {
		if n > 1 && isBytes(d.Type) {
			return fmt.Errorf("%w %s: a row may hold one string, not several", source.ErrShape, source.Tuple(shape))
		}
	}
	for i, n := range d.Dims {
		if n == 0 && i == 0 {
			return fmt.Errorf("%w %s: it has no rows", source.ErrShape, source.Tuple(shape))
		}
		if n == 0 {
			return fmt.Errorf("%w %s: its rows are empty", source.ErrShape, source.Tuple(shape))
		}
	}
	return nil
}

func checkSize(d h5.Description) error {
	declared := float64(d.Type.Size)
	for _, n := range d.Dims {
		declared *= float64(n)
	}
	chunk := float64(d.Type.Size)
	for _, n := range d.Chunk {
		chunk *= float64(n)
	}
	shape, _ := ints(d.Dims)
	switch {
	case slices.Contains(d.Chunk, 0):
		return fmt.Errorf("%w: chunks of the shape %v", source.ErrCorrupt, d.Chunk)
	case declared > math.MaxInt64/8:
		return fmt.Errorf("%w: the shape %s declares %.3g bytes", source.ErrRefused, source.Tuple(shape), declared)
	case declared > maxSparse && declared > maxSparseRatio*float64(d.Stored):
		return fmt.Errorf("%w: the shape %s declares %.3g bytes but the file stores %d", source.ErrRefused, source.Tuple(shape), declared, d.Stored)
	case chunk > maxChunk:
		return fmt.Errorf("%w: chunks of %.3g bytes; at most 1 GiB can be read (h5repack -l CHUNK=… makes smaller ones)", source.ErrRefused, chunk)
	}
	return nil
}
