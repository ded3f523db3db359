package augment

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

func TestResizeOfARamp(t *testing.T) {
	r := apply(t, ramp(1, field("x", source.Float32, 2, 4, 4)), Resize{Field: "x", Height: 2, Width: 4})
	require.Equal(t, []int{2, 2, 4}, r.Fields()[0].Shape)
	// Rows 0 to 2 weigh 3/8, 3/8 and 1/8 of 7/8 in the first row of the result.
	first := float32((3*0 + 3*4 + 8) / 7.)
	assert.InDeltaSlice(t, []float32{first, first + 1, first + 2, first + 3}, x(r)[:4], 1e-5)
	assert.InDelta(t, 16+first, x(r)[8], 1e-5, "the second plane")
	r = apply(t, ramp(1, field("x", source.Uint8, 5, 7)), Resize{Field: "x", Height: 5, Width: 7})
	assert.Equal(t, counted(35), x(r), "the same size")
}

func TestRandomResizedCropStaysInTheImage(t *testing.T) {
	in := field("x", source.Float32, 1, 40, 60)
	crop := RandomResizedCrop{Field: "x", Height: 8, Width: 8}
	seen := map[float32]bool{}
	for seed := range uint64(200) {
		y := x(apply(t, ramp(seed, in), crop))
		require.Len(t, y, 64)
		for _, v := range y {
			require.True(t, v >= 0 && v <= 2399.5, "%g", v)
		}
		require.Less(t, y[0], y[63], "rows and columns keep their order")
		seen[y[0]] = true
	}
	assert.Greater(t, len(seen), 190)
	whole := RandomResizedCrop{Field: "x", Height: 40, Width: 60, Area: [2]float64{1, 1}, Aspect: [2]float64{1.5, 1.5}}
	assert.InDeltaSlice(t, counted(2400), x(apply(t, ramp(1, in), whole)), 1e-3)
}

// angle is what Rotate draws for a row of this seed.
func angle(seed uint64, degrees float64) float64 {
	r := data.NewRow(nil, seed)
	return degrees * (2*r.Rand().Float64() - 1) * math.Pi / 180
}

// A plane that is linear in its coordinates is linear after a rotation, too, and
// bilinear interpolation is exact on it.
func TestRotateOfALinearPlane(t *testing.T) {
	const n = 15
	for seed := range uint64(20) {
		a := angle(seed, 180)
		y := x(apply(t, ramp(seed, field("x", source.Float32, 2, n, n)), Rotate{Field: "x", Degrees: 180}))
		for i := range n {
			for j := range n {
				dy, dx := float64(i)-7, float64(j)-7
				fromY, fromX := 7+math.Sin(a)*dx+math.Cos(a)*dy, 7+math.Cos(a)*dx-math.Sin(a)*dy
				for plane := range 2 {
					v := y[plane*n*n+i*n+j]
					switch {
					case fromY > 1e-9 && fromY < n-1 && fromX > 1e-9 && fromX < n-1:
						require.InDelta(t, float64(plane*n*n)+n*fromY+fromX, v, 1e-3)
					case fromY <= -1 || fromY >= n || fromX <= -1 || fromX >= n:
						require.Zero(t, v)
					}
				}
			}
		}
	}
}

// One rotation by 90 degrees is a quarter.
func TestRotateTurnsTheWayTurnDoes(t *testing.T) {
	const n = 6
	r := ramp(1, field("x", source.Uint8, n, n))
	rotate(&rotation{height: n, width: n, sin: 1, cos: math.Cos(math.Pi / 2)}, r.Uint8("x"), .5)
	want := ramp(1, field("x", source.Uint8, n, n))
	w := over([]int{n, n})
	w.turn(0, 1, 1)
	w.into([]int{n, n})
	w.row(want, want, want.Fields()[0], false)
	assert.Equal(t, want.Uint8("x"), r.Uint8("x"))
}

func TestRotateByNothing(t *testing.T) {
	r := apply(t, ramp(1, field("x", source.Float32, 5, 6)), Rotate{Field: "x"})
	assert.Equal(t, counted(30), x(r))
}

func TestInterpolationRefuses(t *testing.T) {
	in := []source.Field{field("x", source.Float32, 3, 8, 8), field("line", source.Float32, 8), field("n", source.Int64, 8, 8)}
	for name, tc := range map[string]struct {
		transform data.Transform
		want      error
	}{
		"a line is no image":      {Resize{Field: "line", Height: 1, Width: 1}, source.ErrShape},
		"no height":               {Resize{Field: "x", Width: 1}, source.ErrRange},
		"an absurd size":          {Resize{Field: "x", Height: math.MaxInt / 2, Width: 9}, source.ErrShape},
		"integers":                {Resize{Field: "n", Height: 1, Width: 1}, source.ErrType},
		"no area":                 {RandomResizedCrop{Field: "x", Height: 1, Width: 1, Area: [2]float64{0, 1}}, source.ErrRange},
		"more than there is":      {RandomResizedCrop{Field: "x", Height: 1, Width: 1, Area: [2]float64{1, 2}}, source.ErrRange},
		"aspects in wrong order":  {RandomResizedCrop{Field: "x", Height: 1, Width: 1, Aspect: [2]float64{2, 1}}, source.ErrRange},
		"no width":                {RandomResizedCrop{Field: "x", Height: 1}, source.ErrRange},
		"more than a turn":        {Rotate{Field: "x", Degrees: 181}, source.ErrRange},
		"an angle of NaN":         {Rotate{Field: "x", Degrees: math.NaN()}, source.ErrRange},
		"a line cannot be turned": {Rotate{Field: "line", Degrees: 1}, source.ErrShape},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tc.transform.Fields(in)
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, "augment: ")
		})
	}
}
