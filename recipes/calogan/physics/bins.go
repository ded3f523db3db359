package physics

// published are the centres, in GeV, of the energy bins of the published
// fixed-angle validation; its bins reach 5 GeV to either side.
var published = []float64{100, 200, 300, 400}

// enough is the least number of showers of each sample in a bin; a bin with fewer
// grows.
const enough = 50

// widest keeps neighbouring bins apart, in slices to either side.
const widest = 4

// bin is the showers of both samples near an energy.
type bin struct {
	pair
	energy, halfWidth float64 // GeV
	from, to          int     // slices
}

// energyBins fills the published bins. One with too few showers grows by a slice
// to either side until it has enough or would touch the next, and is left out
// when either sample has none even then.
func energyBins(data, gan *sample) []bin {
	var out []bin
	for _, energy := range published {
		for reach := 0; reach <= widest; reach++ {
			s := sliceOf(energy)
			b := bin{energy: energy, halfWidth: sliceWidth * (float64(reach) + 0.5), from: s - reach, to: s + reach + 1}
			b.data, b.gan = merged(data[b.from:b.to]...), merged(gan[b.from:b.to]...)
			if b.data == nil || b.gan == nil {
				continue
			}
			if min(b.data.n, b.gan.n) >= enough || reach == widest {
				out = append(out, b)
				break
			}
		}
	}
	return out
}

// sameBins fills bins of the same widths with other samples: a figure of merit
// and its floor must not differ because their bins do.
func sameBins(like []bin, data, gan *sample) []bin {
	var out []bin
	for _, b := range like {
		b.data, b.gan = merged(data[b.from:b.to]...), merged(gan[b.from:b.to]...)
		if b.data != nil && b.gan != nil {
			out = append(out, b)
		}
	}
	return out
}
