// Package runlog reads the log of a training, the CSV file of train.Loop.Log, and draws
// columns of it over the epochs.
//
//	log, err := runlog.Read("out/log.csv")
//	err = log.Plot("out/losses.png", "training", "loss", "d real", "d fake")
package runlog
