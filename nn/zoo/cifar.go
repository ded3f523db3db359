package zoo

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/internal/ir"
)

// CIFAROptions are the choices that [CIFARResNet] leaves. The zero value is the network of
// the paper.
type CIFAROptions struct {
	// Project makes the shortcut between stages a convolution of 1x1 with
	// normalisation, the paper's option B. By default it is option A, which has no
	// parameters: every second pixel, and channels of zeros for those that are missing.
	Project bool
	// ZeroInit says which blocks begin as the identity. In the first block of a stage that
	// needs Project: otherwise the new channels, zeros by both ways, would never be more,
	// since a rectifier passes no gradient at 0.
	ZeroInit ZeroInit
	// Norm is by default momentum 0.9 and epsilon 1e-5.
	Norm Norm
}

// CIFARResNet is the residual network of 6n + 2 layers for small images (He et al., CVPR
// 2016, section 4.2): from N x 3 x 32 x 32, or N x 1 x 28 x 28, or other sizes, to the
// logits of the classes. n is 3, 5, 7, 9 and 18 in the paper: ResNet-20, 32, 44, 56 and
// 110. Of images of 32 x 32 it has 269,722 parameters for n = 3 and 10 classes.
func CIFARResNet(x nn.Map, n, classes int, o CIFAROptions) nn.Vec {
	if n < 1 {
		err := fmt.Errorf("%w: %d blocks a stage: there must be at least 1", nn.ErrShape, n)
		return nn.Apply(ir.Mistake{Setter: "CIFARResNet", Err: err, Site: ir.Caller()}, x).Vec()
	}
	if !o.Project && (o.ZeroInit == ZeroInAll || o.ZeroInit == ZeroInLast && n == 1) {
		err := fmt.Errorf("%w: with ZeroInit in the first block of a stage, shortcuts without parameters leave the new channels 0 for ever: Project is needed", nn.ErrShape)
		return nn.Apply(ir.Mistake{Setter: "CIFARResNet", Err: err, Site: ir.Caller()}, x).Vec()
	}
	h := o.norm().relu(x, 16, nn.K(3, 3).Pad(1, 1))
	for i := range 3 {
		h = stage(h, i, n, 16<<i, min(i, 1)+1, o.ZeroInit, o.block)
	}
	return h.GlobalAvgPool().Dense(classes, nn.Init(nn.HeNormal)).As("logits")
}

func (o CIFAROptions) norm() Norm { return o.Norm.or(0.9, 1e-5) }

// block is two convolutions of 3x3.
func (o CIFAROptions) block(x nn.Map, width, stride int, last nn.BatchNormOption) nn.Map {
	n := o.norm()
	short := x
	switch {
	case o.Project:
		short = project(n, x, width, stride)
	case stride > 1:
		short = x.AvgPool(nn.K(1, 1).Stride(stride, stride))
		short = short.Concat(short.Scale(0))
	}
	h := n.relu(x, width, nn.K(3, 3).Stride(stride, stride).Pad(1, 1))
	return n.conv(h, width, nn.K(3, 3).Pad(1, 1), last).Add(short).ReLU()
}
