package zoo_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

// TestMistakesNameTheLine: what cannot be is reported by Build, with the caller's line.
func TestMistakesNameTheLine(t *testing.T) {
	tests := []struct {
		name    string
		declare func(g *nn.Graph) nn.Vec
		says    string
	}{
		{"no blocks", func(g *nn.Graph) nn.Vec {
			return zoo.CIFARResNet(g.Map("image", 3, 32, 32), 0, 10, zoo.CIFAROptions{})
		}, "CIFARResNet: shape error: 0 blocks a stage: there must be at least 1"},
		{"blocks whose new channels would be dead", func(g *nn.Graph) nn.Vec {
			return zoo.CIFARResNet(g.Map("image", 3, 32, 32), 3, 10, zoo.CIFAROptions{ZeroInit: zoo.ZeroInAll})
		}, "leave the new channels 0 for ever: Project is needed"},
		{"no classes", func(g *nn.Graph) nn.Vec { return zoo.ResNet50(photo(g), 0, zoo.ResNetOptions{}) }, "Dense \"logits\": shape error: 0 units"},
		{"an image too small to be pooled so often", func(g *nn.Graph) nn.Vec {
			return zoo.VGG16(g.Map("image", 3, 16, 16), 10, zoo.VGGOptions{})
		}, "MaxPool \"block5/max_pool_1\": shape error: kernel 2x2 is larger than the padded input 1x1"},
		{"an image too small for the kernels", func(g *nn.Graph) nn.Vec {
			return zoo.InceptionV3(g.Map("image", 3, 74, 75), 10, zoo.InceptionOptions{})
		}, "is larger than the padded input"},
		{"momentum above 1", func(g *nn.Graph) nn.Vec {
			return zoo.DenseNet121(photo(g), 10, zoo.DenseNetOptions{Norm: zoo.Norm{Momentum: 2}})
		}, "BatchNorm \"batch_norm_1\": shape error: momentum 2"},
		{"dropout of everything", func(g *nn.Graph) nn.Vec {
			return zoo.DenseNet121(photo(g), 10, zoo.DenseNetOptions{Dropout: 1})
		}, "Dropout \"dense1_1/dropout_1\": shape error: rate 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := nn.New("net")
			_, err := g.Output("logits", test.declare(g)).Build()
			assert.ErrorIs(t, err, nn.ErrShape)
			assert.ErrorContains(t, err, test.says)
			assert.ErrorContains(t, err, "mistakes_test.go:")
		})
	}
}
