package gan

import (
	"errors"
	"fmt"
	"io"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/train"
)

// Metrics are the names of what a step reports: the losses of the discriminator on
// real and on fake showers, its error of the energy, and the generator's losses,
// means over its two turns.
var Metrics = []string{"d real", "d fake", "d energy %", "g real", "g energy %", "g sum %"}

// ErrEmpty says that a generator makes showers without any energy.
var ErrEmpty = errors.New("every shower of the generator is empty")

// Trainer trains the two nets of a preset. It is for one goroutine.
type Trainer struct {
	Preset
	Config
	Generator, Discriminator *nn.Net
	// Average is the generator with the running average of its weights: what the
	// adversaries do back and forth averages out.
	Average                          *nn.Net
	GeneratorRule, DiscriminatorRule *optim.Optimizer

	fakes         *maker
	together      together
	critic, forge *lesson
	rates         [2]float64 // at the start: discriminator, generator
	fakeEnergies  []float32
}

// NewTrainer builds and compiles the nets, with weights drawn from the seed.
func NewTrainer(p Preset, c Config) (*Trainer, error) {
	if p.WeightPlanes > 0 && c.Profiles == nil {
		return nil, fmt.Errorf("gan: the preset %s needs the profiles of the data", p.Name)
	}
	c = c.settled()
	t := &Trainer{Preset: p, Config: c, fakeEnergies: make([]float32, c.Batch)}
	var err error
	if t.Generator, err = p.Generator(); err != nil {
		return nil, err
	}
	if t.Discriminator, err = p.Discriminator(); err != nil {
		return nil, err
	}
	if t.Average, err = p.build("average"); err != nil {
		return nil, err
	}
	t.Generator.Init(c.Seed)
	t.Average.Init(c.Seed)
	if p.start != nil {
		p.start(t.Generator, c.Profiles)
	}
	t.Discriminator.Init(c.Seed)
	if t.fakes, err = newMaker(p, t.Generator, c.options()...); err != nil {
		return nil, err
	}
	if t.critic, err = discriminatorLesson(p, t.Discriminator, c); err != nil {
		return nil, err
	}
	if t.forge, err = generatorLesson(p, t.Generator, t.Discriminator, c); err != nil {
		return nil, err
	}
	if t.GeneratorRule, err = p.optimizer(t.Generator, true); err != nil {
		return nil, err
	}
	if t.DiscriminatorRule, err = p.optimizer(t.Discriminator, false); err != nil {
		return nil, err
	}
	t.rates = [2]float64{t.DiscriminatorRule.LR(), t.GeneratorRule.LR()}
	if c.Comm.Size() == 1 {
		return t, t.Join(train.Reduce{})
	}
	return t, nil
}

// turns is how often the generator is trained in a step.
const turns = 2

// Programs are those that a step runs.
func (t *Trainer) Programs() []*nn.Program {
	return []*nn.Program{t.fakes.Program, t.critic.Program, t.forge.Program}
}

// FLOPs is the number of floating-point operations of a step for each shower of the
// batch.
func (t *Trainer) FLOPs() int64 {
	return (t.fakes.FLOPs() + 2*t.critic.FLOPs() + turns*t.forge.FLOPs()) / int64(t.Batch)
}

// Step trains on a batch of showers: images as the preset's Image encodes them, 25 x 25
// x 25 for each, and primary energies in GeV. The images begin at a multiple of 64 bytes,
// as those of a data.Batch do, and are read where they are. step counts from 0 through the whole training. The metrics, in the
// order of [Metrics], are written to metrics. It does not allocate. Errors: ErrEmpty, nn.ErrShape.
func (t *Trainer) Step(step uint64, images, energies []float32, metrics []float64) error {
	if t.together.forge == nil {
		return errors.New("gan: a trainer of several ranks takes a step before Join")
	}
	t.setRates(step)
	if err := t.makeFakes(step); err != nil {
		return err
	}
	clear(metrics)

	if err := t.critic.Bind("shower", images); err != nil {
		return err
	}
	for i, e := range energies {
		t.critic.energy[i] = e / 100
	}
	if err := t.judge(step, 1); err != nil {
		return err
	}
	metrics[0], metrics[2] = float64(t.critic.realLoss[0]), float64(t.critic.energyLoss[0])

	if err := t.critic.Bind("shower", t.fakes.shower); err != nil {
		return err
	}
	copy(t.critic.energy, t.fakeEnergies)
	if err := t.judge(step, 0); err != nil {
		return err
	}
	metrics[1] = float64(t.critic.realLoss[0])

	for turn := range uint64(turns) {
		if err := t.learn(step, turn); err != nil {
			return err
		}
		metrics[3] += float64(t.forge.realLoss[0]) / turns
		metrics[4] += float64(t.forge.energyLoss[0]) / turns
		metrics[5] += float64(t.forge.sumLoss[0]) / turns
	}
	return t.alive(step, metrics[5])
}

// makeFakes lets the generator make a batch, in inference.
func (t *Trainer) makeFakes(step uint64) error {
	r := draws(t.Seed, forFakes, step, t.share())
	uniform(t.fakeEnergies, &r)
	t.Condition.ask(t.fakes.z, t.fakes.root, t.fakes.grain, t.fakeEnergies, &r)
	return t.fakes.Run(0)
}

// judge trains the discriminator on the showers in its memory, label 1 for real ones
// and 0 for fakes, unless it knows them well enough.
func (t *Trainer) judge(step uint64, label float32) error {
	r := draws(t.Seed, forFlips, 2*step+uint64(label), t.share())
	labels(t.critic.label, label, &r)
	t.Image.sums(t.critic.target, t.critic.energy)
	t.Condition.invert(t.critic.inverse, t.critic.energy)
	if err := t.critic.Run(2*step + uint64(label)); err != nil {
		return err
	}
	if err := t.together.critic.Wait(); err != nil {
		return err
	}
	doubt, err := t.doubt()
	if err == nil && doubt >= t.Restraint {
		t.DiscriminatorRule.Step()
	}
	return err
}

// learn trains the generator once, on new noise and unflipped labels.
func (t *Trainer) learn(step, turn uint64) error {
	r := draws(t.Seed, forGenerator+purpose(turn), step, t.share())
	uniform(t.forge.energy, &r)
	t.Condition.ask(t.forge.z, t.forge.root, t.forge.grain, t.forge.energy, &r)
	t.Image.sums(t.forge.target, t.forge.energy)
	t.Condition.invert(t.forge.inverse, t.forge.energy)
	if t.WeightPlanes > 0 {
		t.Profiles.targets(t.forge.planes, t.forge.unit, t.forge.energy)
	}
	for i := range t.forge.label {
		t.forge.label[i] = 1
	}
	if err := t.forge.Run(turns*step + turn); err != nil {
		return err
	}
	if err := t.together.forge.Wait(); err != nil {
		return err
	}
	t.GeneratorRule.Step()
	t.average(turns*step + turn)
	return nil
}

// average takes the weights after an update into their average: their mean for as
// long as that is younger than Preset.Average, which is the same for a seed wherever
// the training was interrupted.
func (t *Trainer) average(update uint64) {
	keep := float32(min(t.Preset.Average, float64(update)/float64(update+1)))
	mean := t.Average.Weights()
	for i, w := range t.Generator.Weights() {
		mean[i] = keep*mean[i] + (1-keep)*w
	}
	copy(t.Average.Statistics(), t.Generator.Statistics())
}

// setRates sets the learning rate of a step.
func (t *Trainer) setRates(step uint64) {
	factor := 1.0
	if left := 1 - float64(step)/float64(max(t.Steps, 1)); t.Decay {
		factor = 0.05 + 0.95*max(left, 0)
	}
	scale := t.Scale.At(step)
	t.DiscriminatorRule.SetLR(t.rates[0] * scale)
	t.GeneratorRule.SetLR(t.rates[1] * factor * scale)
}

// alive stops a training whose generator makes nothing any more: the error of an
// empty shower's sum is 100% exactly, and no gradient leads out of there.
func (t *Trainer) alive(step uint64, sumError float64) error {
	const grace = 10 // steps, as published
	if step >= grace && sumError == 100 {
		return fmt.Errorf("gan: step %d: %w: try another --seed or a lower --lr", step, ErrEmpty)
	}
	return nil
}

// SetLR sets the generator's learning rate at the start of the training; that of the
// discriminator stays in proportion.
func (t *Trainer) SetLR(rate float64) {
	t.rates[0] *= rate / t.rates[1]
	t.rates[1] = rate
}

// Explain prints the two nets, and the programs that a step runs.
func (t *Trainer) Explain(w io.Writer) error {
	for _, net := range []*nn.Net{t.Generator, t.Discriminator} {
		if err := net.Summary(w); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	for _, p := range t.Programs() {
		if err := p.Explain(w); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	return nil
}

// Close gives the memory of the programs back.
func (t *Trainer) Close() {
	t.fakes.Close()
	t.critic.Close()
	t.forge.Close()
}
