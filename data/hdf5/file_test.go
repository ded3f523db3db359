package hdf5

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

func TestEveryTypeBecomesFloat32(t *testing.T) {
	eachTestdata(t, func(t *testing.T, dir string) {
		f := open(t, dir, "types.h5")
		for _, name := range []string{
			"float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
		} {
			for _, suffix := range []string{"", "_big"} {
				t.Run(name+suffix, func(t *testing.T) {
					ds := dataset(t, f, name+suffix)
					assert.Equal(t, name, ds.Info().Type)
					assert.Equal(t, suffix != "" && !strings.HasSuffix(name, "int8"), ds.Info().BigEndian)
					assert.Equal(t, []int{5, 2, 3}, ds.Shape())
					assert.Equal(t, pattern(30, name), readAll(t, ds))
				})
			}
		}
	})
}

func TestConversionAtTheEdges(t *testing.T) {
	eachTestdata(t, func(t *testing.T, dir string) {
		f := open(t, dir, "types.h5")
		inf := float32(math.Inf(1))
		x := readAll(t, dataset(t, f, "extremes"))
		assert.True(t, math.IsNaN(float64(x[3])), "NaN stays NaN")
		x[3] = 0
		assert.Equal(t, []float32{inf, -inf, 0, 0, inf, 1 << 24}, x, "too large, too small, infinite, not representable")
		assert.Equal(t, []float32{1 << 63, -1 << 63, 1 << 24}, readAll(t, dataset(t, f, "huge_int")))
		assert.Equal(t, []float32{1 << 64, 1 << 24}, readAll(t, dataset(t, f, "huge_uint")))
		assert.Equal(t, []float32{1, 0, 0, 1}, readAll(t, dataset(t, f, "bool")))
	})
}

// Every sub-range of rows must equal the same part of the whole, in every
// layout that h5py makes, with old and new file formats.
func TestHyperslabsOfEveryLayout(t *testing.T) {
	eachTestdata(t, func(t *testing.T, dir string) {
		for _, file := range []string{"layouts.h5", "latest.h5"} {
			f := open(t, dir, file)
			require.Len(t, f.Datasets(), 12)
			for _, info := range f.Datasets() {
				t.Run(file+" "+info.Name, func(t *testing.T) {
					ds := dataset(t, f, info.Name)
					want := pattern(ds.Rows()*ds.RowSize(), "float")
					if info.Name == "unwritten" {
						for i := range want {
							want[i] = 1.5 // its fill value
						}
					}
					checkSlabs(t, ds, want)
				})
			}
		}
	})
}

func checkSlabs(t *testing.T, ds *Dataset, want []float32) {
	require.Equal(t, 21, ds.Rows())
	n := ds.RowSize()
	for first := 0; first <= ds.Rows(); first++ {
		for count := 0; first+count <= ds.Rows(); count++ {
			dst := make([]float32, count*n)
			require.NoError(t, ds.ReadRows(dst, first, count))
			require.Equal(t, want[first*n:(first+count)*n], dst, "rows [%d, %d)", first, first+count)
		}
	}
}

// The destination sits between canaries: an element too many, or 8 bytes for 4,
// would show.
func TestReadStaysInsideItsDestination(t *testing.T) {
	needHDF5(t)
	const guard, canary = 4096, float32(-12345)
	for _, tc := range []struct{ file, name string }{
		{"types.h5", "float64"},
		{"types.h5", "float64_big"},
		{"types.h5", "int64"},
		{"types.h5", "uint8"},
		{"types.h5", "float16"},
		{"layouts.h5", "split_rows"},
		{"layouts.h5", "gzip_split"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ds := dataset(t, open(t, "testdata", tc.file), tc.name)
			n := ds.RowSize()
			whole := readAll(t, ds)
			for first := range ds.Rows() {
				buf := make([]float32, guard+2*n+guard)
				for i := range buf {
					buf[i] = canary
				}
				count := min(2, ds.Rows()-first)
				require.NoError(t, ds.ReadRows(buf[guard:guard+count*n], first, count))
				require.Equal(t, whole[first*n:(first+count)*n], buf[guard:guard+count*n])
				for i, v := range buf {
					if i < guard || i >= guard+count*n {
						require.Equal(t, canary, v, "element %d was overwritten", i-guard)
					}
				}
			}
		})
	}
}

func TestReadRowsRefusesWrongRanges(t *testing.T) {
	needHDF5(t)
	ds := dataset(t, open(t, "testdata", "layouts.h5"), "contiguous") // 21 rows of 20
	for _, tc := range []struct {
		name                 string
		length, first, count int
	}{
		{"destination too short", 39, 0, 2},
		{"destination too long", 41, 0, 2},
		{"nil destination", 0, 0, 1},
		{"negative row", 20, -1, 1},
		{"negative count", 20, 0, -1},
		{"one row past the end", 20, 21, 1},
		{"reaching past the end", 40, 20, 2},
		{"first plus count overflows", 20, 1, math.MaxInt},
		{"count times row size overflows", 16, 0, math.MaxInt/20 + 1},
		{"destination without rows", 20, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := ds.ReadRows(make([]float32, tc.length), tc.first, tc.count)
			require.ErrorIs(t, err, source.ErrRange)
			assert.ErrorContains(t, err, `layouts.h5: data set "contiguous" (21, 4, 5)`)
		})
	}
	assert.NoError(t, ds.ReadRows(nil, 21, 0), "no rows at the end are a valid range")
}

func TestSchema(t *testing.T) {
	eachTestdata(t, func(t *testing.T, dir string) {
		f := open(t, dir, "layouts.h5")
		info := dataset(t, f, "/gzip_shuffle_sum").Info()
		assert.Equal(t, []int{21, 4, 5}, info.Shape)
		assert.Equal(t, []int{8, 4, 5}, info.Chunk)
		assert.Equal(t, []string{"shuffle", "gzip", "fletcher32"}, info.Filters)
		assert.Positive(t, info.Stored)
		assert.Equal(t, `"gzip_shuffle_sum" float32 (21, 4, 5)`, info.String())
		assert.Equal(t, `"vector" float64 (21,)`, dataset(t, f, "vector").Info().String())
		assert.Nil(t, dataset(t, f, "contiguous").Info().Chunk)
		assert.Equal(t, []int{21}, dataset(t, f, "vector").Shape())
		assert.Equal(t, 1, dataset(t, f, "vector").RowSize())
		assert.Same(t, dataset(t, f, "gzip"), dataset(t, f, "gzip"))
	})
}

func TestUserBlockAndCallersCannotChangeTheSchema(t *testing.T) {
	eachTestdata(t, func(t *testing.T, dir string) {
		f := open(t, dir, "userblock.h5")
		ds := dataset(t, f, "x")
		ds.Shape()[0] = 1 << 40
		f.Datasets()[0].Name = "y"
		assert.Equal(t, pattern(12, "float"), readAll(t, dataset(t, f, "x")))
	})
}

func TestAttributes(t *testing.T) {
	eachTestdata(t, func(t *testing.T, dir string) {
		f := open(t, dir, "attributes.h5")
		for _, tc := range []struct {
			name string
			want any
		}{
			{"text", "Grüße"},
			{"bytes", "fixed"},
			{"float32", 1.5},
			{"big_float64", 2.5},
			{"int8", int64(-3)},
			{"uint64", int64(7)},
			{"one", int64(4)},
			{"yes", int64(1)},
			{"huge", source.ErrType},
			{"many", source.ErrType},
			{"nothing", source.ErrType},
			{"complex", source.ErrType},
			{"absent", source.ErrMissing},
			{"zero\x00byte", source.ErrType},
		} {
			t.Run(tc.name, func(t *testing.T) {
				got, err := f.Attr(tc.name)
				if want, ok := tc.want.(error); ok {
					require.ErrorIs(t, err, want)
					assert.ErrorContains(t, err, "attributes.h5: attribute "+fmt.Sprintf("%q", tc.name))
					return
				}
				require.NoError(t, err)
				assert.Equal(t, tc.want, got)
			})
		}
		unit, err := dataset(t, f, "x").Attr("unit")
		require.NoError(t, err)
		assert.Equal(t, "GeV", unit)
		_, err = dataset(t, f, "x").Attr("absent")
		assert.ErrorIs(t, err, source.ErrMissing)
		assert.ErrorContains(t, err, `data set "x"`)
	})
}

func TestAttributeNames(t *testing.T) {
	eachTestdata(t, func(t *testing.T, dir string) {
		f := open(t, dir, "attributes.h5")
		names, err := f.AttrNames()
		require.NoError(t, err)
		assert.Equal(t, []string{
			"big_float64", "bytes", "complex", "float32", "huge", "int8", "many", "nothing", "one", "text", "uint64", "yes",
		}, names)
		names, err = dataset(t, f, "x").AttrNames()
		require.NoError(t, err)
		assert.Equal(t, []string{"unit"}, names)
		require.NoError(t, f.Close())
		_, err = f.AttrNames()
		assert.ErrorIs(t, err, os.ErrClosed)
	})
}

func TestReadInts(t *testing.T) {
	eachTestdata(t, func(t *testing.T, dir string) {
		f := open(t, dir, "types.h5")
		for _, name := range []string{"int8", "int16_big", "int32", "int64_big", "uint8", "uint16_big", "uint32", "uint64"} {
			ds := dataset(t, f, name)
			got := make([]int64, 4*6)
			require.NoError(t, ds.ReadInts(got, 1, 4))
			for i, want := range pattern(30, name)[6:] {
				require.Equal(t, int64(want), got[i], name)
			}
		}
		got := make([]int64, 3)
		require.NoError(t, dataset(t, f, "huge_int").ReadInts(got, 0, 3))
		assert.Equal(t, []int64{math.MaxInt64, math.MinInt64, 1<<24 + 1}, got, "every bit")
		err := dataset(t, f, "huge_uint").ReadInts(got[:2], 0, 2)
		require.ErrorIs(t, err, source.ErrRange)
		assert.ErrorContains(t, err, `types.h5: data set "huge_uint" (2,), rows [0, 0+2)`)
		require.ErrorIs(t, dataset(t, f, "float32").ReadInts(make([]int64, 6), 0, 1), source.ErrRange, "quarters are no integers")
	})
}

func TestGoroutinesReadAtOnce(t *testing.T) {
	needHDF5(t)
	f, g := open(t, "testdata", "layouts.h5"), open(t, "testdata", "latest.h5")
	t.Run("group", func(t *testing.T) {
		for i := range 8 {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				rng := rand.New(rand.NewPCG(1, uint64(i)))
				names := []string{"contiguous", "gzip_split", "fletcher32", "chunked"}
				want := pattern(21*20, "float")
				dst := make([]float32, 3*20)
				for range 200 {
					file := []*File{f, g}[rng.IntN(2)]
					ds, err := file.Dataset(names[rng.IntN(len(names))])
					require.NoError(t, err)
					first := rng.IntN(19)
					require.NoError(t, ds.ReadRows(dst, first, 3))
					require.Equal(t, want[first*20:(first+3)*20], dst)
				}
			})
		}
	})
}

func TestClosedFile(t *testing.T) {
	needHDF5(t)
	f, err := Open("testdata/layouts.h5")
	require.NoError(t, err)
	ds := dataset(t, f, "gzip")
	require.NoError(t, f.Close())
	require.NoError(t, f.Close(), "closing twice is harmless")
	assert.ErrorIs(t, ds.ReadRows(make([]float32, 20), 0, 1), os.ErrClosed)
	_, err = f.Attr("x")
	assert.ErrorIs(t, err, os.ErrClosed)
	_, err = f.Dataset("vector")
	assert.ErrorIs(t, err, os.ErrClosed)
}

func TestReadingDoesNotAllocate(t *testing.T) {
	needHDF5(t)
	ds := dataset(t, open(t, "testdata", "layouts.h5"), "contiguous")
	dst := make([]float32, 40)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if err := ds.ReadRows(dst, 3, 2); err != nil {
			panic(err)
		}
	}))
}
