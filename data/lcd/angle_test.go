package lcd

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A straight track, spread over the two nearest cells of each layer so that its
// centroids lie on a line, has the angle of the line.
func TestMeasureAngleOfALine(t *testing.T) {
	const nx, ny, nz = 9, 51, 25
	for _, slope := range []float64{0, 0.5, -0.5, 1, -1, math.Tan(math.Pi / 6)} {
		t.Run(fmt.Sprint(slope), func(t *testing.T) {
			cells := make([]float32, nx*ny*nz)
			for z := 3; z < 21; z++ { // their barycentre is between two layers
				y := 25 + slope*(float64(z)-11.5)
				low := int(math.Floor(y))
				part := float32(y - float64(low))
				cells[(4*ny+low)*nz+z] += 1 - part
				cells[(4*ny+low+1)*nz+z] += part
			}
			assert.InDelta(t, math.Pi/2-math.Atan(slope), MeasureAngle(cells, nx, ny, nz), 1e-6)
		})
	}
}

func TestMeasureAngleOfWhatHasNone(t *testing.T) {
	cells := make([]float32, 27)
	assert.Equal(t, 100.0, MeasureAngle(cells, 3, 3, 3), "no energy")
	cells[13] = 2
	assert.Equal(t, math.Pi/2, MeasureAngle(cells, 3, 3, 3), "one cell")
}
