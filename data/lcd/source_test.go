//go:build cgo && !nohdf5

package lcd

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
)

// set is a data set of a test file.
type set struct {
	source.Field
	rows []float32
}

func write(t *testing.T, dir, name string, sets ...set) string {
	t.Helper()
	var fields []source.Field
	for _, s := range sets {
		fields = append(fields, s.Field)
	}
	path := filepath.Join(dir, name)
	w, err := hdf5.Create(path, fields...)
	require.NoError(t, err)
	for _, s := range sets {
		require.NoError(t, w.Append(s.Name, s.rows))
	}
	require.NoError(t, w.Close())
	return path
}

func named(name string, shape ...int) source.Field { return source.Field{Name: name, Shape: shape} }

func read(t *testing.T, src source.Source) *source.Columns {
	t.Helper()
	var c source.Columns
	require.NoError(t, src.Read(&c, source.Range{To: src.Rows()}))
	return &c
}

func TestFixedAngle(t *testing.T) {
	cells := []float32{0.5, 1e-7, 2, 1e-6, 0, -1, 3, 4}
	for _, tc := range []struct {
		name   string
		energy set
	}{
		{"target", set{named("target", 2), []float32{11, 250}}},
		{"a wider Target", set{named("Target", 4), []float32{11, 250, 7, 8}}},
		{"energy", set{named("energy"), []float32{250}}},
		{"a column of energies", set{named("Energy", 1), []float32{250}}},
		{"the oldest files", set{named("energy", 1, 3), []float32{1, 250, 3}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := write(t, t.TempDir(), "EleEscan_1_1.h5", set{named("ECAL", 2, 2, 2), cells}, tc.energy)
			src, err := Open(Fixed, path)
			require.NoError(t, err)
			defer src.Close()
			assert.Equal(t, []source.Field{named(Shower, 1, 2, 2, 2), named(Energy), named(Sum)}, src.Fields())
			c := read(t, src)
			assert.Equal(t, []float32{0.5, 0, 2, 1e-6, 0, 0, 3, 4}, source.Float32View(c.All(0)))
			assert.Equal(t, []float32{2.5}, source.Float32View(c.All(1)))
			assert.InDelta(t, 9.500001, source.Float32View(c.All(2))[0], 1e-6)
			assert.Contains(t, src.Locate(Energy, 0), fmt.Sprintf("%q", tc.energy.Name))
			assert.Contains(t, src.Locate(Sum, 0), `"ECAL"`)
		})
	}
}

// Events of too small a sum are left out, in each file others; the rest have their
// cells compressed, and their sum is that of before.
func TestVariableAngle(t *testing.T) {
	dir := t.TempDir()
	shape := named("ECAL", 1, 2, 2)
	write(t, dir, "a.h5", set{shape, []float32{16, 0, 1, 1, 10, 0, 0, 0}}, set{named("energy"), []float32{100, 200}}, set{named("theta"), []float32{1.5, 1.6}}, set{named("mtheta"), []float32{1.25, 1.75}})
	write(t, dir, "b.h5", set{shape, []float32{1, 2, 3, 4, 5, 5, 5, 5, 20, 0, 0, 0}}, set{named("energy"), []float32{1, 300, 400}}, set{named("theta"), []float32{1, 1, 1}}, set{named("mtheta"), []float32{1, 1.5, 2}})
	var seen []int
	o := Variable
	o.Progress = func(done, all int) { seen = append(seen, done); assert.Equal(t, 5, all) }
	src, err := Open(o, filepath.Join(dir, "*.h5"))
	require.NoError(t, err)
	defer src.Close()
	require.Equal(t, 3, src.Rows())
	assert.Equal(t, 5, seen[len(seen)-1])
	c := read(t, src)
	assert.InDelta(t, math.Pow(16, 0.85), source.Float32View(c.Row(0, 0))[0], 1e-5)
	assert.Equal(t, []float32{0, 1, 1}, source.Float32View(c.Row(0, 0))[1:])
	assert.Equal(t, []float32{1, 3, 4}, source.Float32View(c.All(1)))
	assert.Equal(t, []float32{18, 20, 20}, source.Float32View(c.All(2)))
	assert.Equal(t, []float32{1.25, 1.5, 2}, source.Float32View(c.All(3)), "mtheta goes before theta")
	assert.Contains(t, src.Locate(Angle, 1), `b.h5: data set "mtheta", row 1`)
}

func TestAngleIsMeasuredWhereNoneIsStored(t *testing.T) {
	cells := make([]float32, 3*8*3)
	for z := range 3 {
		cells[(1*8+2+z)*3+z] = 9 // one cell sideways a layer
	}
	path := write(t, t.TempDir(), "a.h5", set{named("ECAL", 3, 8, 3), cells}, set{named("energy"), []float32{1}})
	src, err := Open(Variable, path)
	require.NoError(t, err)
	defer src.Close()
	// Two layers at 45 degrees and, at the barycentre, one that counts as 90; weights 1, 5 and 3.
	assert.InDelta(t, math.Pi/3, source.Float32View(read(t, src).All(3))[0], 1e-6)
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	ecal := set{named("ECAL", 1, 2, 2), []float32{1, 2, 3, 4}}
	noEnergy := write(t, dir, "no_energy.h5", ecal)
	flat := write(t, dir, "flat.h5", set{named("ECAL", 4), []float32{1, 2, 3, 4}}, set{named("energy"), []float32{1}})
	narrow := write(t, dir, "narrow.h5", ecal, set{named("target", 1), []float32{1}})
	weak := write(t, dir, "weak.h5", ecal, set{named("energy"), []float32{1}})
	for _, tc := range []struct {
		name string
		o    Options
		path string
		want error
		says string
	}{
		{"no options", Options{}, weak, source.ErrRange, "Options.Scale: out of range: 0; begin with lcd.Fixed"},
		{"a NaN", Options{Scale: 1, Threshold: float32(math.NaN()), Power: 1, EnergyUnit: 1}, weak, source.ErrRange, "Options.Threshold"},
		{"no file", Fixed, filepath.Join(dir, "none*.h5"), source.ErrMissing, "none*.h5"},
		{"no energy", Fixed, noEnergy, source.ErrMissing, `no_energy.h5: missing: none of the data sets ["energy" "Energy" "target" "Target"]; the file has "ECAL" float32`},
		{"cells without axes", Fixed, flat, source.ErrShape, `a row of "ECAL" is (4,); a shower is X x Y x Z`},
		{"a target without energy", Fixed, narrow, source.ErrShape, `a row of "target" is (1,)`},
		{"nothing above the sum", Variable, weak, source.ErrShape, "not one of 1 events has a sum above Options.MinSum, 10"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Open(tc.o, tc.path)
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, tc.says)
		})
	}
}
