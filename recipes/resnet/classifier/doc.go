// Package classifier has the two programs of a network that tells classes apart: the step
// that trains it, and the prediction that tests it.
//
//	trainer, err := classifier.NewTrainer(net, input, classifier.Config{Batch: 128, Seed: seed})
//	err = trainer.Run(step, pixels, labels) // net.Gradients() holds the gradient
//	optimizer.Step()
//
//	tester, err := classifier.NewTester(net, 128)
//	logits, err := tester.Logits(pixels)
//
// Nets are those of package arch. Batches of package data are read where they are.
package classifier
