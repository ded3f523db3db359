package physics

import "fmt"

// Compare sets the showers of a network against those it should resemble. An
// error matches ErrInput: a sample is empty, or the two have no energies in
// common.
func Compare(data, gan *Collector) (*Report, error) {
	for _, c := range []*Collector{data, gan} {
		if c.events == 0 {
			return nil, fmt.Errorf("physics: %s: %w: there are none", c.name, ErrInput)
		}
	}
	d, g := data.whole(), gan.whole()
	all := bands(d, g)
	if len(all) == 0 {
		return nil, fmt.Errorf("physics: %w: %s has energies from %.4g to %.4g GeV and %s from %.4g to %.4g GeV; there is nothing to compare",
			ErrInput, data.name, data.lowest, data.highest, gan.name, gan.lowest, gan.highest)
	}
	bins := energyBins(d, g)
	even, odd := &data.halves[0], &data.halves[1]
	r := &Report{
		Data:     describe(data, d),
		GAN:      describe(gan, g),
		Merit:    merit(bins, d, g),
		Floor:    merit(sameBins(bins, even, odd), even, odd),
		Spectrum: newSpectrum(all),
		Notes:    notes(bins, len(all), d, g),
	}
	for axis, name := range axisNames {
		r.Profiles[axis] = newProfile(all, profile, axis, name)
		r.Maxima[axis] = newProfile(all, maximum, axis, name)
	}
	for _, b := range bins {
		r.Bins = append(r.Bins, newBand(b.pair, b.energy, b.halfWidth))
	}
	for _, p := range all {
		r.Bands = append(r.Bands, newBand(p, p.data.energy/float64(p.data.n), sliceWidth*slicesPerBand/2))
	}
	for i := range r.pictures[0] {
		p := standardise(all, picture+observable(i))
		r.pictures[0][i], r.pictures[1][i] = p.Data.Mean, p.GAN.Mean
	}
	r.Figures = figures(all, r.Bins, r.Bands)
	r.Criteria = criteria(r)
	return r, nil
}

func describe(c *Collector, s *sample) Sample {
	out := Sample{Name: c.name, Events: c.events, EnergyMin: c.lowest, EnergyMax: c.highest}
	for _, t := range s {
		if t != nil {
			out.Empty += t.empty
		}
	}
	return out
}

// notes say where the comparison is not the published one.
func notes(bins []bin, bandsInBoth int, data, gan *sample) []string {
	var out []string
	for _, b := range bins {
		if b.halfWidth > sliceWidth/2 {
			out = append(out, fmt.Sprintf("the bin at %g GeV was widened to +-%g GeV: data %d, GAN %d showers",
				b.energy, b.halfWidth, b.data.n, b.gan.n))
		}
	}
	if missing := len(published) - len(bins); missing > 0 {
		out = append(out, fmt.Sprintf("%d of the bins at %v GeV have no showers in one of the samples and are left out", missing, published))
	}
	if n := max(len(bands(data, data)), len(bands(gan, gan))) - bandsInBoth; n > 0 {
		out = append(out, fmt.Sprintf("%d bands of 50 GeV have showers in one of the samples only and are left out", n))
	}
	return out
}

func newProfile(all []pair, o observable, axis int, name string) Profile {
	p := Profile{Axis: name}
	n := 0.0
	for i := range p.At {
		p.At[i] = standardise(all, o.at(axis, i))
		if s := p.At[i].Sigmas(); s != 0 {
			p.Chi2 += s * s
			n++
		}
	}
	p.Chi2 /= max(n, 1)
	return p
}

func newBand(p pair, energy, halfWidth float64) Band {
	both := func(o observable) Pair { return Pair{estimate(p.data, o), estimate(p.gan, o)} }
	return Band{
		Energy: energy, HalfWidth: halfWidth,
		EventsData: p.data.n, EventsGAN: p.gan.n,
		Visible:       both(visible),
		Fraction:      both(fraction),
		Resolution:    Pair{resolution(p.data, fraction), resolution(p.gan, fraction)},
		Hits:          both(hits),
		Depth:         both(moment1 + 2),
		DepthSD:       Pair{deviation(p.data, moment1+2), deviation(p.gan, moment1+2)},
		DiversityData: p.data.spread(),
		DiversityGAN:  p.gan.spread(),
	}
}

func newSpectrum(all []pair) Spectrum {
	s := Spectrum{Edges: make([]float64, spectrumBins), Cells: make([]Pair, spectrumBins)}
	for i := range spectrumBins {
		if i > 0 {
			s.Edges[i] = spectrumEdge(i)
		}
		s.Cells[i] = standardise(all, cellEnergy+observable(i))
	}
	for decade := lowestDecade; decade <= highestDecade; decade++ {
		var above Pair
		for i := 1 + (decade-lowestDecade)*perDecade; i < spectrumBins; i++ {
			above.Data.Mean += s.Cells[i].Data.Mean / Cells
			above.GAN.Mean += s.Cells[i].GAN.Mean / Cells
		}
		s.Above = append(s.Above, above)
	}
	return s
}
