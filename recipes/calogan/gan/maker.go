package gan

import "github.com/cascade-hpc/cascade/nn"

// Maker makes showers with a trained generator.
type Maker struct {
	p      Preset
	m      *maker
	batch  int
	scaled []float32 // energies, as E'
	seed   uint64
}

// NewMaker compiles a generator, as it is now, for batches of a size. If it is trained
// further, it takes another Maker. Options are those of nn.Compile besides.
func NewMaker(p Preset, generator *nn.Net, batch int, seed uint64, options ...nn.Option) (*Maker, error) {
	m, err := newMaker(p, generator, append(options, nn.Batch(batch), nn.Fixed())...)
	if err != nil {
		return nil, err
	}
	return &Maker{p: p, m: m, batch: batch, scaled: make([]float32, batch), seed: seed}, nil
}

// Make writes showers of the energies, in GeV, no more than a batch: cells in GeV,
// 25 x 25 x 25 for each. number tells the draws of batches apart.
func (k *Maker) Make(number uint64, cells, energies []float32) error {
	for i := range k.scaled {
		k.scaled[i] = 1 // what fills the batch up is thrown away
		if i < len(energies) {
			k.scaled[i] = energies[i] / 100
		}
	}
	r := draws(k.seed, forShowers, number, alone)
	k.p.Condition.ask(k.m.z, k.m.root, k.m.grain, k.scaled, &r)
	if err := k.m.Run(0); err != nil {
		return err
	}
	k.p.Image.Decode(cells, k.m.shower[:len(cells)])
	return nil
}

// Close gives the memory of the program back.
func (k *Maker) Close() { k.m.Close() }
