package ops

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxCores is the number of cores that an affinity can tell apart.
const maxCores = 1024

// spreadCores chooses a core for each worker from those that the process may use.
func spreadCores(compact bool, workers int) ([]int, error) {
	allowed, err := allowedCores()
	if err != nil {
		return nil, err
	}
	order := readTopology(systemDevices, allowed).order(compact)
	cores := make([]int, workers)
	for i := range cores {
		cores[i] = order[i%len(order)]
	}
	return cores, nil
}

// listedCores reads a list of cores, one for each worker; 0 workers are as many as there are.
func listedCores(text string, workers int) ([]int, error) {
	cores, err := parseCores(text)
	if err != nil {
		return nil, fmt.Errorf("none, compact, scatter or a list of cores like 0-3,8 is expected: %w", err)
	}
	allowed, err := allowedCores()
	if err != nil {
		return nil, err
	}
	for i, c := range cores {
		if !slices.Contains(allowed, c) {
			return nil, fmt.Errorf("the process may not use core %d: it has %s", c, formatCores(allowed))
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

// parseCores reads a list in the kernel's notation: "0-3,8,10-12".
func parseCores(text string) ([]int, error) {
	var cores []int
	for _, item := range strings.Split(strings.TrimSpace(text), ",") {
		first, last, isRange := strings.Cut(item, "-")
		lo, err := strconv.Atoi(first)
		hi := lo
		if err == nil && isRange {
			hi, err = strconv.Atoi(last)
		}
		if err != nil || lo < 0 || hi < lo || hi >= maxCores {
			return nil, fmt.Errorf("%q is no core and no range of cores from 0 to %d", item, maxCores-1)
		}
		for c := lo; c <= hi; c++ {
			cores = append(cores, c)
		}
	}
	return cores, nil
}

// formatCores writes a sorted list in the kernel's notation.
func formatCores(cores []int) string {
	var items []string
	for i := 0; i < len(cores); {
		j := i
		for j+1 < len(cores) && cores[j+1] == cores[j]+1 {
			j++
		}
		item := strconv.Itoa(cores[i])
		if j > i {
			item += "-" + strconv.Itoa(cores[j])
		}
		items = append(items, item)
		i = j + 1
	}
	return strings.Join(items, ",")
}
