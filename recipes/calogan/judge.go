package main

import (
	"errors"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
	"github.com/cascade-hpc/cascade/recipes/calogan/physics"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
)

// bestBy is the published metric of an epoch, P + M + F; the model of the lowest is
// kept.
const bestBy = "metric"

// validations are what is said of the physics after each epoch: the metric, and the
// deviation of the worst of the layers that hold 90% of the energy.
var validations = []string{bestBy, "layers %"}

// judge compares showers of the generator with those that are held back, shower by
// shower of the same energy.
type judge struct {
	preset gan.Preset
	net    *nn.Net
	feed   *feed
	seed   uint64
	data   *physics.Collector // of those held back; made once
}

// validate judges on rank 0, and the others get what it found.
func (j *judge) validate(_ train.Position, values []float64) error {
	var err error
	if j.feed.comm.Rank() == 0 {
		err = j.judge(values)
	}
	return errors.Join(err, dist.Bcast(j.feed.comm, values, 0))
}

func (j *judge) judge(values []float64) error {
	made := physics.NewCollector("GAN")
	known := j.data != nil
	if !known {
		j.data = physics.NewCollector("data")
	}
	maker, err := gan.NewMaker(j.preset, j.net, readBlock, j.seed)
	if err != nil {
		return err
	}
	defer maker.Close()
	cells, number := make([]float32, readBlock*shower.Cells), uint64(0)
	err = j.feed.validation(func(ecal, energies []float32) error {
		if !known {
			if err := j.data.Add(ecal, energies); err != nil {
				return err
			}
		}
		fakes := cells[:len(ecal)]
		if err := maker.Make(number, fakes, energies); err != nil {
			return err
		}
		number++
		return made.Add(fakes, energies)
	})
	if err != nil {
		return err
	}
	report, err := physics.Compare(j.data, made)
	if err != nil {
		return err
	}
	values[0], values[1] = report.Merit.Objective, 100*report.Criteria[0].Value
	return nil
}
