package main

import (
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
)

var program = cli.Program{
	Name:  "resnet",
	About: "resnet trains networks that classify images, and ensembles of what one training leaves on its way.",
	Commands: []cli.Command{
		{Name: "plan", Help: "show a plan of a training: a table and a picture of the learning rate", Run: runPlan},
		{Name: "train", Help: "train an ensemble by a plan; Ctrl-C and --resume lose nothing", Run: runTrain},
		{Name: "evaluate", Help: "test the members and their ensemble: a table, JSON and a picture", Run: runEvaluate},
		{Name: "summarise", Help: "means and standard errors of the reports of several seeds", Run: runSummarise},
	},
	Resumable: train.ErrInterrupted,
	Notes: `--data is a folder of IDX files (MNIST, Fashion-MNIST), of CIFAR in binary, or with
train*.h5 and test*.h5 or val*.h5 in it, or names of HDF5 files or shards, of JPEG
files as bytes or of arrays. ImageNet, in a data set of bytes and one of labels:

  resnet train --data 'imagenet/train*.h5' --test 'imagenet/val*.h5' \
      --arch resnet50 --plan recipe-b --batch 64 --accumulate 64 --out out/imagenet

'go run ./data/h5 convert' makes HDF5 files of other formats.`,
}

func main() { ranks.Main(program) }
