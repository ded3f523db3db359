// Package optim updates the parameters of a network from their gradients: SGD,
// RMSprop, Adam and AdamW, and for large batches LARS and LAMB.
//
// A network keeps all its parameters in one flat buffer and their gradients in a
// twin (see [Params]), so an update is one pass over flat memory: each element of
// weights, gradients and state is read once and written once, in blocks that the
// workers share. A rule that needs norms first takes a second pass. A step allocates
// nothing, leaves the gradients alone, and its result is the same bits for any number
// of threads.
//
//	opt, err := optim.RMSprop{LR: 1e-3, Rho: 0.9, Eps: 1e-7}.New(net)
//	…
//	program.Run() // fills the gradients
//	opt.Step()
//
// A rule is a struct of its settings ([SGD], [RMSprop], [Adam], [AdamW], [LARS],
// [LAMB]) whose zero fields mean PyTorch's defaults, or the paper's; New ties it to parameters and
// gives an [Optimizer], the same type for every rule. What all rules can do besides is
// in [Options]: exceptions from weight decay, clipping, and several batches to an update:
//
//	opt, err := optim.LARS{LR: 4.8, Options: optim.Options{
//		NoDecay:    optim.Vectors, // no decay of biases and of batch normalisation
//		Accumulate: 8,             // batches to an update
//	}}.New(net)
//
// [EMA] and [SWA] make an [Average] of a net's weights over a training, which the net
// can take on to be validated or saved.
//
// # Numbers
//
// State and updates are float32, as in PyTorch; coefficients that depend on the
// step are computed in float64 and rounded once, and norms are added up in float64, in
// the order of blocks. p is a parameter, g its gradient,
// t the number of the update from 1. In SGD, RMSprop, Adam and LARS weight decay λ adds
// the gradient of λ/2 p² to g, as Krogh and Hertz (NIPS 1991) have it.
package optim
