package workload

import (
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

// resnet20 is the one for images of 32 x 32.
func resnet20(batch int, options ...nn.Option) ([]Part, error) {
	const classes = 10
	g := nn.New("resnet20")
	return classifier(g, zoo.CIFARResNet(g.Map("image", 3, 32, 32), 3, classes, zoo.CIFAROptions{}), classes, batch, options)
}

// resnet50 is the one for images of 224 x 224.
func resnet50(batch int, options ...nn.Option) ([]Part, error) {
	const classes = 1000
	g := nn.New("resnet50")
	return classifier(g, zoo.ResNet50(g.Map("image", 3, 224, 224), classes, zoo.ResNetOptions{}), classes, batch, options)
}

// classifier trains with the cross entropy and with momentum.
func classifier(g *nn.Graph, logits nn.Vec, classes, batch int, options []nn.Option) ([]Part, error) {
	net, err := g.Loss("entropy", nn.SoftmaxCE(logits, g.Vec("label", 1))).Build()
	if err != nil {
		return nil, err
	}
	net.Init(seed)
	rule, err := optim.SGD{LR: 0.01, Momentum: 0.9}.New(net)
	if err != nil {
		return nil, err
	}
	program, err := compile(net, classes, append(options, nn.Train(net), nn.Batch(batch))...)
	if err != nil {
		return nil, err
	}
	return []Part{{Name: "forward and backward", Program: program, Net: net, Optimizer: rule}}, nil
}
