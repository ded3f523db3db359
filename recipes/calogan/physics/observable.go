package physics

// The shape of a shower: cells along x, y and z, the depth.
const (
	Side  = 25
	Cells = Side * Side * Side
)

// HitThreshold is the energy in GeV above which a cell counts as hit, that of the
// published plots.
const HitThreshold = 3e-4

// observable is the index of a number in the vector that describes one shower. A
// tally adds up such vectors, so a new observable needs a name here and a line in
// measure, nothing else.
type observable int

const (
	visible  observable = iota // sum over all cells, GeV
	fraction                   // visible over primary energy
	hits                       // cells above HitThreshold
	occupied                   // cells above occupiedThreshold
	moment1                    // mean position along x, y, z, in cells

	moment2     = moment1 + 3         // mean squared distance from it, in cells^2
	peak        = moment2 + 3         // position of the highest cell along x, y, z
	third       = peak + 3            // share of the energy in the first 8, next 8 and last 9 layers
	profile     = third + 3           // energy at each position along x, then y, then z, GeV
	maximum     = profile + 3*Side    // 1 where the highest cell is, axes as in profile
	picture     = maximum + 3*Side    // energy in x, z, GeV
	cellEnergy  = picture + Side*Side // cells in each bin of the spectrum
	observables = cellEnergy + spectrumBins
)

// occupiedThreshold, in GeV, is where the published pre-processing cuts.
const occupiedThreshold = 1e-6

// axisNames name what profile, maximum and the moments run over.
var axisNames = [3]string{"x", "y", "z"}

// at is the observable of a position along an axis.
func (o observable) at(axis, i int) observable { return o + observable(axis*Side+i) }

// measure fills v with the observables of one shower of the given energy, GeV. An
// empty shower, whose sum is not positive, has zeros for its moments, thirds and
// maximum.
func measure(v *[observables]float64, ecal []float32, energy float64) {
	clear(v[:])
	highest := project(v, ecal)
	sum := 0.0
	for i := range Side {
		sum += v[profile.at(2, i)]
	}
	v[visible], v[fraction] = sum, sum/energy
	if sum <= 0 {
		return
	}
	for axis := range axisNames {
		p := v[profile.at(axis, 0):profile.at(axis, Side)]
		m1, m2 := moments(p, sum)
		v[moment1+observable(axis)], v[moment2+observable(axis)] = m1, m2
	}
	for z := range Side {
		v[third+observable(min(z/(Side/3), 2))] += v[profile.at(2, z)] / sum
	}
	for axis, i := range [3]int{highest / (Side * Side), highest / Side % Side, highest % Side} {
		v[peak+observable(axis)] = float64(i)
		v[maximum.at(axis, i)] = 1
	}
}

// project adds the cells onto the axes and the x-z plane, counts hits and the
// spectrum, and returns the index of the highest cell.
func project(v *[observables]float64, ecal []float32) (highest int) {
	along := v[profile.at(2, 0):profile.at(2, Side)]
	for x := range Side {
		plane := v[picture+observable(x*Side) : picture+observable((x+1)*Side)]
		for y := range Side {
			at := (x*Side + y) * Side
			row := 0.0
			for z, e := range ecal[at : at+Side] {
				if e == 0 {
					continue
				}
				row += float64(e)
				plane[z] += float64(e)
				if e > ecal[highest] {
					highest = at + z
				}
				count(v, e)
			}
			v[profile.at(0, x)] += row
			v[profile.at(1, y)] += row
		}
		for z, e := range plane {
			along[z] += e
		}
	}
	return highest
}

func count(v *[observables]float64, e float32) {
	if e > HitThreshold {
		v[hits]++
	}
	if e > occupiedThreshold {
		v[occupied]++
	}
	if e > 0 {
		v[cellEnergy+observable(spectrumBin(e))]++
	}
}

// moments of the positions 0 … Side-1 weighted with p, whose sum is given: the
// mean, and the mean squared distance from it.
func moments(p []float64, sum float64) (m1, m2 float64) {
	for i, e := range p {
		m1 += float64(i) * e / sum
	}
	for i, e := range p {
		d := float64(i) - m1
		m2 += d * d * e / sum
	}
	return m1, m2
}
