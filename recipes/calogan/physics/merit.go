package physics

import "math"

// Merit is the two figures by which the published 3D-GAN chooses its best epoch.
// For both, smaller is better. All are means over the energy bins, and 0 when
// there is no bin.
type Merit struct {
	Bins int `json:"bins"`
	// MRE (SelectEpoch "mre") is the mean of |<S/E>data - <S/E>GAN| / <S/E>data,
	// with S the visible and E the primary energy, and its error bar
	// sqrt(sum((sdGAN/<S/E>data)^2/N + (sdData/<S/E>GAN)^2/N) / bins).
	MRE      float64 `json:"mre"`
	MREError float64 `json:"mre_error"`
	// Moments (M of TestingObjective) is the mean over the first two moments and
	// the three axes of |<m>data - <m>GAN| / <m>data. It enters once: one version
	// of the published code adds it twice, and so are the values printed by it.
	Moments float64 `json:"moments"`
	// Profile (P) is the mean over the three axes, and the 25 positions along
	// each, of |X data - X GAN| / X data, with X the mean profile. Positions
	// where the data have no energy are left out.
	Profile float64 `json:"profile"`
	// Fraction (F) is the mean over pairs of showers of |f data - f GAN| / f data,
	// with f = S/E. Pairs are in order of arrival: for a GAN sample that was made
	// for the energies of the data, shower by shower, they are the published
	// ones.
	Fraction float64 `json:"fraction"`
	// Objective is P + M + F.
	Objective float64 `json:"objective"`
}

// merit needs the samples themselves for the pairs of F.
func merit(bins []bin, data, gan *sample) Merit {
	m := Merit{Bins: len(bins)}
	if len(bins) == 0 {
		return m
	}
	n := float64(len(bins))
	var variance float64
	for _, b := range bins {
		d, g := b.data.mean(fraction), b.gan.mean(fraction)
		m.MRE += math.Abs(relative(d, g)) / n
		variance += squareOverN(b.gan, d) + squareOverN(b.data, g)
		m.Moments += momentError(b.pair) / n
		m.Profile += profileError(b.pair) / n
		m.Fraction += fractionError(data[b.from:b.to], gan[b.from:b.to]) / n
	}
	m.MREError = math.Sqrt(variance / n)
	m.Objective = m.Profile + m.Moments + m.Fraction
	return m
}

// squareOverN is (sd/mean)^2/N of S/E, with a mean that need not be t's own.
func squareOverN(t *tally, mean float64) float64 {
	if mean == 0 {
		return 0
	}
	return t.variance(fraction) / (mean * mean) / float64(t.n)
}

func momentError(p pair) float64 {
	var sum float64
	for o := moment1; o < moment2+3; o++ {
		sum += math.Abs(relative(p.data.mean(o), p.gan.mean(o)))
	}
	return sum / 6
}

func profileError(p pair) float64 {
	var total float64
	for axis := range axisNames {
		var sum, n float64
		for i := range Side {
			o := profile.at(axis, i)
			if d := p.data.mean(o); d != 0 {
				sum += math.Abs(relative(d, p.gan.mean(o)))
				n++
			}
		}
		if n > 0 {
			total += sum / n / 3
		}
	}
	return total
}

// fractionError pairs the showers of each slice in order of arrival. Data
// without energy cannot be divided by and are left out.
func fractionError(data, gan []*tally) float64 {
	var sum, n float64
	for s, d := range data {
		g := gan[s]
		if d == nil || g == nil {
			continue
		}
		for i := range min(len(d.fractions), len(g.fractions)) {
			if f := float64(d.fractions[i]); f != 0 {
				sum += math.Abs(relative(f, float64(g.fractions[i])))
				n++
			}
		}
	}
	if n == 0 {
		return 0
	}
	return sum / n
}
