//go:build cgo && !nohdf5

package h5

// #include "shim.h"
// #include <stdlib.h>
import "C"

import (
	"fmt"
	"math"
	"math/bits"
	"unsafe"
)

// Describe reads the header of a data set, and nothing of its elements.
func (f *File) Describe(path string) (Description, error) {
	var d C.ch5_desc
	err := f.call("/"+path, func(p *C.char) C.int { return C.ch5_describe(f.id, p, &d) })
	if err != nil {
		return Description{}, err
	}
	types := d._type[:]
	out := Description{
		Type: typeOf(&types), Layout: Layout(d.layout), External: d.external > 0, RawEdges: d.raw_edges != 0,
		Space: Space(d.space), Stored: uint64(d.stored), Offset: uint64(d.offset),
		Fill: *(*[8]byte)(unsafe.Pointer(&d.fill)),
	}
	for i := range int(d.rank) {
		out.Dims = append(out.Dims, uint64(d.dims[i]))
		if out.Layout == Chunked {
			out.Chunk = append(out.Chunk, uint64(d.chunk[i]))
		}
	}
	for i := range int(d.filters) {
		filter := Filter{ID: int(d.filter_id[i]), Name: C.GoString(&d.filter_name[i][0])}
		for _, p := range d.param[i][:min(int(d.params[i]), C.CH5_PARAMS)] {
			filter.Params = append(filter.Params, uint32(p))
		}
		out.Filters = append(out.Filters, filter)
	}
	return out, nil
}

// typeOf takes a type and those it is made of from the front of the list.
func typeOf(list *[]C.ch5_typedesc) Type {
	t := &(*list)[0]
	*list = (*list)[1:]
	out := Type{
		Class: Class(t.class), Size: int(t.size), Signed: t.sign != 0,
		BigEndian: t.order == C.H5T_ORDER_BE,
		Mixed:     t.order == C.H5T_ORDER_VAX || t.order == C.H5T_ORDER_MIXED,
		Exponent:  int(t.exponent), Mantissa: int(t.mantissa),
		Plain: t.plain != 0, Variable: t.variable != 0,
	}
	for i := range int(t.rank) {
		out.Dims = append(out.Dims, int(t.dims[i]))
	}
	for range int(t.children) {
		name := C.GoString(&(*list)[0].name[0])
		out.Parts = append(out.Parts, Member{Name: name, Type: typeOf(list)})
	}
	if out.Class == Enum && len(out.Parts) == 1 {
		base := out.Parts[0].Type
		base.Class = Enum
		return base
	}
	return out
}

// Chunks lists where the chunks of a data set are, chunk by chunk through their
// grid, the last axis fastest. grid is the number of chunks along each axis and
// chunk the shape of one. A hundred thousand chunks take 40 ms.
func (f *File) Chunks(path string, grid, chunk []uint64) ([]Chunk, error) {
	if len(grid) != len(chunk) {
		return nil, &Error{Text: fmt.Sprintf("a grid of %d axes and chunks of %d", len(grid), len(chunk))}
	}
	n := uint64(1)
	for _, g := range grid {
		high, low := bits.Mul64(n, g)
		if high != 0 || low > math.MaxInt32 {
			return nil, &Error{Text: fmt.Sprintf("a grid of %v chunks is more than can be listed", grid)}
		}
		n = low
	}
	list := make([]Chunk, n)
	file := C.CString(f.path)
	defer C.free(unsafe.Pointer(file))
	g, c := sizes(grid), sizes(chunk)
	err := f.call("/"+path, func(p *C.char) C.int {
		return C.ch5_chunks(file, p, C.int(len(g)), unsafe.SliceData(g), unsafe.SliceData(c),
			(*C.ch5_chunk)(unsafe.Pointer(unsafe.SliceData(list))), C.hsize_t(n))
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}
