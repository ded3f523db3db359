package zoo_test

import (
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

// What a network costs is known before memory is taken for it.
func ExampleResNet50() {
	g := nn.New("resnet50")
	logits := zoo.ResNet50(g.Map("image", 3, 224, 224), 1000, zoo.ResNetOptions{})
	var summary strings.Builder
	err := g.Output("logits", logits).Summary(&summary)
	lines := strings.Split(strings.TrimSpace(summary.String()), "\n")
	fmt.Println(lines[len(lines)-1], err)
	// Output: 25,557,032 parameters, 53,120 running statistics, 3,948,251,904 multiply-adds a sample <nil>
}

func ExampleCIFARResNet() {
	g := nn.New("resnet20")
	logits := zoo.CIFARResNet(g.Map("image", 1, 28, 28), 3, 10, zoo.CIFAROptions{ZeroInit: zoo.ZeroInLast})
	net, err := g.Output("logits", logits).Build()
	fmt.Println(net.Size(), err)
	// Output: 269434 <nil>
}

// The classifiers on the way have losses of their own in training. Later the logits alone
// are asked for.
func ExampleGoogLeNetAux() {
	g := nn.New("googlenet")
	logits, aux1, aux2 := zoo.GoogLeNetAux(g.Map("image", 3, 96, 96), 10, zoo.GoogLeNetOptions{BatchNorm: true})
	net, err := g.Output("logits", logits).Output("aux1", aux1).Output("aux2", aux2).Build()
	fmt.Println(net.Size(), err)

	s := nn.New("step")
	out, label := net.Apply(s, s.Map("image", 3, 96, 96)), s.Vec("label", 1)
	s.Loss("entropy", nn.SoftmaxCE(out.Vec("logits"), label)).
		Loss("entropy 1", nn.SoftmaxCE(out.Vec("aux1"), label).Weight(0.3)).
		Loss("entropy 2", nn.SoftmaxCE(out.Vec("aux2"), label).Weight(0.3))
	step, err := s.Build()
	fmt.Println(step.Name(), err)
	// Output:
	// 6028478 <nil>
	// step <nil>
}
