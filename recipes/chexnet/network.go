package main

import (
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/zoo"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

// architecture is a network that can be trained: from images 3 x side x side, normalised,
// to a logit for each finding.
type architecture struct {
	name    string
	side    int // pixels
	epochs  int // by default
	declare func(x nn.Map, outputs int) nn.Vec
}

// architectures are those that --arch names. The paper does not tell its number of
// epochs.
var architectures = []architecture{
	{"densenet121", 224, 15, func(x nn.Map, outputs int) nn.Vec { return zoo.DenseNet121(x, outputs, zoo.DenseNetOptions{}) }},
	{"small", 64, 15, small},
}

// small is a network for tests and first steps: ResNet-8 behind a convolution that halves
// the image. It tells the findings of drawn images apart.
func small(x nn.Map, outputs int) nn.Vec {
	h := x.Conv(16, nn.K(5, 5).Stride(2, 2).Pad(2, 2).NoBias().Init(nn.HeNormal)).BatchNorm().ReLU()
	return zoo.CIFARResNet(h, 1, outputs, zoo.CIFAROptions{})
}

func architectureNamed(name string) (architecture, error) {
	var names []string
	for _, a := range architectures {
		if a.name == name {
			return a, nil
		}
		names = append(names, a.name)
	}
	return architecture{}, fmt.Errorf("there is no network %q; there are %s", name, strings.Join(names, " and "))
}

// The names of what goes into the network and the training step, and comes out.
const (
	imageInput   = nih.ImageField
	labelsInput  = nih.LabelsField
	logitsOutput = "logits"
	lossOutput   = "entropy"
)

func (a architecture) input(g *nn.Graph) nn.Map { return g.Map(imageInput, 3, a.side, a.side) }

// build is the network with a number of outputs.
func (a architecture) build(outputs int) (*nn.Net, error) {
	g := nn.New("chexnet")
	return g.Output(logitsOutput, a.declare(a.input(g), outputs)).Build()
}

// step is a training step. The paper's loss is the sum of the binary cross entropies of
// the findings; this is their mean, which is the same to Adam but for its ε.
func (a architecture) step(net *nn.Net, options ...nn.Option) (*nn.Program, error) {
	g := nn.New("training")
	logits := net.Apply(g, a.input(g)).Vec(logitsOutput)
	step, err := g.Loss(lossOutput, nn.BCE(logits, g.Vec(labelsInput, nih.Count))).Build()
	if err != nil {
		return nil, err
	}
	return nn.Compile(step, append(options, nn.Train(net))...)
}
