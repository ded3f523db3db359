// Package nn is the language in which networks are declared, and what becomes of
// a declaration: parameters, gradients and compiled programs.
//
// A network is declared on handles, small values that stand for a tensor of known
// shape: [Vec] (N, F), [Seq] (N, T, F), [Map] (N, C, H, W) and, in package conv3d,
// Vol (N, C, D, H, W). The batch N is chosen when a program is compiled.
//
//	g := nn.New("classifier")
//	h := g.Map("image", 1, 28, 28).
//		Conv(32, nn.K(3, 3).Same()).ReLU().MaxPool(nn.K(2, 2)).
//		Conv(64, nn.K(3, 3).Same()).ReLU().MaxPool(nn.K(2, 2)).
//		Flatten().Dense(128).ReLU().Dropout(0.5)
//	net, err := g.Output("logits", h.Dense(10)).Build()
//
// Nothing in a declaration returns an error or panics. Build reports all mistakes
// at once, each with the line of the program that made it.
//
// A [Net] owns its parameters. It can be applied inside other graphs, whose losses
// then train it:
//
//	t := nn.New("training")
//	logits := net.Apply(t, t.Map("image", 1, 28, 28)).Vec("logits")
//	step, err := t.Loss("digit", nn.SoftmaxCE(logits, t.Vec("label", 1))).Build()
//
//	program, err := nn.Compile(step, nn.Train(net), nn.Batch(64))
//	image, err := program.Input("image") // fill it, and the labels,
//	err = program.Run(0)                 // and net.Gradients() holds the gradient
//
// A [Program] is a list of primitives over one block of memory planned ahead; a
// run allocates nothing.
//
// New operations implement [Op], and usually [Differentiable], and are applied to
// handles with [Apply].
package nn
