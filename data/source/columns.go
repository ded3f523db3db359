package source

import (
	"fmt"
	"slices"
	"unsafe"
)

// Columns holds some rows of some fields in the stored type and the byte order
// of the machine. Its memory is used again by the next Reset, so that a buffer
// that is refilled does not allocate.
type Columns struct {
	fields []Field
	rows   int
	fixed  [][]byte // of each field but Bytes: the rows, one after the other, 64-byte aligned
	ragged []ragged // of each field of Bytes
}

// ragged is rows of any length: row i is bytes[ends[i-1]:ends[i]].
type ragged struct {
	bytes []byte
	ends  []int
}

// Reset makes room for rows of the fields. Elements are those of before, or
// zero; rows of Bytes are none until they are appended.
func (c *Columns) Reset(fields []Field, rows int) {
	c.fields, c.rows = fields, rows
	c.fixed = slices.Grow(c.fixed[:0], len(fields))[:len(fields)]
	c.ragged = slices.Grow(c.ragged[:0], len(fields))[:len(fields)]
	for i, f := range fields {
		n := rows * f.RowBytes()
		if cap(c.fixed[i]) < n {
			c.fixed[i] = aligned(n)
		}
		c.fixed[i] = c.fixed[i][:n]
		c.ragged[i].bytes, c.ragged[i].ends = c.ragged[i].bytes[:0], c.ragged[i].ends[:0]
	}
}

// Relabel gives the rows other fields of the same number of bytes, such as the same
// elements in another shape.
func (c *Columns) Relabel(fields []Field) { c.fields = fields }

// aligned makes n bytes that begin at a cache line, where any element may begin.
func aligned(n int) []byte {
	const line = 64
	b := make([]byte, n+line)
	skip := int(-uintptr(unsafe.Pointer(unsafe.SliceData(b))) % line)
	return b[skip : skip+n : skip+n]
}

// Fields are those of the last Reset.
func (c *Columns) Fields() []Field { return c.fields }

// Rows is the number of rows of the last Reset.
func (c *Columns) Rows() int { return c.rows }

// All is the memory of all rows of a field that is not of Bytes, to fill or to
// read. field counts as in Fields.
func (c *Columns) All(field int) []byte { return c.fixed[field] }

// Row is one row of a field: its elements as stored, or its string of Bytes.
func (c *Columns) Row(field, row int) []byte {
	if r := &c.ragged[field]; c.fields[field].Kind == Bytes {
		from := 0
		if row > 0 {
			from = r.ends[row-1]
		}
		return r.bytes[from:r.ends[row]]
	}
	n := c.fields[field].RowBytes()
	return c.fixed[field][row*n : (row+1)*n]
}

// Append adds the next row of a field of Bytes; it copies b.
func (c *Columns) Append(field int, b []byte) {
	r := &c.ragged[field]
	r.bytes = append(r.bytes, b...)
	r.ends = append(r.ends, len(r.bytes))
}

// Check finds fields of Bytes that have fewer rows, or more, than Rows. Errors:
// ErrShape.
func (c *Columns) Check() error {
	for i, f := range c.fields {
		if n := len(c.ragged[i].ends); f.Kind == Bytes && n != c.rows {
			return fmt.Errorf("field %q: %w: %d rows of bytes were appended for %d rows", f.Name, ErrShape, n, c.rows)
		}
	}
	return nil
}

// Bytes is the memory that the rows take.
func (c *Columns) Bytes() int64 {
	n := 0
	for i := range c.fields {
		n += len(c.fixed[i]) + len(c.ragged[i].bytes)
	}
	return int64(n)
}
