package arch

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

// Input is the size of an image.
type Input struct{ Channels, Height, Width int }

// ErrName says that there is no network of a name.
var ErrName = errors.New("no such network")

// The names that the networks that Build makes give their input and output.
const (
	Image  = "image"  // N x C x H x W
	Logits = "logits" // N x classes
)

// network is a published network under a name.
type network struct {
	name    string
	declare func(x nn.Map, classes int) nn.Vec
}

// networks are in the order in which they are listed.
var networks = []network{
	{"resnet8", small(1)},
	{"resnet14", small(2)},
	{"resnet20", small(3)},
	{"resnet32", small(5)},
	{"resnet44", small(7)},
	{"resnet56", small(9)},
	{"resnet110", small(18)},
	{"resnet18", residual(zoo.ResNet18)},
	{"resnet34", residual(zoo.ResNet34)},
	{"resnet50", residual(zoo.ResNet50)},
	{"resnet101", residual(zoo.ResNet101)},
	{"resnet152", residual(zoo.ResNet152)},
	{"wide-resnet50", residual(zoo.WideResNet50)},
	{"densenet121", func(x nn.Map, n int) nn.Vec { return zoo.DenseNet121(x, n, zoo.DenseNetOptions{}) }},
	{"vgg16", func(x nn.Map, n int) nn.Vec { return zoo.VGG16(x, n, zoo.VGGOptions{BatchNorm: true}) }},
	{"alexnet", zoo.AlexNetOWT},
	{"googlenet", func(x nn.Map, n int) nn.Vec { return zoo.GoogLeNet(x, n, zoo.GoogLeNetOptions{BatchNorm: true}) }},
	{"inception3", func(x nn.Map, n int) nn.Vec { return zoo.InceptionV3(x, n, zoo.InceptionOptions{}) }},
}

// small is a network of 6n + 2 layers for small images.
func small(n int) func(nn.Map, int) nn.Vec {
	return func(x nn.Map, classes int) nn.Vec { return zoo.CIFARResNet(x, n, classes, zoo.CIFAROptions{}) }
}

// residual begins as that of the published recipe of collapsed ensembles.
func residual(declare func(nn.Map, int, zoo.ResNetOptions) nn.Vec) func(nn.Map, int) nn.Vec {
	return func(x nn.Map, classes int) nn.Vec {
		return declare(x, classes, zoo.ResNetOptions{ZeroInit: zoo.ZeroInLast})
	}
}

// Names lists the networks.
func Names() []string {
	var names []string
	for _, n := range networks {
		names = append(names, n.name)
	}
	return names
}

// Usual is the network that is usual for images of a size: resnet20 up to 64 x 64, else
// resnet50.
func Usual(in Input) string {
	if max(in.Height, in.Width) <= 64 {
		return "resnet20"
	}
	return "resnet50"
}

// Build makes the network of a name, with the input Image and the output Logits, and its
// parameters zero until Init. Errors: ErrName, with the names there are; those of
// nn.Graph.Build where images are too small for the network.
func Build(name string, in Input, classes int) (*nn.Net, error) {
	for _, n := range networks {
		if n.name == name {
			g := nn.New(name)
			return g.Output(Logits, n.declare(g.Map(Image, in.Channels, in.Height, in.Width), classes)).Build()
		}
	}
	return nil, fmt.Errorf("arch: %w: %q; there are %s", ErrName, name, strings.Join(Names(), ", "))
}
