package phantom

import (
	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

// patient is whose image a finding is painted into, and where its numbers come from.
type patient struct {
	*canvas
	anatomy
	*philox.Stream
}

// lung is one of the two.
func (p patient) lung() ellipse { return p.lungs[p.Intn(2)] }

// between is uniform from a to b.
func (p patient) between(a, b float64) float64 { return a + (b-a)*p.Float64() }

// paint has the shape of each finding, in the order of nih.Findings. The two without one
// change the anatomy itself.
var paint = [nih.Count]func(patient){
	atelectasis, nil, effusion, infiltration, mass, nodule, pneumonia, pneumothorax,
	consolidation, edema, nil, fibrosis, thickening, hernia,
}

// The findings without a shape, by their places among nih.Findings.
const (
	cardiomegaly = 1
	emphysema    = 10
)

// atelectasis is a plate: a bright bar across the lower half of a lung.
func atelectasis(p patient) {
	lung := p.lung()
	x, y := lung.at(0, p.between(.1, .6))
	p.add(ellipse{x, y, .85 * lung.rx, p.between(.018, .026), .5}, .3)
}

// effusion fills the bottom of a lung up to a level.
func effusion(p patient) {
	lung := p.lung()
	_, level := lung.at(0, p.between(.35, .6))
	p.within(lung, func(x, y float64) float64 { return .35 * lung.cover(x, y) * ramp((y-level)/.02) })
}

// infiltration is many faint spots in a part of a lung.
func infiltration(p patient) {
	lung := p.lung()
	u, v := p.between(-.3, .3), p.between(-.5, .5)
	for range 25 {
		x, y := lung.at(u+p.between(-.45, .45), v+p.between(-.35, .35))
		r := p.between(.01, .018)
		p.add(ellipse{x, y, r, r, .8}, .2)
	}
}

// mass is a large disc.
func mass(p patient) { p.disc(p.between(.055, .075), .1, .33) }

// nodule is a small disc, and brighter.
func nodule(p patient) { p.disc(p.between(.022, .03), .2, .45) }

func (p patient) disc(r, edge, amount float64) {
	x, y := p.lung().at(p.between(-.5, .5), p.between(-.6, .6))
	p.add(ellipse{x, y, r, r, edge}, amount)
}

// pneumonia is a cloud without an edge, upright.
func pneumonia(p patient) {
	x, y := p.lung().at(p.between(-.3, .3), p.between(-.4, .4))
	p.add(ellipse{x, y, p.between(.08, .1), p.between(.14, .18), 1}, .33)
}

// pneumothorax is a black cap on top of a lung, with the bright line of the pleura below.
func pneumothorax(p patient) {
	lung := p.lung()
	_, level := lung.at(0, p.between(-.6, -.4))
	p.within(lung, func(x, y float64) float64 {
		line := .3 * ramp(1-abs(y-level)/.012)
		return lung.cover(x, y) * (line - .2*ramp((level-y)/.01))
	})
}

// consolidation is a block with straight sides.
func consolidation(p patient) {
	x, y := p.lung().at(p.between(-.35, .35), p.between(-.5, .5))
	w, h := p.between(.05, .07), p.between(.05, .07)
	p.within(ellipse{x: x, y: y, rx: w, ry: h}, func(float64, float64) float64 { return .28 })
}

// edema is haze on both sides of the heart.
func edema(p patient) {
	width := p.between(.09, .11)
	for _, lung := range p.lungs {
		towards := .7
		if lung.x > .5 {
			towards = -towards
		}
		x, y := lung.at(towards, 0)
		p.add(ellipse{x, y, width, .17, .9}, .3)
	}
}

// fibrosis is a net of slanting lines in the lower part of a lung.
func fibrosis(p patient) {
	lung := p.lung()
	x, y := lung.at(p.between(-.1, .1), p.between(.2, .45))
	e, step := ellipse{x, y, .8 * lung.rx, .1, .3}, p.between(.035, .045)
	p.within(e, func(x, y float64) float64 {
		up, down := (x+y+2)/step, (x-y+2)/step
		up -= float64(int(up))
		down -= float64(int(down))
		return .25 * e.cover(x, y) * (ramp(1-4*abs(up-.5)) + ramp(1-4*abs(down-.5)))
	})
}

// thickening is a bright rim along the outer side of a lung.
func thickening(p patient) {
	lung := p.lung()
	inner := lung
	inner.rx *= .82
	inner.ry *= .95
	p.within(lung, func(x, y float64) float64 {
		if (x < lung.x) != (lung.x < .5) {
			return 0
		}
		return .4 * ramp(3*lung.cover(x, y)) * (1 - inner.cover(x, y))
	})
}

// hernia is a bubble behind the heart: a bright ring around air.
func hernia(p patient) {
	r := p.between(.05, .065)
	e := ellipse{p.between(.47, .53), p.between(.78, .82), r, r, .2}
	p.add(e, .35)
	e.rx, e.ry = .7*r, .7*r
	p.add(e, -.6)
}

func abs(x float64) float64 { return max(x, -x) }
