package gan

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
)

// TestProfiles fits showers of one cell whose share is a quadratic in ln E', and finds
// it in the three planes that hold the cell.
func TestProfiles(t *testing.T) {
	const x, y, z = 3, 7, 11
	share := func(e float64) float64 { l := math.Log(e); return 2 + 0.5*l - 0.1*l*l }
	var p Profiles
	cells := make([]float32, shower.Cells)
	for e := 0.1; e < 5; e += 0.1 {
		cells[(x*25+y)*25+z] = float32(share(e) * e)
		p.Add(cells, []float32{float32(100 * e)})
	}
	require.NoError(t, p.Fit())
	want, unit := make([]float32, planes), make([]float32, planes)
	p.targets(want, unit, []float32{3})
	for plane := range planes {
		expected := 0.0
		if plane == z || plane == 25+x || plane == 50+y {
			expected = share(3)
		}
		assert.InDelta(t, expected, want[plane]/unit[plane], 1e-4, "plane %d", plane)
	}
	assert.InDelta(t, 1000, unit[0], 1, "empty planes do not divide by zero")
}

// TestCell: the profiles of cells that are a product are those of the cells.
func TestCell(t *testing.T) {
	var p Profiles
	cells := make([]float32, shower.Cells)
	of := func(i int) float64 { return float64(1+i%25) * float64(2+i/625) * float64(3+i/25%25) * 1e-5 }
	for i := range cells {
		cells[i] = float32(of(i))
	}
	p.Add(cells, []float32{100})
	for _, i := range []int{0, 24, 625, 7000, 15624} {
		assert.InEpsilon(t, of(i), p.cell(i), 1e-5)
	}
	assert.Zero(t, new(Profiles).cell(5))
}

func TestProfilesOfOneEnergy(t *testing.T) {
	var p Profiles
	p.Add(make([]float32, 2*shower.Cells), []float32{100, 100})
	assert.ErrorIs(t, p.Fit(), ErrFit)
	var none Profiles
	assert.ErrorIs(t, none.Fit(), ErrFit)
}
