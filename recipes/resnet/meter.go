package main

import (
	"fmt"
	"io"
	"time"

	"github.com/cascade-hpc/cascade/nn"
)

// meter times the steps of a training from the second on; the first fetches memory from
// the system. One without a program times nothing.
type meter struct {
	program *nn.Program
	begun   bool
	steps   int
	took    time.Duration
}

// step counts one that began at a time, waiting for its data included.
func (m *meter) step(began time.Time) {
	switch {
	case m.program == nil:
	case m.begun:
		m.steps++
		m.took += time.Since(began)
	default:
		m.begun = true
		m.program.StartProfile()
	}
}

// print says where the time went, and what share of what the machine can do came out.
func (m *meter) print(out io.Writer) error {
	if m.steps == 0 {
		_, err := fmt.Fprintln(out, "no profile: two steps are needed")
		return err
	}
	p, err := m.program.Profile()
	if err != nil {
		return err
	}
	each := m.took.Seconds() / float64(m.steps)
	rate := float64(m.program.FLOPs()) / each
	fmt.Fprintf(out, "%v\n%d steps of %.1f ms, data and updates included: %.0f images a second, %.0f GFLOP/s",
		p, m.steps, 1e3*each, float64(m.program.Batch())/each, rate/1e9)
	if p.Roofline.FLOPs > 0 {
		fmt.Fprintf(out, ", %.0f%% of the %.0f that %d threads can do", 100*rate/p.Roofline.FLOPs, p.Roofline.FLOPs/1e9, p.Workers)
	}
	_, err = fmt.Fprintln(out)
	return err
}
