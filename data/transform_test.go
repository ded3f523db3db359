package data

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// halve makes float32 of uint8 and keeps all else.
type halve struct{}

func (halve) Fields(in []source.Field) ([]source.Field, error) {
	if in[0].Kind != source.Uint8 {
		return nil, errors.New("not uint8")
	}
	return []source.Field{{Name: "image", Shape: in[0].Shape, Kind: source.Float32}, in[1], in[2]}, nil
}

func (halve) Apply(dst, src *Row) error {
	for i, v := range src.Uint8("image") {
		dst.Float32("image")[i] = float32(v) / 2
	}
	return nil
}

func TestRowApply(t *testing.T) {
	r := NewRow([]source.Field{
		{Name: "image", Shape: []int{3}, Kind: source.Uint8},
		{Name: "label", Kind: source.Int64},
		{Name: "name", Kind: source.Bytes},
	}, 1)
	r.Index, r.Epoch = 5, 6
	copy(r.Uint8("image"), []uint8{1, 2, 3})
	r.Int64("label")[0] = 7
	r.SetBytes("name", []byte("seven"))

	made, err := r.Apply(halve{})
	require.NoError(t, err)
	assert.Equal(t, []float32{.5, 1, 1.5}, made.Float32("image"))
	assert.Equal(t, []int64{7}, made.Int64("label"))
	assert.Equal(t, "seven", string(made.Bytes("name")))
	assert.Equal(t, [2]int{5, 6}, [2]int{made.Index, made.Epoch})
	draws := NewRow(nil, 1).Rand()
	assert.Equal(t, draws.Float64(), r.Rand().Float64())
	assert.Equal(t, draws.Float64(), made.Rand().Float64(), "one stream, whichever row is asked")

	_, err = made.Apply(halve{})
	assert.EqualError(t, err, "not uint8")
}
