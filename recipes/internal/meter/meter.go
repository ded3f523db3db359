package meter

import (
	"fmt"
	"io"
	"time"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/ops"
)

// Meter times the steps of a training from the second on; the first fetches memory from
// the system. A nil one times nothing.
type Meter struct {
	batch    int
	unit     string
	programs []*nn.Program
	begun    bool
	steps    int
	took     time.Duration
}

// New is for steps that train on a batch of so many of something, such as "images", and run
// the programs.
func New(batch int, unit string, programs ...*nn.Program) *Meter {
	return &Meter{batch: batch, unit: unit, programs: programs}
}

// Step takes note of one that began at a time, and is over.
func (m *Meter) Step(began time.Time) {
	switch {
	case m == nil:
	case m.begun:
		m.steps++
		m.took += time.Since(began)
	default:
		m.begun = true
		for _, p := range m.programs {
			p.StartProfile()
		}
	}
}

// Print prints a table for each program, and then how long a step took with all that it
// does between programs and after them: waiting for data, updates, copies. FLOPs are those
// of the programs.
func (m *Meter) Print(w io.Writer) error {
	if m.steps == 0 {
		_, err := fmt.Fprintln(w, "no profile: two steps are needed")
		return err
	}
	var (
		primitives time.Duration
		flops      float64
		workers    int
		roofline   ops.Roofline // of the pool, which all programs share
	)
	for _, p := range m.programs {
		r, err := p.Profile()
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(w, r); err != nil {
			return err
		}
		primitives += r.Time - r.Outside()
		flops += float64(r.Runs) * float64(p.FLOPs())
		workers, roofline = r.Workers, r.Roofline
	}
	seconds := m.took.Seconds()
	fmt.Fprintf(w, "%d steps of %.1f ms, %.1f%% of it in primitives: %.1f %s a second, %.1f GFLOP/s",
		m.steps, 1e3*seconds/float64(m.steps), 100*primitives.Seconds()/seconds,
		float64(m.steps*m.batch)/seconds, m.unit, flops/seconds/1e9)
	if roofline.FLOPs > 0 {
		fmt.Fprintf(w, ", %.0f%% of the %.0f that %d threads can do", 100*flops/seconds/roofline.FLOPs, roofline.FLOPs/1e9, workers)
	}
	_, err := fmt.Fprintln(w)
	return err
}
