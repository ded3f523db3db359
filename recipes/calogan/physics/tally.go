package physics

import "math"

// mostFractions bounds the memory of a tally. The event-by-event term of the
// published metric is a mean over this many pairs, which is known to 1%.
const mostFractions = 4096

// tally adds up showers of about the same energy.
type tally struct {
	n       int
	energy  float64              // sum of the primary energies, GeV
	sum, sq [observables]float64 // of each observable and of its square
	empty   int                  // showers without energy

	fractions []float32 // visible over primary energy, in order of arrival, at most mostFractions
	last      []float32 // the cells of the last shower
	pairs     int       // neighbours compared with each other
	distance  float64   // sum of their distances
}

func (t *tally) add(v *[observables]float64, ecal []float32, energy float64) {
	t.n++
	t.energy += energy
	for i, x := range v {
		t.sum[i] += x
		t.sq[i] += x * x
	}
	if v[visible] <= 0 {
		t.empty++
	}
	if len(t.fractions) < mostFractions {
		t.fractions = append(t.fractions, float32(v[fraction]))
	}
	if t.last == nil {
		t.last = make([]float32, Cells)
	} else {
		t.pairs++
		t.distance += distance(t.last, ecal)
	}
	copy(t.last, ecal)
}

// merge adds another tally. The last showers are not compared.
func (t *tally) merge(u *tally) {
	t.n += u.n
	t.energy += u.energy
	t.empty += u.empty
	for i := range t.sum {
		t.sum[i] += u.sum[i]
		t.sq[i] += u.sq[i]
	}
	t.fractions = append(t.fractions, u.fractions...)
	t.pairs += u.pairs
	t.distance += u.distance
}

// mean is 0 for an empty tally.
func (t *tally) mean(o observable) float64 {
	if t.n == 0 {
		return 0
	}
	return t.sum[o] / float64(t.n)
}

// variance is that of one shower, unbiased; 0 for fewer than two.
func (t *tally) variance(o observable) float64 {
	if t.n < 2 {
		return 0
	}
	m := t.mean(o)
	// Rounding can turn the variance of a constant negative.
	return max(t.sq[o]-float64(t.n)*m*m, 0) / float64(t.n-1)
}

func (t *tally) sd(o observable) float64 { return math.Sqrt(t.variance(o)) }

// spread is the mean distance of two neighbours, 0 when there are none.
func (t *tally) spread() float64 {
	if t.pairs == 0 {
		return 0
	}
	return t.distance / float64(t.pairs)
}

// distance of two showers: 0 for the same, 1 for two that share no cell,
//
//	sum |a - b| / sum (|a| + |b|).
//
// Two empty showers are the same.
func distance(a, b []float32) float64 {
	var apart, total float64
	for i, x := range a {
		if x == 0 && b[i] == 0 {
			continue
		}
		apart += math.Abs(float64(x - b[i]))
		total += math.Abs(float64(x)) + math.Abs(float64(b[i]))
	}
	if total == 0 {
		return 0
	}
	return apart / total
}
