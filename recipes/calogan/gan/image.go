package gan

import "math"

// threshold is the energy, in GeV, below which a cell counts as empty: the published
// preprocessing.
const threshold = 1e-6

// Image is how the energies of cells, in GeV, become the numbers that the networks
// see: scale·E, or its square root.
type Image struct {
	Scale float64 // of 1 GeV
	// Root takes the square root, which brings cells of 1 MeV and of 1 GeV within a
	// factor of 30. The published variable-angle network uses the power 0.85.
	Root bool
}

// Encode writes the image of cells in GeV.
func (m Image) Encode(dst, cells []float32) {
	scale := float32(m.Scale)
	for i, e := range cells {
		if e < threshold {
			e = 0
		}
		if e *= scale; m.Root {
			e = float32(math.Sqrt(float64(e)))
		}
		dst[i] = e
	}
}

// Decode writes the cells in GeV of an image.
func (m Image) Decode(dst, image []float32) {
	unit := float32(1 / m.Scale)
	for i, v := range image {
		if m.Root {
			v *= v
		}
		if v *= unit; v < threshold {
			v = 0
		}
		dst[i] = v
	}
}
