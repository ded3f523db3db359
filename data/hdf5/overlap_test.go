package hdf5

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

func TestChunksThatShareBytesAreFound(t *testing.T) {
	none := h5.Chunk{Address: h5.NoAddress}
	at := func(address uint64, size uint32) h5.Chunk { return h5.Chunk{Address: address, Size: size} }
	for _, tc := range []struct {
		name string
		list []h5.Chunk
		says string
	}{
		{"none", nil, ""},
		{"none written", []h5.Chunk{none, none}, ""},
		{"one after the other", []h5.Chunk{at(100, 10), at(110, 10), none, at(120, 5)}, ""},
		{"in another order", []h5.Chunk{at(120, 5), none, at(110, 10), at(100, 10)}, ""},
		{"the same twice", []h5.Chunk{at(100, 10), none, at(100, 10)}, "chunks 0 and 2 share"},
		{"by a byte", []h5.Chunk{at(111, 10), at(200, 1), at(101, 11)}, "chunks 0 and 2 share"},
		{"one within another", []h5.Chunk{at(100, 100), none, none, at(120, 5)}, "chunks 0 and 3 share"},
		{"at the end of what can be addressed", []h5.Chunk{at(h5.NoAddress-1, 10), at(0, 4)}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := checkOverlap(tc.list)
			if tc.says == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, source.ErrCorrupt)
			assert.ErrorContains(t, err, tc.says)
		})
	}
}

func TestDatasetsThatShareBytesAreFound(t *testing.T) {
	var p places
	p.add("a", []extent{{100, 10}, {110, 10}})
	p.add("nothing", nil)
	p.add("b", []extent{{200, 10}})
	require.NoError(t, p.check())
	p.add("c", []extent{{90, 5}, {205, 10}})
	err := p.check()
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, `the data sets "b" and "c" share bytes of the file`)
}
