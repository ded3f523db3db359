package ops

import "fmt"

// transposedColumns are written side by side, so that what is read with a column is
// still in the cache for its neighbours.
const transposedColumns = 16

// NewTranspose returns the primitive that exchanges two neighbouring axes.
//
//	in:  src [outer, rows, cols, inner]
//	out: dst [outer, cols, rows, inner]
func NewTranspose(outer, rows, cols, inner int) (Primitive, error) {
	n, err := elements("transpose", outer, rows, cols, inner)
	if err != nil {
		return nil, err
	}
	info := Info{
		Kind:    "reorder",
		Problem: fmt.Sprintf("%dx%dx%dx%d:%dx%dx%dx%d", outer, rows, cols, inner, outer, cols, rows, inner),
		Bytes:   floatBytes(2 * n),
	}
	columns := divide(cols, transposedColumns)
	tiles := divideRows(outer*columns.parts, rows*min(cols, transposedColumns)*inner)
	return newPhased(info, overRanges(tiles, func(c *call, lo, hi int) {
		for tile := lo; tile < hi; tile++ {
			at := tile / columns.parts * rows * cols * inner
			first, end := columns.bounds(tile % columns.parts)
			dst, src := c.out[0][at:][:rows*cols*inner], c.in[0][at:][:rows*cols*inner]
			for i := range rows {
				for j := first; j < end; j++ {
					copy(dst[(j*rows+i)*inner:][:inner], src[(i*cols+j)*inner:])
				}
			}
		}
	})), nil
}
