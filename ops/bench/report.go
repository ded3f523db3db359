package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/cascade-hpc/cascade/ops"
)

// result is what a test of a problem has found.
type result struct {
	problem
	info  ops.Info
	twin  string  // implementation that it was checked against, "" if it was not
	times times   // zero if it was not timed
	rate  float64 // at the best time: operations a second or, where it streams, bytes
	share float64 // of what the machine can do at most; NaN where that is not known
}

// timed takes the times of a result, and what follows from them and the most that the
// machine can do, 0 where that is not known.
func (r *result) timed(t times, most float64) {
	work := float64(r.info.FLOPs)
	if r.streams {
		work = float64(r.info.Bytes)
	}
	r.times, r.rate, r.share = t, work/t.best.Seconds(), math.NaN()
	if most > 0 {
		r.share = r.rate / most
	}
}

func (r result) isTimed() bool { return r.times.best > 0 }

// regime is what limits primitives, and how their rate is called.
type regime struct{ unit, limit string }

func regimeOf(streams bool) regime {
	if streams {
		return regime{"GB/s", "triad"}
	}
	return regime{"GFLOP/s", "peak"}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func percent(share float64) string {
	if math.IsNaN(share) {
		return "-"
	}
	return fmt.Sprintf("%.1f%%", 100*share)
}

// csvColumns are exactly those that scripts rely on.
var csvColumns = []string{"name", "impl", "gflops", "best_ms", "median_ms", "peak_share"}

// reporter prints results as they come.
type reporter struct {
	table   io.Writer   // for people; nil with --csv
	csv     *csv.Writer // for programs; nil without
	summary io.Writer   // nil without --summary
	means   map[bool]*mean
}

func newReporter(p plan, stdout, stderr io.Writer) reporter {
	r := reporter{table: stdout, means: map[bool]*mean{false: {}, true: {}}}
	if p.summary {
		r.summary = stdout
	}
	if p.csv {
		r.table, r.csv = nil, csv.NewWriter(stdout)
		r.csv.Write(csvColumns) // buffered: errors are reported with the first row
		if p.summary {
			r.summary = stderr
		}
	}
	return r
}

// row prints a result.
func (r *reporter) row(x result) error {
	if x.isTimed() {
		r.means[x.streams].add(x.rate, x.share)
	}
	if r.csv != nil {
		r.csv.Write(csvRow(x))
		r.csv.Flush()
		return r.csv.Error()
	}
	_, err := fmt.Fprintln(r.table, tableRow(x))
	return err
}

func tableRow(x result) string {
	line := fmt.Sprintf("%-26s %-14s %-14s %-13s", x.name, x.title, x.info.Impl, x.layouts)
	if x.isTimed() {
		g := regimeOf(x.streams)
		line += fmt.Sprintf(" %8.1f %s  best %.4f ms  median %.4f ms  %s of %s", x.rate/1e9, g.unit,
			milliseconds(x.times.best), milliseconds(x.times.median), percent(x.share), g.limit)
	}
	switch x.twin {
	case "":
	case x.info.Impl:
		line += "  passed (is itself the portable kernel)"
	default:
		line += "  passed"
	}
	return line
}

// csvRow leaves empty what was not measured.
func csvRow(x result) []string {
	row := []string{x.name, x.info.Impl, "", "", "", ""}
	if !x.isTimed() {
		return row
	}
	row[2] = fmt.Sprintf("%.2f", float64(x.info.FLOPs)/x.times.best.Seconds()/1e9)
	row[3] = fmt.Sprintf("%.6f", milliseconds(x.times.best))
	row[4] = fmt.Sprintf("%.6f", milliseconds(x.times.median))
	if !math.IsNaN(x.share) {
		row[5] = fmt.Sprintf("%.4f", x.share)
	}
	return row
}

// finish prints the means of what was timed.
func (r *reporter) finish() error {
	if r.csv != nil {
		r.csv.Flush() // the header, where no row came
		if err := r.csv.Error(); err != nil {
			return err
		}
	}
	if r.summary == nil {
		return nil
	}
	for _, streams := range []bool{false, true} {
		m, g := r.means[streams], regimeOf(streams)
		if m.count > 0 {
			fmt.Fprintf(r.summary, "geometric mean of %d: %.1f %s, %s of %s\n", m.count, m.rate()/1e9, g.unit, percent(m.share()), g.limit)
		}
	}
	return nil
}

// mean is a geometric mean of rates and shares.
type mean struct {
	count             int
	logRate, logShare float64
}

// add leaves out what did no work, as the primitive of an empty batch.
func (m *mean) add(rate, share float64) {
	if rate > 0 {
		m.count++
		m.logRate += math.Log(rate)
		m.logShare += math.Log(share)
	}
}

func (m *mean) rate() float64  { return math.Exp(m.logRate / float64(m.count)) }
func (m *mean) share() float64 { return math.Exp(m.logShare / float64(m.count)) }
