package main

import (
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
)

var program = cli.Program{
	Name:  "calogan",
	About: "calogan trains the 3D-GAN of the CLIC calorimeter and checks the showers it makes.",
	Commands: []cli.Command{
		{Name: "simulate", Help: "make a file of parameterised showers to train on", Run: runSimulate},
		{Name: "train", Help: "train a 3D-GAN on such a file; Ctrl-C and --resume lose nothing", Run: runTrain},
		{Name: "generate", Help: "make showers with a trained generator", Run: runGenerate},
		{Name: "validate", Help: "compare the physics of two files: a table, JSON and plots", Run: runValidate},
	},
	Resumable: train.ErrInterrupted,
	Notes: `Files are HDF5 in the published layout: ECAL (N, 25, 25, 25), cells in GeV, and
target (N, 2), particle id and primary energy in GeV.`,
}

func main() { ranks.Main(program) }
