// Package gan trains a 3D-GAN on calorimeter showers and makes showers with it.
//
// A [Preset] says everything that distinguishes one network from another: the two
// nets, how energies of cells become an image, and how it is trained. [ByName] finds
// one. A [Trainer] does the published step on a batch: the discriminator on real
// showers, the discriminator on fakes, the generator twice. A [Maker] makes showers
// with a trained generator.
//
//	preset, err := gan.ByName("small")
//	var profiles gan.Profiles // of the data: Add them, then Fit
//	t, err := gan.NewTrainer(preset, gan.Config{Batch: 32, Steps: 2000, Seed: 1, Profiles: &profiles})
//	err = t.Step(0, ecal, energies, metrics)
//
// All draws come from counter-based streams named after their purpose and the step:
// they do not depend on threads, and resuming does not change them.
package gan
