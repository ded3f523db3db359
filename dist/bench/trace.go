package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
	"github.com/cascade-hpc/cascade/dist/bench/internal/workload"
	"github.com/cascade-hpc/cascade/internal/cli"
)

func runTrace(_ context.Context, out io.Writer, args []string) error {
	fs := cli.Flags("bench trace", `Measures on one process when in a training step each gradient is final, and what the
forward pass and the updates take: the medians of several steps, as JSON for 'bench scale'.`)
	net := fs.String("net", "resnet50", "`name` of the step: "+strings.Join(workload.Names(), ", "))
	batch := fs.Int("batch", 16, "samples of a step")
	repeats := fs.Int("repeats", 10, "steps that are measured, behind one that is not")
	file := fs.String("out", "", "JSON `file` to write")
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	switch {
	case *file == "":
		return fmt.Errorf("%w: --out: a file is needed", cli.ErrUsage)
	case !slices.Contains(workload.Names(), *net):
		return fmt.Errorf("%w: --net %q: %s are there", cli.ErrUsage, *net, strings.Join(workload.Names(), ", "))
	case *batch < 1 || *repeats < 1:
		return fmt.Errorf("%w: --batch %d --repeats %d: at least 1 is expected", cli.ErrUsage, *batch, *repeats)
	}
	step, err := workload.New(*net, *batch)
	if err != nil {
		return err
	}
	defer step.Close()
	m, err := record.Measure(step, *repeats)
	if err != nil {
		return err
	}
	if err := m.Write(*file); err != nil {
		return err
	}
	return printStep(out, m)
}

// printStep prints what was measured.
func printStep(out io.Writer, m *record.Step) error {
	fmt.Fprintf(out, "%s, %d samples: %.1f ms on %d threads of %s, %.1f GFLOP/s, %.2f MB to reduce\n",
		m.Name, m.Batch, 1e3*m.Seconds(), m.Threads, m.CPU, float64(m.FLOPs)/m.Seconds()/1e9, float64(m.Bytes())/1e6)
	fmt.Fprintf(out, "%-32s %9s %9s %9s %9s %9s %9s\n", "run", "ms", "first at", "half at", "last at", "update", "slowest")
	for _, r := range m.Runs {
		first, half, last := moments(r.Finals)
		fmt.Fprintf(out, "%-32s %9.2f %9.2f %9.2f %9.2f %9.2f %8.1f%%\n",
			r.Name, 1e3*r.Length, 1e3*first, 1e3*half, 1e3*last, 1e3*r.Update, 100*slices.Max(r.Ratios)-100)
	}
	_, err := fmt.Fprintf(out, "a core copies %.1f, scales %.1f, adds up %.1f GB/s\n", 1e-9/m.Memory.Copy, 1e-9/m.Memory.Scale, 1e-9/m.Memory.Add)
	return err
}

// moments are when the first gradient, half of their bytes, and the last are final.
func moments(finals []record.Final) (first, half, last float64) {
	all := 0
	for _, f := range finals {
		if !f.Exact {
			all += f.Bytes
		}
	}
	n := 0
	for _, f := range finals {
		if f.Exact {
			continue
		}
		if n == 0 {
			first = f.At
		}
		if n += f.Bytes; half == 0 && 2*n >= all {
			half = f.At
		}
		last = f.At
	}
	return first, half, last
}
