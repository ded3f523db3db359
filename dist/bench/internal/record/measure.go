package record

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/cascade-hpc/cascade/dist/bench/internal/workload"
	"github.com/cascade-hpc/cascade/nn"
)

// Measure takes steps, of which the first is not counted: it fetches memory. Statistics
// and gradients are in the order in which a reduction of nn/train sends them.
func Measure(s *workload.Step, repeats int) (*Step, error) {
	if repeats < 1 {
		return nil, fmt.Errorf("record: %d repeats: at least 1 is expected", repeats)
	}
	watches := make([]*watch, len(s.Parts))
	for i, p := range s.Parts {
		watches[i] = newWatch(p)
	}
	for step := range repeats + 1 {
		if err := take(s, watches, uint64(step), step > 0); err != nil {
			return nil, err
		}
	}
	m := &Step{Name: s.Name, Batch: s.Batch, FLOPs: s.FLOPs(), Repeats: repeats, Memory: measureMemory()}
	m.Threads, m.CPU = machine()
	for _, w := range watches {
		m.Runs = append(m.Runs, w.run())
	}
	return m, m.check()
}

// take takes a step, and notes its times.
func take(s *workload.Step, watches []*watch, step uint64, count bool) error {
	for i, p := range s.Parts {
		w := watches[i]
		if err := p.Program.Notify(w.after, func(k int) { w.now[k] = time.Now() }); err != nil {
			return err
		}
		begin := time.Now()
		if err := p.Run(step); err != nil {
			return err
		}
		end := time.Now()
		p.Update()
		if count {
			w.note(begin, end, time.Now())
		}
	}
	return nil
}

// watch has the times of one part of the steps.
type watch struct {
	name   string
	finals []Final
	after  []int       // the primitives behind which they are final
	now    []time.Time // of the run that goes on
	// laps are the stretches of each run: to the first final, from each to the next, from
	// the last to the end of the run, and the update.
	laps [][]float64
}

func newWatch(p workload.Part) *watch {
	w := &watch{name: p.Name}
	if p.Net == nil {
		return w
	}
	type final struct {
		nn.Final
		exact bool
	}
	var all []final
	for _, f := range p.Program.FinalStatistics(p.Net) {
		all = append(all, final{f, true})
	}
	for _, f := range p.Program.FinalGradients(p.Net) {
		all = append(all, final{f, false})
	}
	slices.SortStableFunc(all, func(a, b final) int { return cmp.Compare(a.After, b.After) })
	for _, f := range all {
		w.finals = append(w.finals, Final{Path: f.Path, Bytes: 4 * (f.End - f.Begin), Exact: f.exact})
		w.after = append(w.after, f.After)
	}
	w.now = make([]time.Time, len(all))
	return w
}

func (w *watch) note(begin, end, updated time.Time) {
	var laps []float64
	for _, t := range append(slices.Clone(w.now), end, updated) {
		laps = append(laps, t.Sub(begin).Seconds())
		begin = t
	}
	w.laps = append(w.laps, laps)
}

// run has the medians of all stretches, one by one.
func (w *watch) run() Run {
	r := Run{Name: w.name, Finals: w.finals}
	at := 0.
	for k := range w.finals {
		at += w.median(k)
		r.Finals[k].At = at
	}
	r.Length = at + w.median(len(w.finals))
	r.Update = w.median(len(w.finals) + 1)
	totals := make([]float64, len(w.laps))
	for i, laps := range w.laps {
		for _, t := range laps {
			totals[i] += t
		}
	}
	middle := Median(totals)
	for _, t := range totals {
		r.Ratios = append(r.Ratios, t/middle)
	}
	return r
}

func (w *watch) median(k int) float64 {
	times := make([]float64, len(w.laps))
	for i, laps := range w.laps {
		times[i] = laps[k]
	}
	return Median(times)
}

// Median is the middle one of some numbers, or the mean of the two that are.
func Median(times []float64) float64 {
	sorted := slices.Sorted(slices.Values(times))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
