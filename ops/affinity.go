package ops

import (
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/internal/cpu"
)

// spreadCores chooses a core for each worker from those that the process may use.
func spreadCores(compact bool, workers int) ([]int, error) {
	allowed, err := cpu.Allowed()
	if err != nil {
		return nil, err
	}
	order := cpu.Read(cpu.System, allowed).Order(compact)
	cores := make([]int, workers)
	for i := range cores {
		cores[i] = order[i%len(order)]
	}
	return cores, nil
}

// listedCores reads a list of cores, one for each worker; 0 workers are as many as there are.
func listedCores(text string, workers int) ([]int, error) {
	cores, err := cpu.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("none, compact, scatter or a list of cores like 0-3,8 is expected: %w", err)
	}
	allowed, err := cpu.Allowed()
	if err != nil {
		return nil, err
	}
	for i, c := range cores {
		if !slices.Contains(allowed, c) {
			return nil, fmt.Errorf("the process may not use core %d: it has %s", c, cpu.Format(allowed))
		}
		if slices.Contains(cores[:i], c) {
			return nil, fmt.Errorf("core %d is listed twice", c)
		}
	}
	if workers > len(cores) {
		return nil, fmt.Errorf("%d cores are listed for %d workers: at least as many are expected", len(cores), workers)
	}
	if workers > 0 {
		cores = cores[:workers]
	}
	return cores, nil
}
