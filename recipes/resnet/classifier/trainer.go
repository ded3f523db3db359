package classifier

import (
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/recipes/resnet/arch"
)

// Config is how a network is trained.
type Config struct {
	Batch     int         // images in a batch
	Seed      uint64      // of dropout, where the network has it
	Smoothing float64     // share of a label's weight that goes to all classes: see nn.SmoothSoftmaxCE
	Options   []nn.Option // of the program beside those, such as its workers
}

// Metrics are the names of what Trainer.Metrics tells: the mean cross entropy of a batch,
// smoothing included, and the share of its images that are classified wrongly.
var Metrics = []string{"loss", "error %"}

// The inputs and outputs of the program, beside those of the net.
const (
	label        = "label" // N x 1
	crossEntropy = "cross entropy"
)

// Trainer is the program that finds gradients. It is for one goroutine.
type Trainer struct {
	program *nn.Program
	labels  []float32 // of the last run
	logits  []float32
	loss    []float32
}

// NewTrainer compiles the step for a net of package arch and images of the size it was
// built for. Errors: those of nn.Compile, and of nn.Graph.Build.
func NewTrainer(net *nn.Net, in arch.Input, c Config) (*Trainer, error) {
	g := nn.New("training")
	image := g.Map(arch.Image, in.Channels, in.Height, in.Width)
	logits := net.Apply(g, image).Vec(arch.Logits)
	step, err := g.Output(arch.Logits, logits).
		Loss(crossEntropy, nn.SmoothSoftmaxCE(logits, g.Vec(label, 1), c.Smoothing)).Build()
	if err != nil {
		return nil, err
	}
	t := &Trainer{}
	if t.program, err = nn.Compile(step, append([]nn.Option{nn.Train(net), nn.Batch(c.Batch), nn.Seed(c.Seed)}, c.Options...)...); err != nil {
		return nil, err
	}
	if t.logits, err = t.program.Output(arch.Logits); err != nil {
		return nil, err
	}
	t.loss, err = t.program.Output(crossEntropy)
	return t, err
}

// Run finds the gradient for a batch of images, N x C x H x W, and labels, N classes from
// 0. Both begin at a multiple of 64 bytes, as those of a data.Batch do, and must stay
// until Metrics. step counts from 0 through the whole training. It does not allocate.
// Errors: nn.ErrShape.
func (t *Trainer) Run(step uint64, pixels, labels []float32) error {
	if err := t.program.Bind(arch.Image, pixels); err != nil {
		return err
	}
	if err := t.program.Bind(label, labels); err != nil {
		return err
	}
	t.labels = labels
	return t.program.Run(step)
}

// Metrics tells how good the net was in the last run, in the order of [Metrics].
func (t *Trainer) Metrics(metrics []float64) {
	wrong, classes := 0, len(t.logits)/len(t.labels)
	for i, y := range t.labels {
		if first(t.logits[i*classes:(i+1)*classes]) != int(y) {
			wrong++
		}
	}
	metrics[0], metrics[1] = float64(t.loss[0]), 100*float64(wrong)/float64(len(t.labels))
}

// first is the class with the largest logit, the first of equals.
func first(logits []float32) int {
	best := 0
	for c, v := range logits {
		if v > logits[best] {
			best = c
		}
	}
	return best
}

// Program is the compiled step, to be explained and profiled.
func (t *Trainer) Program() *nn.Program { return t.program }

// Close gives the memory back.
func (t *Trainer) Close() { t.program.Close() }
