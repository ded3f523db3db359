package gan

import (
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
)

// memory finds the memory of a program's inputs and outputs, and keeps the first
// error.
type memory struct {
	p   *nn.Program
	err error
}

func (m *memory) in(name string) []float32  { return m.keep(m.p.Input(name)) }
func (m *memory) out(name string) []float32 { return m.keep(m.p.Output(name)) }

func (m *memory) keep(x []float32, err error) []float32 {
	if m.err == nil {
		m.err = err
	}
	return x
}

// maker is a generator at work: it makes fakes, in inference.
type maker struct {
	*nn.Program
	z, root []float32 // root is nil for ScaledNoise
	grain   []float32 // nil without Grain
	shower  []float32 // images
}

func newMaker(p Preset, gen *nn.Net, options ...nn.Option) (*maker, error) {
	prog, err := nn.Compile(gen, options...)
	if err != nil {
		return nil, err
	}
	m := memory{p: prog}
	k := &maker{Program: prog, z: m.in("z"), shower: m.out("shower")}
	if p.Condition == RootEnergy {
		k.root = m.in("root")
	}
	if p.Grain {
		k.grain = m.in("grain")
	}
	return k, m.err
}

// lesson is a step that trains one of the nets: what the losses compare with, and
// what they come to.
type lesson struct {
	*nn.Program
	label, energy, target         []float32
	realLoss, energyLoss, sumLoss []float32
	planes, unit                  []float32 // of the generator's; nil without WeightPlanes
	profileLoss                   []float32 // nil without a ProfileHead
	z, root, grain                []float32 // of the generator's
	inverse                       []float32 // nil for ScaledNoise
}

// targets are the inputs that every lesson has.
type targets struct{ label, energy, sum nn.Vec }

func declareTargets(g *nn.Graph) targets {
	return targets{g.Vec("label", 1), g.Vec("energy", 1), g.Vec("target", 1)}
}

// losses builds the graph of a lesson from the outputs of the discriminator in it.
func (t targets) losses(g *nn.Graph, d nn.Outputs, p Preset) (*nn.Net, error) {
	if p.ProfileHead {
		g.Loss("profile loss", nn.BCE(d.Vec("profile"), t.label).Weight(weightProfile))
	}
	return g.Loss("real loss", nn.BCE(d.Vec("real"), t.label).Weight(p.WeightReal)).
		Loss("energy loss", nn.MAPE(d.Vec("energy"), t.energy).Weight(p.WeightEnergy)).
		Loss("sum loss", nn.MAPE(d.Vec("sum"), t.sum).Weight(weightSum)).Build()
}

// discriminatorLesson trains the discriminator on given showers.
func discriminatorLesson(p Preset, d *nn.Net, c Config) (*lesson, error) {
	g := nn.New("discriminator step")
	in := p.judged(g, conv3d.Input(g, "shower", 1, 25, 25, 25))
	net, err := declareTargets(g).losses(g, d.Apply(g, in...), p)
	if err != nil {
		return nil, err
	}
	l, m, err := newLesson(p, net, d, c)
	if err != nil {
		return nil, err
	}
	return l, m.err
}

// generatorLesson trains the generator to please the discriminator, which stays as
// it is.
func generatorLesson(p Preset, gen, d *nn.Net, c Config) (*lesson, error) {
	g := nn.New("generator step")
	in := []nn.Handle{g.Vec("z", p.Latent)}
	if p.Condition == RootEnergy {
		in = append(in, g.Vec("root", 1))
	}
	if p.Grain {
		in = append(in, conv3d.Input(g, "grain", 1, 25, 25, 25))
	}
	fake := gen.Apply(g, in...).Get("shower")
	judged := p.judged(g, fake)
	if p.WeightPlanes > 0 {
		planesLoss(g, p, conv3d.Of(fake), judged[1])
	}
	net, err := declareTargets(g).losses(g, d.Frozen().Apply(g, judged...), p)
	if err != nil {
		return nil, err
	}
	l, m, err := newLesson(p, net, gen, c)
	if err != nil {
		return nil, err
	}
	l.z = m.in("z")
	if p.Condition == RootEnergy {
		l.root = m.in("root")
	}
	if p.Grain {
		l.grain = m.in("grain")
	}
	if p.WeightPlanes > 0 {
		l.planes, l.unit = m.in("planes"), m.in("unit")
	}
	return l, m.err
}

// planesLoss compares the profiles of fakes, images of square roots that are to be
// multiplied with 1/√E', with those of the data.
func planesLoss(g *nn.Graph, p Preset, fake conv3d.Vol, inverse nn.Handle) {
	u := fake.Mul(conv3d.Expand(inverse.Tensor().Vec(), 1, 25, 25, 25))
	got := profiles(u.Mul(u), 1).Mul(g.Vec("unit", planes))
	g.Loss("planes loss", nn.MSE(got, g.Vec("planes", planes)).Weight(p.WeightPlanes))
}

func newLesson(p Preset, net, trained *nn.Net, c Config) (*lesson, *memory, error) {
	prog, err := nn.Compile(net, append(c.options(), nn.Train(trained), nn.Seed(ranks.Seed(c.Comm, c.Seed)))...)
	if err != nil {
		return nil, nil, err
	}
	m := &memory{p: prog}
	l := &lesson{
		Program: prog, label: m.in("label"), energy: m.in("energy"), target: m.in("target"),
		realLoss: m.out("real loss"), energyLoss: m.out("energy loss"), sumLoss: m.out("sum loss"),
	}
	if p.Condition == RootEnergy {
		l.inverse = m.in("inverse")
	}
	if p.ProfileHead {
		l.profileLoss = m.out("profile loss")
	}
	return l, m, m.err
}

// doubt is the mean cross entropy of the discriminator's logits of being real.
func (l *lesson) doubt() float32 {
	if l.profileLoss == nil {
		return l.realLoss[0]
	}
	return (l.realLoss[0] + l.profileLoss[0]) / 2
}

// judged are the inputs of the discriminator for a shower.
func (p Preset) judged(g *nn.Graph, shower nn.Handle) []nn.Handle {
	in := []nn.Handle{shower}
	if p.Condition == RootEnergy {
		in = append(in, g.Vec("inverse", 1))
	}
	return in
}
