package physics

import "fmt"

// figures are the rows of the table: a handful of numbers that, taken together, a
// wrong sample cannot get right.
func figures(all []pair, bins, bands []Band) []Figure {
	out := []Figure{
		figure("visible energy", "GeV", 1, standardise(all, visible)),
		figure("visible / primary energy", "%", 100, standardise(all, fraction)),
	}
	for _, b := range bins {
		out = append(out, figure(fmt.Sprintf("visible energy at %g GeV", b.Energy), "GeV", 1, b.Visible))
	}
	for _, b := range bins {
		out = append(out, figure(fmt.Sprintf("resolution at %g GeV", b.Energy), "%", 100, b.Resolution))
	}
	return append(out,
		figure("hits above 0.3 MeV", "cells", 1, standardise(all, hits)),
		figure("occupied (above 1 keV)", "%", 100.0/Cells, standardise(all, occupied)),
		figure("mean x", "cells", 1, standardise(all, moment1)),
		figure("mean y", "cells", 1, standardise(all, moment1+1)),
		figure("mean layer", "layers", 1, standardise(all, moment1+2)),
		figure("variance along x", "cells²", 1, standardise(all, moment2)),
		figure("variance along y", "cells²", 1, standardise(all, moment2+1)),
		figure("variance along z", "layers²", 1, standardise(all, moment2+2)),
		figure("layer of the maximum", "layers", 1, standardise(all, peak+2)),
		figure("energy in the first 8 layers", "%", 100, standardise(all, third)),
		figure("energy in the last 9 layers", "%", 100, standardise(all, third+2)),
		figure("distance of two showers", "%", 100, diversity(bands)),
	)
}

func figure(name, unit string, scale float64, p Pair) Figure {
	p = p.scaled(scale)
	return Figure{Name: name, Unit: unit, Pair: p, Difference: p.Difference(), Sigmas: p.Sigmas()}
}

// diversity averages over the bands; distances have no simple error.
func diversity(bands []Band) Pair {
	var p Pair
	var total float64
	for _, b := range bands {
		w := float64(b.EventsData)
		total += w
		p.Data.Mean += w * b.DiversityData
		p.GAN.Mean += w * b.DiversityGAN
	}
	p.Data.Mean /= total
	p.GAN.Mean /= total
	return p
}
