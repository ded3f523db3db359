// Package signs says early that a training is in trouble, once and in a sentence with the
// numbers, the place and what usually helps. Trainings in the loop of package train are
// watched without being asked; others call a [Watch] themselves:
//
//	var watch signs.Watch
//	watch.Begin([]signs.Member{{Net: net, Optimizer: adam}}, 0)
//	defer watch.End()
//	for step := range steps {
//		watch.Before()
//		… // run programs, step the optimizer
//		for _, sign := range watch.After() {
//			log.Print(sign)
//		}
//	}
//
// A false alarm is worse than silence: bounds are wide, and what depends on the task is
// left alone.
//
// # Inputs
//
// The first three batches of each input whose values a trained layer takes as they are
// (see [nn.Input]); targets, masks and what is normalised inside the net are not looked
// at. Said of a channel or feature with a root mean square above 30, since the curvature
// of the loss along the weights grows with its square and the largest stable learning
// rate falls with it (LeCun et al., Efficient BackProp, 1998, section 4.3); of an input
// whose values all lie within ±0.001; of a channel of which the mean is more than 100 times
// the deviation, unless it has two values only, as a mask has; and of an input that is the
// same number everywhere. Images in [0, 1] are far from all of these.
//
// # Learning rate
//
// Said when three quarters of the last 20 losses of a program are more than twice the largest
// of its first ten, or ten times the largest of its first 64 samples, or the loss is for
// five runs 100 times that large; not of trainings whose programs train different nets, for
// in a GAN one loss rises as the other falls. Said also when at two looks in a row a step
// changes the weights by more than half of their size in half of the layers: the usual
// thousandth is far away.
//
// The curvature of the loss is not compared with 2/rate, the bound of a quadratic function:
// healthy trainings move along just that bound (Cohen et al., ICLR 2021).
//
// # Dead ReLUs
//
// A unit of a layer behind which is a ReLU (see [nn.Rectified]) is dead if its gradient
// was exactly 0 for 1000 samples and 20 runs in a row. Said when more than half of a layer is
// dead, or 30% of it died in training: layers that get images which are not centred
// lose a third of their units at the start, and classify them all the same.
//
// # Gradient
//
// Said when a gradient, at a loss twice its mean, is 1000 times larger than any look found
// before and is not clipped; and when 20 runs have none at all while the loss is still more
// than a tenth of what it began with.
//
// # Not finite
//
// Where NaN or infinity came in first: an input, with its sample and element; a parameter,
// lost in an update; the gradient, with the last layer that has it; or the loss itself.
// Nothing more is said then, since all that follows is a consequence.
//
// # Cost
//
// After each run the last elements of the gradient, the losses, and the offsets of rectified
// layers are read. A look, at steps 1 to 3, 10, 20, 30, 40 and each 50th, reads inputs and
// gradients once, which takes 3 ms for the 25 million of a ResNet-50, and up to 4096 elements
// of each parameter twice. Nothing allocates until there is something to say, and no number
// of the training changes.
package signs
