// Package op holds the operations of the language: what [ir.Op] is for
// convolution, batch normalisation, losses and the rest, forward and backward.
//
//	g := &ir.Graph{Name: "classifier"}
//	x := g.Leaf(ir.Leaf{Type: ir.Sample(1, 28, 28), Input: "image"})
//	x = g.Emit(op.Conv{Filters: 8, Groups: 1, Window: window, Bias: true}, x)
//	x = g.Emit(op.Activation{Fn: ops.Activation{Kind: ops.ReLU}}, x)
//
// An operation says, in the order in which it is asked: which parameters it needs
// (Variables), which shape its result has or why it cannot be applied (Infer),
// which operations compute its gradient (Gradient), and which primitive of
// package ops does the work for a batch of known size (Lower).
//
// Errors wrap [ir.ErrShape] or [ir.ErrUnsupported] and say what was found and what
// is needed. They do not name the operation or its place: the graph does.
//
// Convolution, deconvolution and the dense layer are affine in the same way, and
// share their backward operations (affine.go). Exported types are what a network is
// declared with, and what the compiler looks for; the operations of the backward
// pass are known by their kind: "ConvBackwardData".
package op
