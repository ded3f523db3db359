package shower

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// Config says which showers are made. The zero value of a field takes its
// default.
type Config struct {
	// EnergyMin and EnergyMax bound the uniform spectrum of Generate, in GeV.
	// Both zero: 10 and 500, those of the published data.
	EnergyMin, EnergyMax float64
	// Sampling is the term c of the resolution c/sqrt(E) behind the thinner
	// absorbers; 0.17 by default, near that of silicon-tungsten prototypes.
	Sampling float64
	// Cut is the energy in GeV below which a cell reads zero; 15 keV by default.
	// A negative Cut keeps everything.
	Cut float64
}

// The energies for which the parameterisation is trusted, GeV.
const (
	lowestEnergy  = 1
	highestEnergy = 10_000
)

// calibration brings the mean visible energy to Visible. It makes up for what
// leaves the window sideways and what the cut removes, and lowers the response
// ê, for which the parameterisation has one formula for all materials. Measured
// with
//
//	go test ./recipes/calogan/shower -run TestVisibleFollowsGeant4 -v
const calibration = 0.966

func (c Config) withDefaults() Config {
	if c.EnergyMin == 0 && c.EnergyMax == 0 {
		c.EnergyMin, c.EnergyMax = 10, 500
	}
	if c.Sampling == 0 {
		c.Sampling = 0.17
	}
	if c.Cut == 0 {
		c.Cut = 15e-6
	}
	return c
}

func (c Config) check() error {
	if !(c.EnergyMin >= lowestEnergy && c.EnergyMin <= c.EnergyMax && c.EnergyMax <= highestEnergy) {
		return fmt.Errorf("shower: energies from %g to %g GeV: they must rise and lie between %d and %d GeV",
			c.EnergyMin, c.EnergyMax, lowestEnergy, highestEnergy)
	}
	if !(c.Sampling >= 0.01 && c.Sampling <= 1) {
		return fmt.Errorf("shower: a sampling term of %g: it must lie between 0.01 and 1", c.Sampling)
	}
	if math.IsNaN(c.Cut) || c.Cut > 1 {
		return fmt.Errorf("shower: a cut of %g GeV: it must be at most 1 GeV", c.Cut)
	}
	return nil
}

// Simulator draws showers. It does not change after New; several goroutines may
// use it at once.
type Simulator struct {
	cfg     Config
	medium  medium // of the front layers, where most showers have their maximum
	stack   [Layers]layer
	moliere float64 // in pads
}

// New checks the configuration.
func New(cfg Config) (*Simulator, error) {
	cfg = cfg.withDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	m := newMedium(tungsten, silicon, frontMM, sensorMM)
	return &Simulator{cfg: cfg, medium: m, stack: newStack(m), moliere: moliereInPads(m)}, nil
}

// Event fills dst, of length Cells in the order [x][y][z], with the visible
// energy in GeV of a shower of energyGeV (1 to 10,000). The electron enters
// anywhere in the pad in the middle: the published windows are cut about the
// shower, to a whole pad. All random numbers come from rng. It does not
// allocate.
func (s *Simulator) Event(dst []float32, energyGeV float64, rng *philox.Stream) error {
	if len(dst) != Cells {
		return fmt.Errorf("shower: Event: the destination holds %d cells; a shower has %d", len(dst), Cells)
	}
	if !(energyGeV >= lowestEnergy && energyGeV <= highestEnergy) {
		return fmt.Errorf("shower: Event: %g GeV: the energy must lie between %d and %d GeV", energyGeV, lowestEnergy, highestEnergy)
	}
	mean := s.medium.meanShape(energyGeV)
	profile := s.medium.drawShape(mean, energyGeV, rng)
	spots := profile.spots(s.medium)
	// All spots of the shower: hep-ex/0001020, appendix, sampling calorimeters.
	total := 10.3 / s.cfg.Sampling * math.Pow(energyGeV, 0.959)
	// From a depth in X0 to tau, 1 at the maximum of a mean shower.
	perX0 := mean.alpha / (mean.alpha - 1) / profile.mean()

	var plane plane
	plane.x, plane.y = Pads/2+rng.Float32(), Pads/2+rng.Float32()
	lost, count := 0.0, 0.0
	for k := range s.stack {
		l := &s.stack[k]
		lostTo, countTo := profile.upTo(l.to), spots.upTo(l.to)
		r := s.medium.radialAt((l.from+l.to)/2*perX0, energyGeV)
		visible := l.fraction * s.sample(energyGeV*(lostTo-lost), l, rng)
		s.layer(dst[k:], &plane, visible, total*(countTo-count), r, rng)
		lost, count = lostTo, countTo
	}
	return nil
}

// sample is what sampling makes of an energy in GeV: mean and variance are those
// of sigma = c sqrt(E). The number of crossings
// falls as the absorber grows, so c^2 grows with its thickness.
func (s *Simulator) sample(energy float64, l *layer, rng *philox.Stream) float64 {
	c2 := s.cfg.Sampling * s.cfg.Sampling * l.absorber
	return c2 * gamma(energy/c2, rng)
}

// layer spreads the visible energy over the pads of one layer, whose cells are
// Layers apart in dst, in equal spots. Core and tail have Poisson numbers of
// their own, which is a Poisson number of spots of which each chooses.
func (s *Simulator) layer(dst []float32, p *plane, visible, spots float64, r radial, rng *philox.Stream) {
	core := poisson(spots*r.p, rng)
	tail := poisson(spots*(1-r.p), rng)
	if core+tail == 0 {
		core = 1 // the energy has to go somewhere
	}
	clear(p.count[:])
	p.scatter(core, float32(r.core*s.moliere), rng)
	p.scatter(tail, float32(r.tail*s.moliere), rng)
	each := visible / float64(core+tail)
	least := s.cfg.Cut
	for i, n := range p.count {
		e := each * float64(n)
		if e < least {
			e = 0
		}
		dst[i*Layers] = float32(e)
	}
}
