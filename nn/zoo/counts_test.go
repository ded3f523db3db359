package zoo_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

// counts are what tables compare networks by.
type counts struct {
	parameters int // trained
	macs       int // multiply-adds forward, with those in the padding, as tables count
	inside     int // those that there are
}

type countsTest struct {
	name    string
	biased  bool // convolutions have biases
	declare func(g *nn.Graph) nn.Vec
	want    counts
}

// TestCountsArePyTorchs compares with the networks of torchvision 0.14, counted by hooks on
// their convolutions and dense layers.
func TestCountsArePyTorchs(t *testing.T) {
	compareCounts(t, []countsTest{
		{"ResNet-18", false, func(g *nn.Graph) nn.Vec { return zoo.ResNet18(photo(g), 1000, zoo.ResNetOptions{}) }, counts{11_689_512, 1_814_073_344, 1_680_390_912}},
		{"ResNet-34", false, func(g *nn.Graph) nn.Vec { return zoo.ResNet34(photo(g), 1000, zoo.ResNetOptions{}) }, counts{21_797_672, 3_663_761_408, 3_374_922_496}},
		{"ResNet-50", false, func(g *nn.Graph) nn.Vec { return zoo.ResNet50(photo(g), 1000, zoo.ResNetOptions{}) }, counts{25_557_032, 4_089_184_256, 3_948_251_904}},
		{"ResNet-101", false, func(g *nn.Graph) nn.Vec { return zoo.ResNet101(photo(g), 1000, zoo.ResNetOptions{}) }, counts{44_549_160, 7_801_405_440, 7_477_758_720}},
		{"ResNet-152", false, func(g *nn.Graph) nn.Vec { return zoo.ResNet152(photo(g), 1000, zoo.ResNetOptions{}) }, counts{60_192_808, 11_513_626_624, 11_028_499_200}},
		{"Wide ResNet-50-2", false, func(g *nn.Graph) nn.Vec { return zoo.WideResNet50(photo(g), 1000, zoo.ResNetOptions{}) }, counts{68_883_240, 11_398_021_120, 10_839_689_984}},
		{"DenseNet-121", false, func(g *nn.Graph) nn.Vec { return zoo.DenseNet121(photo(g), 1000, zoo.DenseNetOptions{}) }, counts{7_978_856, 2_834_161_664, 2_778_262_272}},
		{"CheXNet", false, func(g *nn.Graph) nn.Vec { return zoo.DenseNet121(photo(g), 14, zoo.DenseNetOptions{}) }, counts{6_968_206, 2_833_152_000, 2_777_252_608}},
		{"VGG-16", true, func(g *nn.Graph) nn.Vec { return zoo.VGG16(photo(g), 1000, zoo.VGGOptions{}) }, counts{138_357_544, 15_470_264_320, 14_969_824_000}},
		{"VGG-16, normalised", true, func(g *nn.Graph) nn.Vec { return zoo.VGG16(photo(g), 1000, zoo.VGGOptions{BatchNorm: true}) }, counts{138_365_992, 15_470_264_320, 14_969_824_000}},
		{"AlexNet, one weird trick", true, func(g *nn.Graph) nn.Vec { return zoo.AlexNetOWT(photo(g), 1000) }, counts{61_100_840, 714_188_480, 657_918_720}},
		{"GoogLeNet, normalised", false, func(g *nn.Graph) nn.Vec { return zoo.GoogLeNet(photo(g), 1000, zoo.GoogLeNetOptions{BatchNorm: true}) }, counts{6_624_904, 1_498_376_192, 1_434_527_488}},
		{"Inception V3", false, func(g *nn.Graph) nn.Vec {
			return zoo.InceptionV3(g.Map("image", 3, 299, 299), 1000, zoo.InceptionOptions{})
		}, counts{23_834_568, 5_713_216_096, 5_467_931_232}},
	})
}

// TestCountsAreThePublished is for networks that torchvision has not: PyTorch's numbers for
// declarations of the published tables and files.
func TestCountsAreThePublished(t *testing.T) {
	colour := func(n int, o zoo.CIFAROptions) func(g *nn.Graph) nn.Vec {
		return func(g *nn.Graph) nn.Vec { return zoo.CIFARResNet(g.Map("image", 3, 32, 32), n, 10, o) }
	}
	digits := func(n int) func(g *nn.Graph) nn.Vec {
		return func(g *nn.Graph) nn.Vec { return zoo.CIFARResNet(g.Map("image", 1, 28, 28), n, 10, zoo.CIFAROptions{}) }
	}
	alexNet := func(o zoo.AlexNetOptions) func(g *nn.Graph) nn.Vec {
		return func(g *nn.Graph) nn.Vec { return zoo.AlexNet(g.Map("image", 3, 227, 227), 1000, o) }
	}
	compareCounts(t, []countsTest{
		{"ResNet-50 v1", false, func(g *nn.Graph) nn.Vec { return zoo.ResNet50(photo(g), 1000, zoo.ResNetOptions{V1: true}) }, counts{25_557_032, 3_857_973_248, 3_698_805_504}},
		{"Wide ResNet-50-2 v1", false, func(g *nn.Graph) nn.Vec { return zoo.WideResNet50(photo(g), 1000, zoo.ResNetOptions{V1: true}) }, counts{68_883_240, 10_935_599_104, 10_304_326_400}},
		{"ResNet-20 A", false, colour(3, zoo.CIFAROptions{}), counts{269_722, 40_551_040, 36_957_504}},
		{"ResNet-20 B", false, colour(3, zoo.CIFAROptions{Project: true}), counts{272_474, 40_813_184, 37_219_648}},
		{"ResNet-56 A", false, colour(9, zoo.CIFAROptions{}), counts{853_018, 125_485_696, 113_892_672}},
		{"ResNet-8 of digits", false, digits(1), counts{75_002, 9_145_216, 8_347_840}},
		{"ResNet-14 of digits", false, digits(2), counts{172_218, 19_983_232, 18_024_640}},
		{"ResNet-20 of digits", false, digits(3), counts{269_434, 30_821_248, 27_701_440}},
		{"ResNet-32 of digits", false, digits(5), counts{463_866, 52_497_280, 47_055_040}},
		{"ResNet-56 of digits", false, digits(9), counts{852_730, 95_849_344, 85_762_240}},
		{"AlexNet", true, alexNet(zoo.AlexNetOptions{}), counts{60_965_224, 724_406_816, 671_322_656}},
		{"AlexNet, ungrouped", true, alexNet(zoo.AlexNetOptions{Ungrouped: true}), counts{62_378_344, 1_135_256_096, 1_044_029_984}},
		{"GoogLeNet", true, func(g *nn.Graph) nn.Vec { return zoo.GoogLeNet(photo(g), 1000, zoo.GoogLeNetOptions{}) }, counts{6_998_552, 1_582_671_872, 1_504_618_240}},
	})
}

func compareCounts(t *testing.T, tests []countsTest) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := nn.New(test.name)
			g.Output("logits", test.declare(g))
			assert.Equal(t, test.want, countsOf(t, g, test.biased))
		})
	}
}

// TestAuxiliaryClassifiersHaveThePublishedParameters: torchvision's, and Caffe's of
// GoogLeNet.
func TestAuxiliaryClassifiersHaveThePublishedParameters(t *testing.T) {
	for name, want := range map[string]int{"GoogLeNet": 13_378_280, "GoogLeNet, normalised": 13_004_888, "Inception V3": 27_161_264} {
		g := nn.New(name)
		if name == "Inception V3" {
			logits, aux := zoo.InceptionV3Aux(g.Map("image", 3, 299, 299), 1000, zoo.InceptionOptions{})
			g.Output("logits", logits).Output("aux", aux)
		} else {
			logits, aux1, aux2 := zoo.GoogLeNetAux(photo(g), 1000, zoo.GoogLeNetOptions{BatchNorm: name != "GoogLeNet"})
			g.Output("logits", logits).Output("aux1", aux1).Output("aux2", aux2)
		}
		assert.Equal(t, want, countsOf(t, g, false).parameters, name)
	}
}

// photo is an image of the size that most networks were made for.
func photo(g *nn.Graph) nn.Map { return g.Map("image", 3, 224, 224) }

// countsOf reads the summary of a declaration. All taps of a convolution are its weights,
// times its positions. Dense layers have biases.
func countsOf(t *testing.T, g *nn.Graph, biased bool) (c counts) {
	var b strings.Builder
	require.NoError(t, g.Summary(&b))
	for line := range strings.Lines(b.String()) {
		cells := strings.Split(strings.NewReplacer(" ", "", ",", "").Replace(line), "|")
		if len(cells) < 5 || cells[0] == "layer" {
			continue
		}
		kind, parameters := cells[1], number(t, cells[3])
		c.parameters += parameters
		c.inside += number(t, cells[4])
		if kind != "Conv" && kind != "Dense" {
			continue
		}
		channels, positions := volume(t, cells[2])
		weights := parameters
		if biased || kind == "Dense" {
			weights -= channels
		}
		c.macs += weights * positions
	}
	return c
}

// volume reads channels and positions of a shape, as in 64x112x112.
func volume(t *testing.T, shape string) (channels, positions int) {
	positions = 1
	for i, size := range strings.Split(shape, "x") {
		if i == 0 {
			channels = number(t, size)
		} else {
			positions *= number(t, size)
		}
	}
	return channels, positions
}

func number(t *testing.T, s string) int {
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}
