package workload

import (
	"slices"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

// gan3d is a step of the published 3D-GAN: fakes are made, the discriminator learns from a
// real and from a fake batch, then the generator twice.
func gan3d(batch int, options ...nn.Option) (parts []Part, err error) {
	g := nn.New("generator")
	generator, err := g.Output("shower", zoo.EnergyGenerator(g.Vec("z", zoo.EnergyLatent))).Build()
	if err != nil {
		return nil, err
	}
	d := nn.New("discriminator")
	real, energy, sum := zoo.EnergyDiscriminator(conv3d.Input(d, "shower", 1, 25, 25, 25))
	discriminator, err := d.Output("real", real).Output("energy", energy).Output("sum", sum).Build()
	if err != nil {
		return nil, err
	}
	generator.Init(seed)
	discriminator.Init(seed)

	options = append(options, nn.Batch(batch))
	fakes, err := compile(generator, 2, options...)
	if err != nil {
		return nil, err
	}
	parts = append(parts, Part{Name: "fakes", Program: fakes})
	critic, err := criticism(discriminator, options)
	if err != nil {
		return parts, err
	}
	parts = append(parts, critic, critic)
	parts[1].Name, parts[2].Name = "discriminator on real showers", "discriminator on fakes"
	shower, err := fakes.Output("shower")
	if err != nil {
		return parts, err
	}
	parts[2].Before = func() error { return critic.Program.Bind("shower", shower) }
	own, err := critic.Program.Input("shower")
	if err != nil {
		return parts, err
	}
	parts[1].Before = func() error { return critic.Program.Bind("shower", own) }
	forge, err := forgery(generator, discriminator, options)
	if err != nil {
		return parts, err
	}
	return append(parts, forge, forge), nil
}

// criticism trains the discriminator.
func criticism(discriminator *nn.Net, options []nn.Option) (Part, error) {
	g := nn.New("discriminator step")
	net, err := judged(g, discriminator.Apply(g, conv3d.Input(g, "shower", 1, 25, 25, 25)))
	if err != nil {
		return Part{}, err
	}
	return part("", net, discriminator, options)
}

// forgery trains the generator by what the discriminator says.
func forgery(generator, discriminator *nn.Net, options []nn.Option) (Part, error) {
	g := nn.New("generator step")
	fake := generator.Apply(g, g.Vec("z", zoo.EnergyLatent)).Get("shower")
	net, err := judged(g, discriminator.Frozen().Apply(g, fake))
	if err != nil {
		return Part{}, err
	}
	return part("generator", net, generator, options)
}

// judged adds the published losses of the discriminator's outputs.
func judged(g *nn.Graph, d nn.Outputs) (*nn.Net, error) {
	label, energy, target := g.Vec("label", 1), g.Vec("energy", 1), g.Vec("target", 1)
	return g.Loss("real loss", nn.BCE(d.Vec("real"), label).Weight(2)).
		Loss("energy loss", nn.MAPE(d.Vec("energy"), energy).Weight(0.1)).
		Loss("sum loss", nn.MAPE(d.Vec("sum"), target).Weight(0.1)).Build()
}

// part trains one of the nets with the published rule.
func part(name string, net, trained *nn.Net, options []nn.Option) (Part, error) {
	rule, err := optim.RMSprop{LR: 1e-3, Rho: 0.9, Eps: 1e-7}.New(trained)
	if err != nil {
		return Part{}, err
	}
	program, err := compile(net, 2, append(slices.Clip(options), nn.Train(trained))...)
	return Part{Name: name, Program: program, Net: trained, Optimizer: rule}, err
}
