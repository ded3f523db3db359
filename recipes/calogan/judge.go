package main

import (
	"slices"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
	"github.com/cascade-hpc/cascade/recipes/calogan/physics"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
)

// bestBy is the published metric of an epoch, P + M + F; the model of the lowest is
// kept.
const bestBy = "metric"

// validations are what is said of the physics after each epoch: the metric, and the
// deviation of the worst of the layers that hold 90% of the energy.
var validations = []string{bestBy, "layers %"}

// judge compares showers of the generator with those that are held back, shower by
// shower of the same energy. All ranks make them, a block each in turn, and rank 0 compares:
// the result is that of one rank, to the bit.
type judge struct {
	preset gan.Preset
	net    *nn.Net
	feed   *feed
	pool   *ops.Pool
	seed   uint64

	held        *held     // read once
	mine, block []float32 // showers that this rank has made, and those of another
}

// held are the showers that are held back.
type held struct {
	energies []float32          // GeV
	data     *physics.Collector // nil but on rank 0
}

// validate judges, and gives all ranks what rank 0 found.
func (j *judge) validate(_ train.Position, values []float64) error {
	c := j.feed.comm
	if err := j.prepare(); err != nil {
		return err
	}
	made, err := j.fakes()
	if err == nil && c.Rank() == 0 {
		var report *physics.Report
		if report, err = physics.Compare(j.held.data, made); err == nil {
			values[0], values[1] = report.Merit.Objective, 100*report.Criteria[0].Value
		}
	}
	if err := ranks.Agree(c, err); err != nil {
		return err
	}
	return dist.Bcast(c, values, 0)
}

// prepare reads the showers that are held back, for the first validation and all others.
func (j *judge) prepare() (err error) {
	if j.held != nil {
		return nil
	}
	if j.held, err = j.feed.readHeld(); err == nil {
		j.mine, j.block = make([]float32, readBlock*shower.Cells), make([]float32, readBlock*shower.Cells)
	}
	return err
}

// fakes makes a shower for each that is held back, a round of blocks at a time. What it
// returns is of rank 0; the collectors of the others are empty. An error may be of one rank
// alone: it ends the next round of all.
func (j *judge) fakes() (*physics.Collector, error) {
	c := j.feed.comm
	maker, err := gan.NewMaker(j.preset, j.net, readBlock, j.seed, nn.OnPool(j.pool))
	if err == nil {
		defer maker.Close()
	}
	made, blocks := physics.NewCollector("GAN"), slices.Collect(slices.Chunk(j.held.energies, readBlock))
	for round := 0; round < len(blocks); round += c.Size() {
		if b := round + c.Rank(); err == nil && b < len(blocks) {
			err = maker.Make(uint64(b), j.mine[:len(blocks[b])*shower.Cells], blocks[b])
		}
		if err := ranks.Agree(c, err); err != nil {
			return nil, err
		}
		for rank, energies := range blocks[round:min(round+c.Size(), len(blocks))] {
			block, failed := j.blockOf(rank, len(energies))
			if failed != nil {
				return nil, failed
			}
			if c.Rank() == 0 && err == nil {
				err = made.Add(block, energies)
			}
		}
	}
	return made, err
}

// blockOf is the block of showers that a rank has made, for rank 0.
func (j *judge) blockOf(rank, showers int) ([]float32, error) {
	block := j.block
	if j.feed.comm.Rank() == rank {
		block = j.mine
	}
	block = block[:showers*shower.Cells]
	if rank == 0 { // which has its own
		return block, nil
	}
	return block, dist.Bcast(j.feed.comm, block, rank)
}
