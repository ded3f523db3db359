package main

import (
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
)

var program = cli.Program{
	Name:  "chexnet",
	About: "chexnet trains DenseNet-121 to see fourteen findings in chest radiographs (ChestX-ray14).",
	Commands: []cli.Command{
		{Name: "make", Help: "make a small data set of drawn images, in ChestX-ray14's layout", Run: runMake},
		{Name: "convert", Help: "bring that layout into two HDF5 files, train_val.h5 and test.h5", Run: runConvert},
		{Name: "train", Help: "train on such a file; Ctrl-C and --resume lose nothing", Run: runTrain},
		{Name: "evaluate", Help: "AUROC by finding, beside CheXNet's: a table, JSON and the curves", Run: runEvaluate},
	},
	Resumable: train.ErrInterrupted,
	Notes: `From nothing to a table, in about a minute:

  chexnet make --out made
  chexnet convert --images made --out made/h5
  chexnet train --data made/h5/train_val.h5 --arch small --out out
  chexnet evaluate --data made/h5/test.h5 --model out/model.safetensors --out out

With ChestX-ray14 itself leave out make and --arch.`,
}

func main() { ranks.Main(program) }
