package physics

import "math"

// slicesPerBand slices make a band of 50 GeV, wide enough to hold showers where a
// slice of a small sample holds none.
const slicesPerBand = 5

// pair is the tallies of both samples over the same energies, neither nil.
type pair struct {
	data, gan *tally
}

// bands returns the pairs of the bands in which both samples have showers, by
// rising energy: 5 to 55 GeV (with what is below), 55 to 105 GeV, …
func bands(data, gan *sample) []pair {
	var out []pair
	from := 0
	for to := 1 + slicesPerBand; from < slices; to += slicesPerBand {
		to := min(to, slices)
		p := pair{merged(data[from:to]...), merged(gan[from:to]...)}
		if p.data != nil && p.gan != nil {
			out = append(out, p)
		}
		from = to
	}
	return out
}

// Estimate is a mean with its statistical error.
type Estimate struct {
	Mean  float64 `json:"mean"`
	Error float64 `json:"error"`
}

// Pair is an estimate from either sample.
type Pair struct {
	Data Estimate `json:"data"`
	GAN  Estimate `json:"gan"`
}

// Difference is GAN - data over data; 0 where both are 0 and 1 where the data are
// and the GAN is not.
func (p Pair) Difference() float64 { return relative(p.Data.Mean, p.GAN.Mean) }

// Sigmas is the difference over its statistical error; 0 where both are equal or
// the error is not known.
func (p Pair) Sigmas() float64 {
	sigma := math.Hypot(p.Data.Error, p.GAN.Error)
	if sigma == 0 {
		return 0
	}
	return (p.GAN.Mean - p.Data.Mean) / sigma
}

// scaled is the pair in another unit.
func (p Pair) scaled(by float64) Pair {
	return Pair{Estimate{p.Data.Mean * by, p.Data.Error * by}, Estimate{p.GAN.Mean * by, p.GAN.Error * by}}
}

func relative(data, gan float64) float64 {
	switch {
	case data != 0:
		return (gan - data) / math.Abs(data)
	case gan == 0:
		return 0
	}
	return 1
}

// standardise averages an observable over bands, each weighted with the number of
// events that the data have in it: samples of different spectra can then be
// compared.
func standardise(bands []pair, o observable) Pair {
	var p Pair
	var total float64
	for _, b := range bands {
		w := float64(b.data.n)
		total += w
		add(&p.Data, w, estimate(b.data, o))
		add(&p.GAN, w, estimate(b.gan, o))
	}
	if total == 0 {
		return p
	}
	for _, e := range []*Estimate{&p.Data, &p.GAN} {
		e.Mean /= total
		e.Error = math.Sqrt(e.Error) / total
	}
	return p
}

// add sums weighted means and, for now, weighted variances.
func add(sum *Estimate, w float64, e Estimate) {
	sum.Mean += w * e.Mean
	sum.Error += w * w * e.Error * e.Error
}

func estimate(t *tally, o observable) Estimate {
	return Estimate{Mean: t.mean(o), Error: math.Sqrt(t.variance(o) / float64(t.n))}
}

// deviation estimates the standard deviation of an observable; the error is that
// of a normal distribution.
func deviation(t *tally, o observable) Estimate {
	if t.n < 2 {
		return Estimate{}
	}
	sd := t.sd(o)
	return Estimate{Mean: sd, Error: sd / math.Sqrt(2*float64(t.n-1))}
}

// resolution estimates the standard deviation over the mean.
func resolution(t *tally, o observable) Estimate {
	m := math.Abs(t.mean(o))
	if m == 0 {
		return Estimate{}
	}
	e := deviation(t, o)
	return Estimate{Mean: e.Mean / m, Error: e.Error / m}
}
