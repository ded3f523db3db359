package data

import (
	"fmt"
	"unsafe"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/philox"
)

// Transform changes one row on its way from a file into a batch: it decodes an
// image, cuts, turns, adds noise. Package data/augment has the usual ones.
// Apply is called by several goroutines at once, each with a row of its own, and
// must depend on nothing but the row and its Rand.
type Transform interface {
	// Fields says what a row has after the transform that has in before it. An error
	// names the field that does not suit, what it is and what is needed.
	Fields(in []source.Field) ([]source.Field, error)
	// Apply makes dst of src. A field that is the same before and after is there
	// already. One whose rows have the same number of bytes before and after is the
	// same memory in dst and src; of any other, dst holds what memory happened to
	// hold. An error is one of the row: it names the field and what is wrong.
	Apply(dst, src *Row) error
}

// Rand draws random numbers that depend on the seed of the shuffle, the epoch,
// the row and the place of the transform in the pipeline alone.
type Rand interface {
	Float32() float32 // uniform in [0, 1)
	Float64() float64 // uniform in [0, 1)
	Intn(n int) int   // uniform in [0, n)
	Normal() float64  // mean 0, variance 1
}

// Row is one row in the hands of a transform.
type Row struct {
	Index int // of the row in the source
	Epoch int

	fields []source.Field
	memory [][]byte // of each field, aligned for its kind; of Bytes, the string
	rand   *philox.Stream
}

// Rand is where the random numbers of this row come from.
func (r *Row) Rand() Rand { return r.rand }

// Fields lists what the row has.
func (r *Row) Fields() []source.Field { return r.fields }

// Float32 is the memory of a field of float32. Like the methods below it panics if
// the row has no field of that name and kind, which Transform.Fields excludes.
func (r *Row) Float32(field string) []float32 { return elements[float32](r, field, source.Float32) }

// Int64 is the memory of a field of int64.
func (r *Row) Int64(field string) []int64 { return elements[int64](r, field, source.Int64) }

// Uint8 is the memory of a field of uint8.
func (r *Row) Uint8(field string) []uint8 { return elements[uint8](r, field, source.Uint8) }

// Bytes is the string of a field of Bytes, to be read only.
func (r *Row) Bytes(field string) []byte { return r.memory[r.find(field, source.Bytes)] }

func (r *Row) find(field string, kind source.Kind) int {
	i, err := source.Find(r.fields, field)
	if err != nil || r.fields[i].Kind != kind {
		panic(fmt.Sprintf("data: Row: no field %q of %s among %v", field, kind, r.fields))
	}
	return i
}

func elements[T source.Number](r *Row, field string, kind source.Kind) []T {
	return elementsOf[T](r.memory[r.find(field, kind)])
}

// elementsOf sees memory that is aligned for them as elements.
func elementsOf[T source.Number](b []byte) []T {
	var zero T
	if len(b) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(zero)))
}

// NewRow makes a row with room for the fields outside of any pipeline, for tests of
// transforms and for a single prediction. It draws from the stream of a seed; its
// fields of Bytes are empty until SetBytes.
func NewRow(fields []source.Field, seed uint64) *Row {
	rand := philox.NewStream(seed, 0)
	r := &Row{fields: fields, rand: &rand}
	for _, f := range fields {
		words := make([]float64, (f.RowBytes()+7)/8) // aligned for every kind
		r.memory = append(r.memory, source.BytesOf(words)[:f.RowBytes()])
	}
	return r
}

// SetBytes sets the string of a field of Bytes.
func (r *Row) SetBytes(field string, b []byte) { r.memory[r.find(field, source.Bytes)] = b }

// Apply makes the row that t makes of r, which it uses up: fields of the same
// number of bytes share memory, as in a pipeline. Like NewRow it is for tests and
// for a single prediction.
func (r *Row) Apply(t Transform) (*Row, error) {
	fields, err := t.Fields(r.fields)
	if err != nil {
		return nil, err
	}
	made := NewRow(fields, 0)
	made.Index, made.Epoch, made.rand = r.Index, r.Epoch, r.rand
	for i, f := range fields {
		k, err := source.Find(r.fields, f.Name)
		if err == nil && (f.Equal(r.fields[k]) ||
			f.Kind != source.Bytes && r.fields[k].Kind != source.Bytes && len(made.memory[i]) == len(r.memory[k])) {
			made.memory[i] = r.memory[k]
		}
	}
	return made, t.Apply(made, r)
}
