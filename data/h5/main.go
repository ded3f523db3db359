package main

import "github.com/cascade-hpc/cascade/internal/cli"

var program = cli.Program{
	Name:  "h5",
	About: "h5 looks after files of training data: HDF5 files and Cascade's shards.",
	Commands: []cli.Command{
		{Name: "info", Help: "list data sets, how they are stored, and how well that suits training", Run: runInfo},
		{Name: "verify", Help: "read everything: damage, NaN and infinities, speed", Run: runVerify},
		{Name: "convert", Help: "write the rows of files into one HDF5 file or shard", Run: runConvert},
		{Name: "repack", Help: "write a file again in chunks that suit training, and measure the gain", Run: runRepack},
	},
	Notes: `A data set is an array whose first axis counts rows: the samples to train on. A
file that is written ends in .h5 or .hdf5, or in .shard for Cascade's own format,
which is checked in every byte and needs no library.`,
}

func main() { program.Main() }
