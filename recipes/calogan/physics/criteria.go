package physics

import (
	"cmp"
	"fmt"
	"math"
	stdslices "slices"
)

// The pass marks.
const (
	profileLimit   = 0.15 // deviation of a layer
	profileShare   = 0.9  // of the energy that the judged layers hold
	diversityLimit = 0.5  // distance of two showers, GAN over data
	fewestBands    = 3    // to call a response monotonic
	fewestInBand   = 10   // showers
)

func criteria(r *Report) []Criterion {
	return []Criterion{longitudinal(&r.Profiles[2]), monotonic(r.Bands), diverse(r.Bands)}
}

// longitudinal judges the worst of the layers that hold most of the energy.
func longitudinal(p *Profile) Criterion {
	layers := holding(p, profileShare)
	c := Criterion{Name: "longitudinal profile, worst layer", Limit: profileLimit}
	worst := -1
	for _, z := range layers {
		if d := math.Abs(p.At[z].Difference()); d > c.Value || worst < 0 {
			c.Value, worst = d, z
		}
	}
	if worst < 0 {
		c.Note = "the data have no energy"
		return c
	}
	c.Pass = c.Value <= c.Limit
	c.Note = fmt.Sprintf("layer %d of the %d that hold %.0f%% of the energy (%d to %d)",
		worst, len(layers), 100*profileShare, layers[0], layers[len(layers)-1])
	return c
}

// holding returns the fewest positions that hold a share of the data's energy, in
// rising order.
func holding(p *Profile, share float64) []int {
	var order []int
	var total float64
	for i := range p.At {
		if e := p.At[i].Data.Mean; e > 0 {
			order = append(order, i)
			total += e
		}
	}
	stdslices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.At[b].Data.Mean, p.At[a].Data.Mean) })
	var held float64
	for n, i := range order {
		if held >= share*total {
			order = order[:n]
			break
		}
		held += p.At[i].Data.Mean
	}
	stdslices.Sort(order)
	return order
}

// monotonic counts the bands in which the GAN's mean visible energy does not rise.
func monotonic(bands []Band) Criterion {
	c := Criterion{Name: "energy response, falling steps"}
	judged, last := 0, math.Inf(-1)
	for _, b := range bands {
		if b.EventsGAN < fewestInBand {
			continue
		}
		if b.Visible.GAN.Mean <= last {
			c.Value++
		}
		judged++
		last = b.Visible.GAN.Mean
	}
	c.Note = fmt.Sprintf("over %d bands of 50 GeV", judged)
	if judged < fewestBands {
		c.Note += fmt.Sprintf(" with %d showers: too few to tell, %d are needed", fewestInBand, fewestBands)
		return c
	}
	c.Pass = c.Value == 0
	return c
}

// diverse compares how far two showers of one energy are apart. Its limit is far
// below what a good network reaches: it is there to find a collapse.
func diverse(bands []Band) Criterion {
	p := diversity(bands)
	c := Criterion{Name: "diversity, GAN over data", Limit: diversityLimit, Note: "mean distance of two showers of one band; it must be above the limit"}
	if p.Data.Mean == 0 {
		c.Note = "the data hold no two different showers of one energy"
		return c
	}
	c.Value = p.GAN.Mean / p.Data.Mean
	c.Pass = c.Value >= c.Limit
	return c
}
