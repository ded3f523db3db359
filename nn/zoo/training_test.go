package zoo_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

const (
	trainedBatch   = 4
	trainedClasses = 10
)

// TestNetworksTrain takes one step forward and back on small images of noise: the first
// logits are of a size that a softmax can begin with, and the gradient reaches every
// parameter.
func TestNetworksTrain(t *testing.T) {
	const c = trainedClasses
	one := func(v nn.Vec) []nn.Vec { return []nn.Vec{v} }
	tests := []struct {
		name           string
		channels, size int // of the images
		declare        func(x nn.Map) []nn.Vec
	}{
		{"ResNet-18 with the stem of Caffe", 3, 32, func(x nn.Map) []nn.Vec { return one(zoo.ResNet18(x, c, zoo.ResNetOptions{CaffeStem: true})) }},
		{"ResNet-50", 3, 32, func(x nn.Map) []nn.Vec { return one(zoo.ResNet50(x, c, zoo.ResNetOptions{})) }},
		{"ResNet-20 A", 3, 32, func(x nn.Map) []nn.Vec { return one(zoo.CIFARResNet(x, 3, c, zoo.CIFAROptions{})) }},
		{"ResNet-20 B", 3, 32, func(x nn.Map) []nn.Vec { return one(zoo.CIFARResNet(x, 3, c, zoo.CIFAROptions{Project: true})) }},
		{"ResNet-20 of digits", 1, 28, func(x nn.Map) []nn.Vec { return one(zoo.CIFARResNet(x, 3, c, zoo.CIFAROptions{})) }},
		{"DenseNet-121", 3, 32, func(x nn.Map) []nn.Vec { return one(zoo.DenseNet121(x, c, zoo.DenseNetOptions{Dropout: 0.2})) }},
		{"VGG-16", 3, 32, func(x nn.Map) []nn.Vec { return one(zoo.VGG16(x, c, zoo.VGGOptions{})) }},
		{"AlexNet", 3, 67, func(x nn.Map) []nn.Vec { return one(zoo.AlexNet(x, c, zoo.AlexNetOptions{})) }},
		{"AlexNet, one weird trick", 3, 64, func(x nn.Map) []nn.Vec { return one(zoo.AlexNetOWT(x, c)) }},
		{"GoogLeNet", 3, 80, func(x nn.Map) []nn.Vec {
			logits, aux1, aux2 := zoo.GoogLeNetAux(x, c, zoo.GoogLeNetOptions{})
			return []nn.Vec{logits, aux1, aux2}
		}},
		{"GoogLeNet, normalised", 3, 80, func(x nn.Map) []nn.Vec {
			logits, aux1, aux2 := zoo.GoogLeNetAux(x, c, zoo.GoogLeNetOptions{BatchNorm: true})
			return []nn.Vec{logits, aux1, aux2}
		}},
		{"Inception V3", 3, 75, func(x nn.Map) []nn.Vec { return one(zoo.InceptionV3(x, c, zoo.InceptionOptions{})) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := nn.New("net")
			label := g.Vec("label", 1)
			for i, logits := range test.declare(g.Map("image", test.channels, test.size, test.size)) {
				name := []string{"logits", "aux1", "aux2"}[i]
				g.Output(name, logits).Loss(name+" loss", nn.SoftmaxCE(logits, label))
			}
			net, err := g.Build()
			require.NoError(t, err)
			p := compiled(t, net, nn.Train(net), nn.Batch(trainedBatch))
			noise(t, p, "image")
			classes(t, p, "label")
			require.NoError(t, p.Run(0))
			size := rms(output(t, p, "logits"))
			assert.Greater(t, size, 1e-3)
			assert.Less(t, size, 10.)
			for _, parameter := range net.Params() {
				if parameter.Grad == nil {
					continue
				}
				size := rms(parameter.Grad)
				assert.Greater(t, size, 0., parameter.Path)
				assert.Less(t, size, 1e3, parameter.Path)
			}
		})
	}
}

// noise fills an input with numbers of mean 0 and deviation 1.
func noise(t *testing.T, p *nn.Program, input string) {
	image, err := p.Input(input)
	require.NoError(t, err)
	r := philox.NewStream(1, 2)
	for i := range image {
		image[i] = float32(r.Normal())
	}
}

// classes fills an input with classes.
func classes(t *testing.T, p *nn.Program, input string) {
	label, err := p.Input(input)
	require.NoError(t, err)
	for i := range label {
		label[i] = float32(i % trainedClasses)
	}
}

// rms is the root of the mean square. It is NaN if any element is.
func rms(x []float32) float64 {
	sum := 0.
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(x)))
}

func compiled(t *testing.T, net *nn.Net, options ...nn.Option) *nn.Program {
	p, err := nn.Compile(net, options...)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

func output(t *testing.T, p *nn.Program, name string) []float32 {
	x, err := p.Output(name)
	require.NoError(t, err)
	return x
}
