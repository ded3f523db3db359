// Package workload has the training steps that dist/bench measures: real networks of
// package zoo with their losses and optimisers, on noise in place of data.
//
//	step, err := workload.New("resnet20", 64)
//	…
//	defer step.Close()
//	err = step.Run(0)
//
// A step is a list of parts, each the run of one program, since a GAN trains two nets in
// turns. Who shares the step among ranks puts a reduction between a part's run and its
// update.
package workload
