package gan

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
)

// TestRanksDrawWhatOneDraws: sample by sample, for latents of either parity, and what
// comes after them.
func TestRanksDrawWhatOneDraws(t *testing.T) {
	const global, cells = 6, 7
	for _, latent := range []int{5, 8} {
		type drawn struct{ energies, grain, z, root, after []float32 }
		draw := func(of share) drawn {
			n := global / of.size
			d := drawn{make([]float32, n), make([]float32, n*cells), make([]float32, n*latent), make([]float32, n), make([]float32, n)}
			r := draws(3, forFakes, 9, of)
			uniform(d.energies, &r)
			RootEnergy.ask(d.z, d.root, d.grain, d.energies, &r)
			uniform(d.after, &r)
			return d
		}
		want := draw(alone)
		// As one stream without places, the numbers of a single rank have always been.
		r := draws(3, forFakes, 9, alone).At(9 << 32)
		for _, e := range want.energies {
			assert.Equal(t, energyMin+(energyMax-energyMin)*r.Float32(), e)
		}
		for _, g := range want.grain {
			assert.Equal(t, (2*r.Float32()-1)*sqrt3, g)
		}
		for _, z := range want.z {
			assert.Equal(t, float32(r.Normal()), z)
		}
		for _, size := range []int{2, 3, 6} {
			for rank := range size {
				got := draw(share{rank, size})
				for i := range global / size {
					k := i*size + rank
					assert.Equal(t, want.energies[k], got.energies[i])
					assert.Equal(t, want.grain[k*cells:(k+1)*cells], got.grain[i*cells:(i+1)*cells])
					assert.Equal(t, want.z[k*latent:(k+1)*latent], got.z[i*latent:(i+1)*latent])
					assert.Equal(t, want.after[k], got.after[i])
				}
			}
		}
	}
}

// undropped is the small network without dropout, the draws of which are a rank's own.
func undropped() Preset {
	p := small
	p.discriminator = func(g *nn.Graph) heads {
		x, inverse := conv3d.Input(g, "shower", 1, 25, 25, 25), g.Vec("inverse", 1)
		u := x.Mul(conv3d.Expand(inverse, 1, 25, 25, 25))
		half := conv3d.K(4, 4, 4).Stride(2, 2, 2).Same()
		h := u.Conv(4, half).LeakyReLU(0.3).Conv(8, half).LeakyReLU(0.3).BatchNorm()
		cells := x.Mul(x)
		return heads{
			real:    h.Flatten().Concat(inverse).Dense(1).As("generation"),
			profile: profiles(u.Mul(u), 10).Concat(inverse).Dense(1).As("profile"),
			energy:  profiles(cells, 1).Dense(1).As("auxiliary"),
			sum:     cells.Sum().As("ecal"),
		}
	}
	return p
}

// run is what a rank comes to in some steps.
type run struct {
	metrics                  []float64 // of all steps
	generator, discriminator []float32 // weights and statistics
	average                  []float32
	waits                    int64 // of the discriminator
}

const trainedShowers, trainedSteps = 6, 4

// together trains on ranks that share every batch, and tells what each came to.
func trainOn(t *testing.T, ranks int, p Preset, r train.Reduce) []run {
	t.Helper()
	var cells, energies []float32
	require.NoError(t, shower.Generate(shower.Config{}, trainedShowers, 3, 1, func(_ int, ecal, target []float32) error {
		cells = append(cells, ecal...)
		for i := range len(target) / 2 {
			energies = append(energies, target[2*i+1])
		}
		return nil
	}))
	runs := make([]run, ranks)
	require.NoError(t, dist.Run(ranks, func(c *dist.Comm) error {
		var profiles Profiles
		for k := c.Rank(); k < len(energies); k += ranks {
			profiles.Add(cells[k*shower.Cells:(k+1)*shower.Cells], energies[k:k+1])
		}
		if err := profiles.Combine(c); err != nil {
			return err
		}
		if err := profiles.Fit(); err != nil {
			return err
		}
		pool := ops.NewPool(1)
		defer pool.Close()
		n := trainedShowers / ranks
		tr, err := NewTrainer(p, Config{Batch: n, Steps: 10, Seed: 4, Profiles: &profiles, Comm: c, Pool: pool, SyncBatchNorm: true})
		if err != nil {
			return err
		}
		defer tr.Close()
		if err := tr.Join(r); err != nil {
			return err
		}
		x, mine := ops.Alloc(n*shower.Cells), make([]float32, n)
		for i := range n {
			k := i*ranks + c.Rank()
			tr.Image.Encode(x[i*shower.Cells:(i+1)*shower.Cells], cells[k*shower.Cells:(k+1)*shower.Cells])
			mine[i] = energies[k]
		}
		out := &runs[c.Rank()]
		for step := range uint64(trainedSteps) {
			metrics := make([]float64, len(Metrics))
			if err := tr.Step(step, x, mine, metrics); err != nil {
				return err
			}
			out.metrics = append(out.metrics, metrics...)
		}
		out.generator = append(out.generator, tr.Generator.Weights()...)
		out.discriminator = append(append(out.discriminator, tr.Discriminator.Weights()...), tr.Discriminator.Statistics()...)
		out.average = append(out.average, tr.Average.Weights()...)
		out.waits = 2*trainedSteps - tr.DiscriminatorRule.Steps()
		return nil
	}))
	return runs
}

// TestRanksTrainLikeOne: shares of a batch, with statistics of all of it, have the losses
// that the whole batch has on one rank, to rounding, and the ranks hold the same bits. The
// discriminator waits on the same batches.
func TestRanksTrainLikeOne(t *testing.T) {
	p := undropped()
	p.Restraint = 0.9
	want := trainOn(t, 1, p, train.Reduce{})[0]
	assert.Positive(t, want.waits, "or the test says nothing about waiting")
	assert.Less(t, want.waits, int64(2*trainedSteps))
	for _, n := range []int{2, 3} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			got := trainOn(t, n, p, train.Reduce{})
			for i, w := range want.metrics {
				mean := 0.0
				for _, r := range got {
					mean += r.metrics[i] / float64(n)
				}
				assert.InEpsilon(t, w, mean, 2e-4, "%s in step %d", Metrics[i%len(Metrics)], i/len(Metrics))
			}
			for _, r := range got {
				assert.Equal(t, want.waits, r.waits)
				assert.Equal(t, got[0].generator, r.generator)
				assert.Equal(t, got[0].discriminator, r.discriminator)
				assert.Equal(t, got[0].average, r.average)
			}
		})
	}
}

// TestRanksOfThePresetsAgree, each with its own dropout, and statistics that are its own
// ahead of every reduction.
func TestRanksOfThePresetsAgree(t *testing.T) {
	for _, half := range []bool{false, true} {
		got := trainOn(t, 2, small, train.Reduce{BFloat16: half})
		assert.Equal(t, got[0].generator, got[1].generator)
		assert.Equal(t, got[0].discriminator, got[1].discriminator)
		assert.NotEqual(t, got[0].metrics, got[1].metrics, "they see other showers")
		again := trainOn(t, 2, small, train.Reduce{BFloat16: half})
		assert.Equal(t, got, again, "the same seed and ranks give the same bits")
	}
}

func TestRanksDoNotStepBeforeJoin(t *testing.T) {
	require.NoError(t, dist.Run(2, func(c *dist.Comm) error {
		tr, err := NewTrainer(cern, Config{Batch: 1, Steps: 1, Comm: c})
		if err != nil {
			return err
		}
		defer tr.Close()
		err = tr.Step(0, ops.Alloc(shower.Cells), []float32{100}, make([]float64, len(Metrics)))
		assert.ErrorContains(t, err, "before Join")
		return nil
	}))
}
