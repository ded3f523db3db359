package data

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func paths(dir string, names ...string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = filepath.Join(dir, n)
	}
	return out
}

// shower_0.h5 has 12 rows of float32, shower_1.h5 7 rows of float64 and a
// big-endian target; their targets count on from file to file.
func TestFilesFollowEachOther(t *testing.T) {
	eachTestdata(t, func(t *testing.T, dir string) {
		src, err := OpenHDF5Source(paths(dir, "shower_1.h5", "shower_0.h5"), "ECAL", "target")
		require.NoError(t, err)
		defer src.Close()
		assert.Equal(t, 19, src.Rows())
		assert.Equal(t, []Field{{"ECAL", []int{3, 4, 5}}, {"target", []int{2}}}, src.Fields())
		for first := range 19 {
			for count := 0; first+count <= 19; count++ {
				dst := make([]float32, 2*count)
				require.NoError(t, src.ReadRows("target", dst, first, count))
				for i, v := range dst {
					require.Equal(t, float32(2*first+i), v, "rows [%d, %d), element %d", first, first+count, i)
				}
			}
		}
		dst := make([]float32, 60)
		require.NoError(t, src.ReadRows("ECAL", dst, 12, 1))
		assert.Equal(t, pattern(60, "float")[0]+12, dst[0], "first row of the second file")
	})
}

func TestSourceErrors(t *testing.T) {
	eachTestdata(t, func(t *testing.T, dir string) {
		for _, tc := range []struct {
			name   string
			files  []string
			fields []string
			want   error
			says   string
		}{
			{"no files", nil, []string{"ECAL"}, ErrMissing, "no files"},
			{"no fields", []string{"shower_0.h5"}, nil, ErrMissing, "no data sets were asked for"},
			{"a file twice", []string{"shower_0.h5", "shower_1.h5", "shower_0.h5"}, []string{"ECAL"}, ErrShape, "shower_0.h5: wrong shape: the file is listed twice"},
			{"a field twice", []string{"shower_0.h5"}, []string{"ECAL", "ECAL"}, ErrShape, `two fields are called "ECAL"`},
			{"field missing from the second file", []string{"shower_0.h5", "userblock.h5"}, []string{"ECAL"}, ErrMissing, `userblock.h5: missing: no data set "ECAL"; the file has "x" float32 (4, 3)`},
			{"rows of another shape", []string{"shower_0.h5", "disagree.h5"}, []string{"target", "ECAL"}, ErrShape, `a row of "ECAL" is (3, 4, 5), but (5, 4, 3) in`},
			{"unequal rows within a file", []string{"unequal.h5"}, []string{"ECAL", "target"}, ErrShape, `"ECAL" has 6 rows and "target" has 5`},
			{"strings", []string{"refused.h5"}, []string{"string"}, ErrType, `refused.h5: data set "string"`},
			{"not HDF5", []string{"make.py"}, []string{"x"}, ErrNotHDF5, "make.py"},
		} {
			t.Run(tc.name, func(t *testing.T) {
				from := dir
				if tc.want == ErrNotHDF5 {
					from = "testdata"
				}
				_, err := OpenHDF5Source(paths(from, tc.files...), tc.fields...)
				require.ErrorIs(t, err, tc.want)
				assert.ErrorContains(t, err, tc.says)
			})
		}
		src, err := OpenHDF5Source(paths(dir, "shower_0.h5"), "ECAL")
		require.NoError(t, err)
		defer src.Close()
		assert.ErrorIs(t, src.ReadRows("target", nil, 0, 0), ErrMissing)
		assert.ErrorIs(t, src.ReadRows("ECAL", make([]float32, 60), 12, 1), ErrRange)
		assert.ErrorIs(t, src.ReadRows("ECAL", make([]float32, 59), 11, 1), ErrRange)
	})
}

func counting(t testing.TB, rows int) Source {
	t.Helper()
	x, y := make([]float32, rows*6), make([]float32, rows)
	for i := range rows {
		y[i] = float32(i)
		for k := range 6 {
			x[i*6+k] = float32(i) + float32(k)/8
		}
	}
	src, err := Memory(Column{Field{"x", []int{2, 3}}, x}, Column{Field{"y", nil}, y})
	require.NoError(t, err)
	return src
}

func TestMemory(t *testing.T) {
	src := counting(t, 10)
	assert.Equal(t, 10, src.Rows())
	dst := make([]float32, 12)
	require.NoError(t, src.ReadRows("x", dst, 8, 2))
	assert.Equal(t, []float32{8, 8.125, 8.25, 8.375, 8.5, 8.625, 9, 9.125, 9.25, 9.375, 9.5, 9.625}, dst)
	require.NoError(t, src.ReadRows("y", dst[:3], 2, 3))
	assert.Equal(t, []float32{2, 3, 4}, dst[:3])
	assert.ErrorIs(t, src.ReadRows("y", dst[:3], 8, 3), ErrRange)
	assert.ErrorIs(t, src.ReadRows("x", dst, 8, 1), ErrRange)
	err := src.ReadRows("z", dst, 0, 1)
	assert.ErrorIs(t, err, ErrMissing)
	assert.ErrorContains(t, err, `no field "z"; there are "x", "y"`)
	assert.NoError(t, src.Close())
}

func TestMemoryRefuses(t *testing.T) {
	one := []float32{1}
	for _, tc := range []struct {
		name    string
		columns []Column
	}{
		{"no columns", nil},
		{"no name", []Column{{Field{"", nil}, one}}},
		{"the same name twice", []Column{{Field{"x", nil}, one}, {Field{"x", nil}, one}}},
		{"no rows", []Column{{Field{"x", nil}, nil}}},
		{"half a row", []Column{{Field{"x", []int{2}}, make([]float32, 3)}}},
		{"unequal rows", []Column{{Field{"x", nil}, one}, {Field{"y", nil}, make([]float32, 2)}}},
		{"an axis of zero", []Column{{Field{"x", []int{0}}, one}}},
		{"a negative axis", []Column{{Field{"x", []int{-1, -1}}, one}}},
		{"an absurd shape", []Column{{Field{"x", []int{math.MaxInt / 2, 3}}, one}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Memory(tc.columns...)
			assert.ErrorIs(t, err, ErrShape)
		})
	}
}

func TestHoldOut(t *testing.T) {
	for _, tc := range []struct {
		rows     int
		fraction float64
		held     int
	}{
		{10, 0.1, 1},
		{1000, 0.1, 100},
		{7, 0.1, 1},
		{15, 0.1, 2},
		{2, 0.001, 1},
		{2, 0.999, 1},
		{100, 0.999, 99},
	} {
		t.Run(fmt.Sprint(tc.rows, tc.fraction), func(t *testing.T) {
			train, test, err := HoldOut(tc.rows, tc.fraction)
			require.NoError(t, err)
			assert.Equal(t, Range{0, tc.rows - tc.held}, train)
			assert.Equal(t, Range{tc.rows - tc.held, tc.rows}, test)
		})
	}
	for _, bad := range []struct {
		rows     int
		fraction float64
	}{{1, 0.5}, {0, 0.5}, {10, 0}, {10, 1}, {10, -0.1}, {10, math.NaN()}} {
		_, _, err := HoldOut(bad.rows, bad.fraction)
		assert.ErrorIs(t, err, ErrRange, "%v", bad)
	}
}
