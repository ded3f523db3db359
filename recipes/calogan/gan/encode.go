package gan

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// Encoder is the transform of a pipeline that makes images of the cells of a field.
func (m Image) Encoder(field string) data.Transform { return encoder{m, field} }

type encoder struct {
	image Image
	field string
}

// Fields implements data.Transform.
func (e encoder) Fields(in []source.Field) ([]source.Field, error) {
	i, err := source.Find(in, e.field)
	if err != nil {
		return nil, err
	}
	if in[i].Kind != source.Float32 {
		return nil, fmt.Errorf("%w: %s: energies must arrive as float32", source.ErrType, in[i])
	}
	return in, nil
}

// Apply implements data.Transform.
func (e encoder) Apply(dst, src *data.Row) error {
	e.image.Encode(dst.Float32(e.field), src.Float32(e.field))
	return nil
}
