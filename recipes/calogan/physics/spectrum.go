package physics

import "math"

// The spectrum of cell energies has ten bins in each decade from 1e-13 to 10 GeV,
// the range of the published sparsity plots; the first and last bin hold what
// lies below and above.
const (
	lowestDecade  = -13
	highestDecade = 1
	perDecade     = 10
	spectrumBins  = (highestDecade-lowestDecade)*perDecade + 2
)

// spectrumEdge is the lower edge of a bin above the first, GeV.
func spectrumEdge(bin int) float64 {
	return math.Pow(10, lowestDecade+float64(bin-1)/perDecade)
}

// spectrumEdges are the lower edges as the cells are stored; [0] is 0.
var spectrumEdges = func() (e [spectrumBins + 1]float32) {
	for i := 1; i < spectrumBins; i++ {
		e[i] = float32(spectrumEdge(i))
	}
	e[spectrumBins] = float32(math.Inf(1))
	return e
}()

// firstBin is, for the upper bits of a positive float32, the bin of the smallest
// number that has them. Eight such numbers make an octave, so the bin of any
// number with these bits is this one or the next: a logarithm for each cell would
// cost more than all the rest of measure.
const dropBits = 20

var firstBin = func() (bins [1 << (31 - dropBits)]uint8) {
	b := 0
	for i := range bins {
		v := math.Float32frombits(uint32(i) << dropBits)
		for b+1 < spectrumBins && v >= spectrumEdges[b+1] {
			b++
		}
		bins[i] = uint8(b)
	}
	return bins
}()

// spectrumBin is the bin of a positive, finite cell energy.
func spectrumBin(e float32) int {
	b := int(firstBin[math.Float32bits(e)>>dropBits])
	if e >= spectrumEdges[b+1] {
		b++
	}
	return b
}
