package shard

import (
	"encoding/binary"
	"math"

	"github.com/cascade-hpc/cascade/data/source"
)

// blockBytes is what a block without BlockRows holds. Reading is as fast as it gets
// from a quarter of a mebibyte on (from memory; a disk or a network asks for
// more), while the cost of a row at random and what a shuffle cannot mix grow
// with the block.
const blockBytes = 1 << 20

// pending is the block that is being filled.
type pending struct {
	fields []source.Field
	limit  int // rows
	bytes  int // of all fields so far
	most   int // of bytes before the block is full
	rows   int
	data   [][]byte // of each field: rows, or strings one after the other
	ends   [][]byte // of each field of Bytes: where the strings end, as stored
	whole  []byte   // of section
}

func newPending(fields []source.Field, blockRows int) pending {
	p := pending{fields: fields, limit: blockRows, most: math.MaxInt, data: make([][]byte, len(fields)), ends: make([][]byte, len(fields))}
	if blockRows > 0 {
		return p
	}
	row := 0
	for _, f := range fields {
		n, _ := sectionBytes(f, 1)
		row += int(n)
	}
	p.limit = max(1, blockBytes/row)
	p.most = blockBytes
	return p
}

func (p *pending) full() bool { return p.rows >= p.limit || p.bytes >= p.most }

func (p *pending) reset() {
	p.rows, p.bytes = 0, 0
	for i := range p.fields {
		p.data[i], p.ends[i] = p.data[i][:0], p.ends[i][:0]
	}
}

// take adds rows of c, from row from on, until the block is full or c has no
// more, and returns how many.
func (p *pending) take(c *source.Columns, from int) int {
	n := min(c.Rows()-from, p.limit-p.rows)
	for i, f := range p.fields {
		if f.Kind == source.Bytes {
			n = p.fit(c, i, from, n)
		}
	}
	for i, f := range p.fields {
		if f.Kind == source.Bytes {
			p.takeBytes(c, i, from, n)
			continue
		}
		size := f.RowBytes()
		at := len(p.data[i])
		p.data[i] = append(p.data[i], c.All(i)[from*size:(from+n)*size]...)
		if !source.LittleEndian {
			source.SwapBytes(p.data[i][at:], f.Kind.Size())
		}
		p.bytes += n * size
	}
	p.rows += n
	return n
}

// fit is how many of n rows it takes until the strings of a field fill the block.
func (p *pending) fit(c *source.Columns, field, from, n int) int {
	bytes := p.bytes
	for k := range n {
		if bytes += 8 + len(c.Row(field, from+k)); bytes >= p.most {
			return k + 1
		}
	}
	return n
}

func (p *pending) takeBytes(c *source.Columns, field, from, n int) {
	before := len(p.data[field])
	for k := range n {
		p.data[field] = append(p.data[field], c.Row(field, from+k)...)
		p.ends[field] = binary.LittleEndian.AppendUint64(p.ends[field], uint64(len(p.data[field])))
	}
	p.bytes += 8*n + len(p.data[field]) - before
}

// section is what the block's section of a field holds, valid until the next
// call.
func (p *pending) section(field int) []byte {
	if p.fields[field].Kind != source.Bytes {
		return p.data[field]
	}
	p.whole = append(append(p.whole[:0], p.ends[field]...), p.data[field]...)
	return p.whole
}
