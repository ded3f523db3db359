package main

import "github.com/cascade-hpc/cascade/recipes/internal/runlog"

// plotLosses draws the course of a training from its log: the losses by which the two
// nets contend, and the metric of the physics.
func plotLosses(log, picture string) error {
	l, err := runlog.Read(log)
	if err != nil {
		return err
	}
	return l.Plot(picture, "training", "loss", "d real", "d fake", "g real", bestBy)
}
