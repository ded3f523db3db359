package golden

import (
	"math"
	"testing"
)

// Tolerance is what Close allows when it is given 0: 1e-4 of the largest
// element, about 800 float32 roundings. An error in a formula is larger, and
// another order of summation far smaller.
const Tolerance = 1e-4

// Close fails the test unless |got[i] - want[i]| <= rel * max |want| for all i;
// rel 0 is Tolerance. The message names the worst element. It reports whether
// all are close.
func Close(t testing.TB, want, got []float32, rel float64) bool {
	t.Helper()
	if len(want) != len(got) || len(want) == 0 {
		t.Errorf("golden: %d elements where %d are expected, and at least one", len(got), len(want))
		return false
	}
	if rel == 0 {
		rel = Tolerance
	}
	largest := 0.0
	worst, at, wrong := -1.0, 0, 0
	for _, w := range want {
		if size := math.Abs(float64(w)); size > largest && size <= math.MaxFloat32 {
			largest = size // NaN and infinities are no scale to measure by
		}
	}
	for i, w := range want {
		d := difference(w, got[i])
		if d > worst {
			worst, at = d, i
		}
		if d > rel*largest {
			wrong++
		}
	}
	if wrong == 0 {
		return true
	}
	t.Errorf("golden: %d of %d elements differ by more than %g of the largest, %g; the worst is element %d: %g where %g is expected, off by %.3g of the largest",
		wrong, len(want), rel, largest, at, got[at], want[at], worst/largest)
	return false
}

// difference is infinite where either number is not finite, unless they are the
// same.
func difference(a, b float32) float64 {
	if a == b {
		return 0
	}
	if d := math.Abs(float64(a) - float64(b)); !math.IsNaN(d) {
		return d
	}
	return math.Inf(1)
}
