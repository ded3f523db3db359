package zoo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

const (
	batch   = 4
	classes = 10
)

// small are networks for images as small as they can take, or nearly.
var small = []struct {
	name           string
	channels, size int // of the images
	declare        func(x nn.Map) []nn.Vec
}{
	{"ResNet-18 with the stem of Caffe", 3, 32, func(x nn.Map) []nn.Vec {
		return []nn.Vec{zoo.ResNet18(x, classes, zoo.ResNetOptions{CaffeStem: true})}
	}},
	{"ResNet-50", 3, 32, func(x nn.Map) []nn.Vec { return []nn.Vec{zoo.ResNet50(x, classes, zoo.ResNetOptions{})} }},
	{"ResNet-20 A", 3, 32, func(x nn.Map) []nn.Vec { return []nn.Vec{zoo.CIFARResNet(x, 3, classes, zoo.CIFAROptions{})} }},
	{"ResNet-20 B", 3, 32, func(x nn.Map) []nn.Vec {
		return []nn.Vec{zoo.CIFARResNet(x, 3, classes, zoo.CIFAROptions{Project: true})}
	}},
	{"ResNet-20 of digits", 1, 28, func(x nn.Map) []nn.Vec { return []nn.Vec{zoo.CIFARResNet(x, 3, classes, zoo.CIFAROptions{})} }},
	{"DenseNet-121", 3, 32, func(x nn.Map) []nn.Vec {
		return []nn.Vec{zoo.DenseNet121(x, classes, zoo.DenseNetOptions{Dropout: 0.2})}
	}},
	{"VGG-16", 3, 32, func(x nn.Map) []nn.Vec { return []nn.Vec{zoo.VGG16(x, classes, zoo.VGGOptions{})} }},
	{"AlexNet", 3, 67, func(x nn.Map) []nn.Vec { return []nn.Vec{zoo.AlexNet(x, classes, zoo.AlexNetOptions{})} }},
	{"AlexNet, one weird trick", 3, 64, func(x nn.Map) []nn.Vec { return []nn.Vec{zoo.AlexNetOWT(x, classes)} }},
	{"GoogLeNet", 3, 80, func(x nn.Map) []nn.Vec {
		logits, aux1, aux2 := zoo.GoogLeNetAux(x, classes, zoo.GoogLeNetOptions{})
		return []nn.Vec{logits, aux1, aux2}
	}},
	{"GoogLeNet, normalised", 3, 80, func(x nn.Map) []nn.Vec {
		logits, aux1, aux2 := zoo.GoogLeNetAux(x, classes, zoo.GoogLeNetOptions{BatchNorm: true})
		return []nn.Vec{logits, aux1, aux2}
	}},
	{"Inception V3", 3, 75, func(x nn.Map) []nn.Vec { return []nn.Vec{zoo.InceptionV3(x, classes, zoo.InceptionOptions{})} }},
}

// TestSmallNetworks builds each once: that takes longer than what is asked of it.
func TestSmallNetworks(t *testing.T) {
	want := pyTorchs(t)
	require.Len(t, small, len(want))
	for _, network := range small {
		t.Run(network.name, func(t *testing.T) {
			g := nn.New("net")
			label := g.Vec("label", 1)
			for i, logits := range network.declare(g.Map("image", network.channels, network.size, network.size)) {
				name := []string{"logits", "aux1", "aux2"}[i]
				g.Output(name, logits).Loss(name+" loss", nn.SoftmaxCE(logits, label))
			}
			net := built(t, g)
			t.Run("train", func(t *testing.T) { trains(t, net) })
			t.Run("compute what PyTorch does", func(t *testing.T) { agrees(t, net, want[network.name]) })
		})
	}
}

// built is the net of a declaration. Under the race detector drawing the weights of a large
// one takes too long, and nothing runs beside anything that small ones do not run.
func built(t *testing.T, g *nn.Graph) *nn.Net {
	if underRaceDetector && countsOf(t, g, false).parameters > 10_000_000 {
		t.Skip("too large for the race detector")
	}
	net, err := g.Build()
	require.NoError(t, err)
	return net
}
