// Package golden gives tests what PyTorch computed: inputs, outputs and
// gradients of convolutions, normalisation, pooling, activations, losses,
// recurrent cells and optimisers.
//
//	c := golden.Load(t, "conv3d_small")
//	x, w := c.F32("x"), c.F32("w")
//	stride := c.Ints("stride")
//	…
//	golden.Close(t, c.F32("y"), y, 0)
//
// A [Case] is one operation with its attributes and tensors; [Close] compares.
//
// # Names
//
// x, w, b are source, weights and bias; y the result; dy the gradient that is
// fed in; dx, dw, db the gradients that come out. Losses have x, target, loss and
// dx. Optimisers have p0, and grad and param of shape (5, n): a step's gradient
// and the parameters after it. Shapes and weights are PyTorch's: N, C, [D,] H, W;
// OC, IC/groups, K… for convolutions, and IC, OC/groups, K… for transposed ones.
package golden
