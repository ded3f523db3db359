package gan

import (
	"fmt"
	"io"
	"time"

	"github.com/cascade-hpc/cascade/nn"
)

// timing is how long the steps after the first take; the first fetches memory from the
// system.
type timing struct {
	begun bool
	steps int
	took  time.Duration
}

// StartProfile times the steps after the next.
func (t *Trainer) StartProfile() { t.timing = &timing{} }

// timed takes note of a step that began at a time.
func (t *Trainer) timed(begin time.Time) {
	switch {
	case t.timing == nil:
	case t.timing.begun:
		t.timing.steps++
		t.timing.took += time.Since(begin)
	default:
		t.timing.begun = true
		for _, p := range t.programs() {
			p.StartProfile()
		}
	}
}

// programs are those that a step runs.
func (t *Trainer) programs() []*nn.Program {
	return []*nn.Program{t.fakes.Program, t.critic.Program, t.forge.Program}
}

// PrintProfile prints where the time of the steps went since StartProfile.
func (t *Trainer) PrintProfile(w io.Writer) error {
	if t.timing == nil || t.timing.steps == 0 {
		_, err := fmt.Fprintln(w, "no profile: two steps are needed")
		return err
	}
	var primitives time.Duration
	for _, p := range t.programs() {
		r, err := p.Profile()
		if err != nil {
			return err
		}
		fmt.Fprintln(w, r)
		primitives += r.Time - r.Outside()
	}
	_, err := fmt.Fprintf(w, "%d steps of %.1f ms: %.2f%% of it in primitives, the rest in optimizers, averages, labels and copies\n",
		t.timing.steps, t.timing.took.Seconds()*1e3/float64(t.timing.steps), 100*primitives.Seconds()/t.timing.took.Seconds())
	return err
}
