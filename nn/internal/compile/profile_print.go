package compile

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// String is a table by layer, with a line for each direction. Times are those of one
// run.
func (p *Profile) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "profile of %q: %d runs of batch %d on %d workers, %s each\n",
		p.Program, p.Runs, p.Batch, p.Workers, p.perRun(p.Time))
	if p.Runs == 0 {
		return b.String()
	}
	if p.Roofline.FLOPs > 0 {
		fmt.Fprintf(&b, "roofline: %.0f GFLOP/s, %.1f GB/s\n", p.Roofline.FLOPs/1e9, p.Roofline.Bandwidth/1e9)
	}
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "layer\tpass\t%6s\t%11s\t%6s\tGFLOP/s\t%6s\troofline\tprimitives\n", "calls", "time/run", "share", "GB/s")
	total := ProfileRow{Layer: "all primitives"}
	least := 0.0
	for _, r := range p.Rows {
		pass := "forward"
		if r.Backward {
			pass = "backward"
		}
		p.line(t, r, pass, strings.Join(r.Primitives, ", "))
		total.Calls += r.Calls
		total.Time += r.Time
		total.FLOPs += r.FLOPs
		total.Bytes += r.Bytes
		total.Share += r.Share
		least += r.Roofline * r.Time.Seconds()
	}
	total.Roofline = share(least, total.Time.Seconds())
	p.line(t, total, "", "")
	fmt.Fprintf(t, "outside primitives\t\t\t%11s\t%5.1f%%\n", p.perRun(p.Outside()), 100*share(p.Outside().Seconds(), p.Time.Seconds()))
	_ = t.Flush() // a strings.Builder takes everything
	return b.String()
}

func (p *Profile) line(t *tabwriter.Writer, r ProfileRow, pass, primitives string) {
	roofline := "-"
	if r.Roofline > 0 {
		roofline = fmt.Sprintf("%.0f%%", 100*r.Roofline)
	}
	fmt.Fprintf(t, "%s\t%s\t%6d\t%11s\t%5.1f%%\t%7.1f\t%6.1f\t%8s\t%s\n",
		r.Layer, pass, r.Calls, p.perRun(r.Time), 100*r.Share, r.GFLOPS(), r.GBs(), roofline, primitives)
}

// perRun is a time divided by the number of runs.
func (p *Profile) perRun(d time.Duration) string {
	if p.Runs == 0 {
		return "0 ms"
	}
	return fmt.Sprintf("%.3f ms", d.Seconds()*1e3/float64(p.Runs))
}
