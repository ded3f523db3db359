package hdf5

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
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
		src, err := OpenSource(paths(dir, "shower_1.h5", "shower_0.h5"), "ECAL", "target")
		require.NoError(t, err)
		defer src.Close()
		assert.Equal(t, 19, src.Rows())
		assert.Equal(t, []source.Field{{Name: "ECAL", Shape: []int{3, 4, 5}, Kind: source.Float64}, {Name: "target", Shape: []int{2}, Kind: source.Float64}}, src.Fields())
		assert.Equal(t, []source.Range{{To: 12}, {From: 12, To: 19}}, src.Parts())
		for first := range 19 {
			for count := 0; first+count <= 19; count++ {
				var dst source.Columns
				require.NoError(t, src.Read(&dst, source.Range{From: first, To: first + count}))
				for i, v := range float32s(&dst, 1) {
					require.Equal(t, float32(2*first+i), v, "rows [%d, %d), element %d", first, first+count, i)
				}
			}
		}
		var dst source.Columns
		require.NoError(t, src.Read(&dst, source.Range{From: 12, To: 13}))
		assert.Equal(t, pattern(60, "float")[0]+12, float32s(&dst, 0)[0], "first row of the second file")
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
			{"no files", nil, []string{"ECAL"}, source.ErrMissing, "no files"},
			{"no fields", []string{"shower_0.h5"}, nil, source.ErrMissing, "no data sets were asked for"},
			{"a file twice", []string{"shower_0.h5", "shower_1.h5", "shower_0.h5"}, []string{"ECAL"}, source.ErrShape, "shower_0.h5: wrong shape: the file is listed twice"},
			{"a field twice", []string{"shower_0.h5"}, []string{"ECAL", "ECAL"}, source.ErrShape, `two fields are called "ECAL"`},
			{"field missing from the second file", []string{"shower_0.h5", "userblock.h5"}, []string{"ECAL"}, source.ErrMissing, `userblock.h5: missing: no data set "ECAL"; the file has "x" float32 (4, 3)`},
			{"rows of another shape", []string{"shower_0.h5", "disagree.h5"}, []string{"target", "ECAL"}, source.ErrShape, `a row of "ECAL" is (3, 4, 5), but (5, 4, 3) in`},
			{"unequal rows within a file", []string{"unequal.h5"}, []string{"ECAL", "target"}, source.ErrShape, `"ECAL" has 6 rows and "target" has 5`},
			{"pairs", []string{"refused.h5"}, []string{"compound"}, source.ErrType, `refused.h5: data set "compound"`},
			{"not HDF5", []string{"make.py"}, []string{"x"}, source.ErrFormat, "make.py"},
		} {
			t.Run(tc.name, func(t *testing.T) {
				from := dir
				if tc.want == source.ErrFormat {
					from = "testdata"
				}
				_, err := OpenSource(paths(from, tc.files...), tc.fields...)
				require.ErrorIs(t, err, tc.want)
				assert.ErrorContains(t, err, tc.says)
			})
		}
		src, err := OpenSource(paths(dir, "shower_0.h5"), "ECAL")
		require.NoError(t, err)
		defer src.Close()
		assert.ErrorIs(t, src.Read(new(source.Columns), source.Range{From: 12, To: 13}), source.ErrRange)
	})
}
