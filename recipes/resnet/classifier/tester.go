package classifier

import (
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/recipes/resnet/arch"
)

// Tester is the program that predicts. The net must stay as it is: after a step of its
// training another one has to be made. It is for one goroutine.
type Tester struct {
	program *nn.Program
	logits  []float32
}

// NewTester compiles the prediction of a net of package arch; options are further ones of
// the program, such as its workers. Errors: those of nn.Compile.
func NewTester(net *nn.Net, batch int, options ...nn.Option) (*Tester, error) {
	p, err := nn.Compile(net, append([]nn.Option{nn.Batch(batch), nn.Fixed()}, options...)...)
	if err != nil {
		return nil, err
	}
	logits, err := p.Output(arch.Logits)
	return &Tester{program: p, logits: logits}, err
}

// Logits are those of a batch of images, N x C x H x W, beginning at a multiple of 64 bytes:
// N x classes, valid until the next call. It does not allocate. Errors: nn.ErrShape.
func (t *Tester) Logits(pixels []float32) ([]float32, error) {
	if err := t.program.Bind(arch.Image, pixels); err != nil {
		return nil, err
	}
	return t.logits, t.program.Run(0)
}

// Close gives the memory back.
func (t *Tester) Close() { t.program.Close() }
