// Package optim updates the parameters of a network from their gradients: SGD,
// RMSprop, Adam and AdamW.
//
// A network keeps all its parameters in one flat buffer and their gradients in a
// twin (see [Params]), so an update is one pass over flat memory: each element of
// weights, gradients and state is read once and written once, in blocks that the
// workers share. A step allocates nothing, and its result is the same bits for
// any number of threads.
//
//	opt, err := optim.RMSprop{LR: 1e-3, Rho: 0.9, Eps: 1e-7}.New(net)
//	…
//	program.Run() // fills the gradients
//	opt.Step()
//
// A rule is a struct of its settings ([SGD], [RMSprop], [Adam], [AdamW]) whose
// zero fields mean PyTorch's defaults; New ties it to parameters and gives an
// [Optimizer], the same type for every rule.
//
// # Numbers
//
// State and updates are float32, as in PyTorch; coefficients that depend on the
// step are computed in float64 and rounded once. p is a parameter, g its gradient,
// t the number of the step from 1. In every rule but AdamW, weight decay λ adds
// the gradient of λ/2 p² to g, as Krogh and Hertz (NIPS 1991) have it.
package optim
