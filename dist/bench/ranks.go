package main

import "github.com/cascade-hpc/cascade/dist"

// onRanks calls work on every rank: goroutines if a number of them is given, the
// processes of the launcher for 0.
func onRanks(goroutines int, work func(c *dist.Comm) error) error {
	if goroutines > 0 {
		return dist.Run(goroutines, work)
	}
	c, err := dist.Init()
	if err != nil {
		return err
	}
	if err := work(c); err != nil {
		if c.Size() > 1 {
			c.Abort(1, err.Error()) // the others wait for this rank, and would for ever
		}
		return err
	}
	return c.Close()
}
