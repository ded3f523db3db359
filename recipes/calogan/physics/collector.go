package physics

import (
	"errors"
	"fmt"
	"math"
)

// ErrInput is what every error about the showers themselves matches.
var ErrInput = errors.New("unusable showers")

// Energies are sorted into slices of sliceWidth GeV about its multiples, so that
// the published bins, 5 GeV on either side of a round number, are slices.
const (
	sliceWidth    = 10
	slices        = 101
	highestEnergy = sliceWidth * (slices - 0.5)
)

// Collector adds up the showers of one sample. Its memory does not grow with
// their number. It is for one goroutine.
type Collector struct {
	name    string
	events  int
	lowest  float64
	highest float64
	// Even and odd events apart: comparing the one with the other shows what
	// chance alone does.
	halves [2]sample
	vector [observables]float64
}

// sample is a tally for each slice of energy, nil where there was no shower.
type sample [slices]*tally

// NewCollector returns an empty collector; the name appears in the report.
func NewCollector(name string) *Collector {
	return &Collector{name: name, lowest: math.Inf(1), highest: math.Inf(-1)}
}

// Add adds len(energies) showers: ecal holds their cells in GeV in the order
// [n][x][y][z], energies their primary energies in GeV. Nothing is added when an
// error is returned, which matches ErrInput: a wrong length, an energy that is
// not above 0 and below 1005 GeV, or a cell that is not finite.
func (c *Collector) Add(ecal, energies []float32) error {
	if len(ecal) != len(energies)*Cells {
		return fmt.Errorf("physics: %s: %w: %d cells for %d showers of %d", c.name, ErrInput, len(ecal), len(energies), Cells)
	}
	for i, e := range energies {
		if !(e > 0 && e < highestEnergy) {
			return fmt.Errorf("physics: %s: %w: shower %d: a primary energy of %g GeV; it must lie between 0 and %g",
				c.name, ErrInput, c.events+i, e, highestEnergy)
		}
	}
	for i, v := range ecal {
		if v-v != 0 { // NaN for NaN and for infinities
			return fmt.Errorf("physics: %s: %w: shower %d: cell (%d, %d, %d) is %g",
				c.name, ErrInput, c.events+i/Cells, i%Cells/(Side*Side), i/Side%Side, i%Side, v)
		}
	}
	for i, e := range energies {
		c.add(ecal[i*Cells:(i+1)*Cells], float64(e))
	}
	return nil
}

func (c *Collector) add(ecal []float32, energy float64) {
	measure(&c.vector, ecal, energy)
	t := &c.halves[c.events%2][sliceOf(energy)]
	if *t == nil {
		*t = new(tally)
	}
	(*t).add(&c.vector, ecal, energy)
	c.events++
	c.lowest, c.highest = min(c.lowest, energy), max(c.highest, energy)
}

func sliceOf(energy float64) int { return int(energy/sliceWidth + 0.5) }

// Len is the number of showers added.
func (c *Collector) Len() int { return c.events }

// whole is the sample of all events.
func (c *Collector) whole() *sample {
	var s sample
	for i := range s {
		s[i] = merged(c.halves[0][i], c.halves[1][i])
	}
	return &s
}

// merged adds tallies up, leaving them as they are; nil if all are nil.
func merged(parts ...*tally) *tally {
	var t *tally
	for _, p := range parts {
		if p == nil {
			continue
		}
		if t == nil {
			t = new(tally)
		}
		t.merge(p)
	}
	return t
}
