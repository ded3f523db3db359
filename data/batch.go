package data

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data/source"
)

// Position is a place in the course of a training: the epoch, and how many of
// its rows, on all ranks, were delivered. It depends neither on the number of
// ranks nor on the size of batches, so a training may go on with others.
type Position struct {
	Epoch int
	Row   int
}

// Batch is some rows of every field, on its way into a training step. It and its
// memory are valid until the next call of Next, At or Seek on its loader.
type Batch struct {
	// Size is the number of slots, that of Pipeline.Batch, and Valid that of those
	// whose Mask is 1.
	Size, Valid int
	// Mask is 1 for each row that counts, and 0 in padding and in the slots of rows
	// that were skipped.
	Mask []float32
	// Rows are the numbers of the rows in the source: -1 in padding, and in skipped
	// slots that of the row that was refused.
	Rows []int
	// Position is that of the first row, the same on every rank, and Next where to
	// go on after the batch: what a checkpoint saves.
	Position, Next Position

	fields  []source.Field
	columns source.Columns // of the fields that are not of Bytes
	strings [][][]byte     // of the others: one for each slot

	filling
}

func newBatch(fields []source.Field, n int) *Batch {
	b := &Batch{Size: n, fields: fields, Mask: make([]float32, n), Rows: make([]int, n), strings: make([][][]byte, len(fields))}
	b.columns.Reset(fields, n)
	for i, f := range fields {
		if f.Kind == source.Bytes {
			b.strings[i] = make([][]byte, n)
		}
	}
	b.slots, b.refused = make([]slot, n), make([]error, n)
	return b
}

// Fields are those of every batch of the loader: what the transforms made of the
// fields asked for.
func (b *Batch) Fields() []source.Field { return b.fields }

// Float32 is the memory of a field of float32: Size rows, one after the other,
// beginning at a cache line of 64 bytes. Like the methods below it panics if the
// loader has no field of that name and kind.
func (b *Batch) Float32(field string) []float32 {
	return elementsOf[float32](b.columns.All(b.find(field, source.Float32)))
}

// Int64 is the memory of a field of int64.
func (b *Batch) Int64(field string) []int64 {
	return elementsOf[int64](b.columns.All(b.find(field, source.Int64)))
}

// Uint8 is the memory of a field of uint8.
func (b *Batch) Uint8(field string) []uint8 { return b.columns.All(b.find(field, source.Uint8)) }

// Bytes is the string of a field of Bytes in a slot; empty in padding.
func (b *Batch) Bytes(field string, slot int) []byte {
	return b.strings[b.find(field, source.Bytes)][slot]
}

// Stored is the memory of a field of any kind but Bytes, in the byte order of the
// machine.
func (b *Batch) Stored(field string) []byte {
	i, err := source.Find(b.fields, field)
	if err != nil || b.fields[i].Kind == source.Bytes {
		panic(fmt.Sprintf("data: Batch: no field %q of numbers among %v", field, b.fields))
	}
	return b.columns.All(i)
}

func (b *Batch) find(field string, kind source.Kind) int {
	i, err := source.Find(b.fields, field)
	if err != nil || b.fields[i].Kind != kind {
		panic(fmt.Sprintf("data: Batch: no field %q of %s among %v", field, kind, b.fields))
	}
	return i
}

// clear zeroes a slot.
func (b *Batch) clear(slot int) {
	for i, f := range b.fields {
		if f.Kind == source.Bytes {
			b.strings[i][slot] = b.strings[i][slot][:0]
			continue
		}
		clear(b.columns.Row(i, slot))
	}
}

// copySlot makes a slot equal to another.
func (b *Batch) copySlot(to, from int) {
	for i, f := range b.fields {
		if f.Kind == source.Bytes {
			b.strings[i][to] = append(b.strings[i][to][:0], b.strings[i][from]...)
			continue
		}
		copy(b.columns.Row(i, to), b.columns.Row(i, from))
	}
}
