package compile

import (
	"strings"
	"time"

	"github.com/cascade-hpc/cascade/ops"
)

// Profile is where the time of a program's runs goes.
type Profile struct {
	Program string
	Batch   int
	Workers int
	Runs    int
	Time    time.Duration // of all runs
	// Rows are the layers in the order in which they first run.
	Rows []ProfileRow
	// Roofline is what the workers can do at most, measured by this process.
	Roofline ops.Roofline
}

// ProfileRow is what a layer costs in one direction.
type ProfileRow struct {
	Layer      string
	Backward   bool     // its gradients
	Primitives []string // that compute it, and by which implementation
	Calls      int      // executions of primitives, of all runs, as all that follows
	Time       time.Duration
	FLOPs      int64
	Bytes      int64   // read and written at the least
	Share      float64 // of the time of the runs
	// Roofline is the least time that the primitives need by what the workers can do, as
	// a share of the time they took. Data that are in a cache bring it above 1. It is 0
	// where this build cannot tell.
	Roofline float64
}

// GFLOPS is the rate of floating-point operations, in 10⁹ a second.
func (r ProfileRow) GFLOPS() float64 { return rate(r.FLOPs, r.Time) }

// GBs is the rate of memory traffic at the least, in 10⁹ bytes a second.
func (r ProfileRow) GBs() float64 { return rate(r.Bytes, r.Time) }

func rate(n int64, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(n) / float64(d.Nanoseconds())
}

// Outside is the time of the runs that was spent outside of primitives.
func (p *Profile) Outside() time.Duration {
	t := p.Time
	for _, r := range p.Rows {
		t -= r.Time
	}
	return t
}

// profile times the runs of a program. A nil profile does nothing.
type profile struct {
	runs  int
	total time.Duration
	steps []time.Duration
}

func (p *profile) executed(step int, took time.Duration) {
	if p != nil {
		p.steps[step] += took
	}
}

func (p *profile) ran(took time.Duration) {
	if p != nil {
		p.runs++
		p.total += took
	}
}

// StartProfile times the runs from now on.
func (p *Program) StartProfile() { p.profile = &profile{steps: make([]time.Duration, len(p.steps))} }

// Profile is what was timed since StartProfile.
func (p *Program) Profile() (*Profile, error) {
	r := &Profile{Program: p.name, Batch: p.batch}
	if p.profile == nil || p.closed {
		return r, nil
	}
	r.Workers, r.Runs, r.Time = p.exec.Pool.Workers(), p.profile.runs, p.profile.total
	var err error
	if r.Roofline, err = p.exec.Pool.Roofline(); err != nil {
		return nil, err
	}
	r.addRows(p.steps, p.profile)
	return r, nil
}

func (p *Profile) addRows(steps []*step, times *profile) {
	type key struct {
		layer    string
		backward bool
	}
	index := map[key]int{}
	var least []float64 // seconds of a run, by row; 0 where nobody knows
	for i, s := range steps {
		k := key{s.layer(), s.node.Backward}
		at, ok := index[k]
		if !ok {
			at = len(p.Rows)
			index[k] = at
			p.Rows, least = append(p.Rows, ProfileRow{Layer: k.layer, Backward: k.backward}), append(least, 0)
		}
		r := &p.Rows[at]
		r.Primitives = append(r.Primitives, strings.TrimSpace(s.primitive()+" "+s.info.Impl))
		r.Calls += p.Runs
		r.Time += times.steps[i]
		r.FLOPs += int64(p.Runs) * s.info.FLOPs
		r.Bytes += int64(p.Runs) * s.info.Bytes
		least[at] += p.Roofline.Seconds(s.info.FLOPs, s.info.Bytes)
	}
	for i := range p.Rows {
		r := &p.Rows[i]
		r.Share = share(r.Time.Seconds(), p.Time.Seconds())
		r.Roofline = share(least[i]*float64(p.Runs), r.Time.Seconds())
	}
}

func share(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return part / whole
}
