package augment

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

func field(name string, kind source.Kind, shape ...int) source.Field {
	return source.Field{Name: name, Shape: shape, Kind: kind}
}

// ramp is a row whose elements count from 0 in each field.
func ramp(seed uint64, fields ...source.Field) *data.Row {
	r := data.NewRow(fields, seed)
	for _, f := range fields {
		switch f.Kind {
		case source.Float32:
			count(r.Float32(f.Name))
		case source.Uint8:
			count(r.Uint8(f.Name))
		case source.Int64:
			count(r.Int64(f.Name))
		}
	}
	return r
}

func count[T source.Number](x []T) {
	for i := range x {
		x[i] = T(i)
	}
}

func counted(n int) []float32 {
	x := make([]float32, n)
	count(x)
	return x
}

func apply(t testing.TB, r *data.Row, transforms ...data.Transform) *data.Row {
	t.Helper()
	for _, transform := range transforms {
		made, err := r.Apply(transform)
		require.NoError(t, err)
		r = made
	}
	return r
}

// x is the field that most tests change, as float32.
func x(r *data.Row) []float32 {
	f := fieldOf(r, "x")
	y := make([]float32, f.Size())
	source.Float32s(y, memory(r, f), f.Kind)
	return y
}

func memory(r *data.Row, f source.Field) []byte {
	switch f.Kind {
	case source.Float32:
		return source.BytesOf(r.Float32(f.Name))
	case source.Int64:
		return source.BytesOf(r.Int64(f.Name))
	}
	return r.Uint8(f.Name)
}
