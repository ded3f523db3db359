//go:build cgo && !nohdf5

package h5

import (
	"encoding/binary"
	"fmt"
	"log"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func Example() {
	f, err := Open("../../hdf5/testdata/layouts.h5")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	d, err := f.Describe("gzip")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.Type.Class, d.Type.Size, d.Dims, d.Chunk, d.Filters)
	ds, err := f.OpenDataset("gzip", d.Dims, 521, 1<<20)
	if err != nil {
		log.Fatal(err)
	}
	row := make([]byte, 4*5*4)
	if err := ds.Read(row, 20, 1, Type{Class: Float, Size: 4}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(math.Float32frombits(binary.NativeEndian.Uint32(row)))
	// Output:
	// float 4 [21 4 5] [8 4 5] [{1 deflate [4]}]
	// 1.5
}

// What the caller believes of a data set is compared with the data set itself
// before libhdf5 may write to the caller's memory.
func TestReadChecksTheShapeItIsGiven(t *testing.T) {
	f, err := Open("../../hdf5/testdata/layouts.h5") // contiguous: 21 x 4 x 5
	require.NoError(t, err)
	defer f.Close()
	for _, tc := range []struct {
		name                 string
		dims                 []uint64
		length, first, count int
		says                 string
	}{
		{"rows smaller than they are", []uint64{21, 2, 5}, 10, 0, 1, "shape has changed"},
		{"another number of rows", []uint64{22, 4, 5}, 20, 0, 1, "shape has changed"},
		{"rank too small", []uint64{21, 20}, 20, 0, 1, "rank has changed"},
		{"no rank", nil, 20, 0, 1, "rank out of range"},
		{"absurd rank", make([]uint64, 40), 20, 0, 1, "rank out of range"},
		{"destination too short", []uint64{21, 4, 5}, 19, 0, 1, "another length"},
		{"rows past the end", []uint64{21, 4, 5}, 40, 20, 2, "rows out of range"},
		{"negative row", []uint64{21, 4, 5}, 20, -1, 1, "rows out of range"},
		{"count that overflows", []uint64{21, 4, 5}, 0, 0, -1, "rows out of range"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ds, err := f.OpenDataset("contiguous", tc.dims, 0, 0)
			require.NoError(t, err)
			assert.ErrorContains(t, ds.Read(make([]byte, 4*tc.length), tc.first, tc.count, Type{Class: Float, Size: 4}), tc.says)
		})
	}
}

func TestChunksChecksTheGridItIsGiven(t *testing.T) {
	f, err := Open("../../hdf5/testdata/layouts.h5") // gzip: 21 x 4 x 5 in chunks of 8 x 4 x 5
	require.NoError(t, err)
	defer f.Close()
	list, err := f.Chunks("gzip", []uint64{3, 1, 1}, []uint64{8, 4, 5})
	require.NoError(t, err)
	require.Len(t, list, 3)
	for _, c := range list {
		assert.Less(t, c.Address, Lost)
		assert.Positive(t, c.Size)
		assert.Zero(t, c.Mask)
	}
	_, err = f.Chunks("gzip", nil, nil)
	require.ErrorContains(t, err, "rank out of range")
	_, err = f.Chunks("gzip", []uint64{3, 1 << 40, 1 << 40, 1 << 40}, []uint64{8, 4, 5, 1})
	require.ErrorContains(t, err, "more than can be listed")
	_, err = f.Chunks("gzip", []uint64{3, 1}, []uint64{8, 4})
	require.ErrorContains(t, err, "rank has changed")
	_, err = f.Chunks("gzip", []uint64{3, 1, 1}, []uint64{8, 4})
	require.ErrorContains(t, err, "axes")
	_, err = f.Chunks("contiguous", []uint64{3, 1, 1}, []uint64{8, 4, 5})
	require.ErrorContains(t, err, "not a chunked dataset")
	_, err = f.Chunks("nowhere", []uint64{1}, []uint64{1})
	require.ErrorContains(t, err, "cannot open data set")
	list, err = f.Chunks("unwritten", []uint64{3, 1}, []uint64{7, 3})
	require.NoError(t, err)
	assert.Equal(t, uint64(NoAddress), list[0].Address)
}

func TestAppendChecksTheLengthItIsGiven(t *testing.T) {
	f, err := Create(filepath.Join(t.TempDir(), "a.h5"))
	require.NoError(t, err)
	defer f.Close()
	half := Type{Class: Float, Size: 2, Exponent: 5, Mantissa: 10}
	ds, err := f.CreateDataset("x", half, Storage{Chunk: []uint64{4, 3}, Fletcher32: true})
	require.NoError(t, err)
	assert.ErrorContains(t, ds.Append(half, make([]byte, 10), 2), "another length")
	assert.NoError(t, ds.Append(half, make([]byte, 12), 2))
	assert.Error(t, f.SetAttr("", "a", []int{1}))
	_, err = f.CreateDataset("y", half, Storage{Chunk: make([]uint64, 40)})
	assert.ErrorContains(t, err, "rank out of range")
	_, err = f.CreateDataset("z", Type{Class: Integer, Size: 3}, Storage{Chunk: []uint64{4}})
	assert.ErrorContains(t, err, "cannot create data set")

	strings, err := f.CreateDataset("s", Type{Class: VarLen}, Storage{Chunk: []uint64{4}})
	require.NoError(t, err)
	assert.ErrorContains(t, strings.AppendStrings([]byte("abc"), []uint64{2, 1}), "row 1 is bytes [2, 1) of 3")
	assert.ErrorContains(t, strings.AppendStrings([]byte("abc"), []uint64{4}), "row 0 is bytes [0, 4) of 3")
	assert.NoError(t, strings.AppendStrings([]byte("abc"), []uint64{0, 2, 3}))
	assert.NoError(t, strings.AppendStrings(nil, []uint64{0}))
}

func TestErrorsCarryLibhdf5sText(t *testing.T) {
	_, err := Open("h5.go")
	assert.ErrorContains(t, err, "file signature not found")
	f, err := Open("../../hdf5/testdata/types.h5")
	require.NoError(t, err)
	defer f.Close()
	_, err = f.Describe("nowhere")
	assert.ErrorContains(t, err, "cannot open data set")
	assert.ErrorContains(t, err, "object 'nowhere' doesn't exist")
}

func TestClassNames(t *testing.T) {
	assert.Equal(t, "integer", Integer.String())
	assert.Equal(t, "array", Array.String())
	assert.Equal(t, "unknown", Class(-1).String())
	assert.Equal(t, "unknown", Class(11).String())
}

func TestVersion(t *testing.T) {
	assert.Regexp(t, `^\d+\.\d+\.\d+$`, Version())
}
