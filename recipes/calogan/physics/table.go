package physics

import (
	"fmt"
	"io"
	"strings"
)

// Table writes, in some forty lines, what a person reads: the figures of both samples with their
// difference in per cent and in units of its statistical error, the figures of
// merit with their floor, and the pass marks.
func (r *Report) Table(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n%s: %s\n\n", r.Data.Name, r.Data.text(), r.GAN.Name, r.GAN.text())
	fmt.Fprintf(&b, "%-30s%12s%12s %-9s%11s%8s\n", "figure", r.Data.Name, r.GAN.Name, "unit", "difference", "sigma")
	for _, f := range r.Figures {
		fmt.Fprintf(&b, "%-30s%12s%12s %-9s%+10.1f%%%8s\n", f.Name, digits(f.Data.Mean), digits(f.GAN.Mean), f.Unit, 100*f.Difference, f.sigmas())
	}
	fmt.Fprintf(&b, "\n%-30s%12s%12s\n", "figure of merit (0 is best)", "floor", r.GAN.Name)
	for _, m := range []struct {
		name       string
		floor, gan float64
	}{
		{"mre", r.Floor.MRE, r.Merit.MRE},
		{"P, profiles", r.Floor.Profile, r.Merit.Profile},
		{"M, moments", r.Floor.Moments, r.Merit.Moments},
		{"F, visible / primary", r.Floor.Fraction, r.Merit.Fraction},
		{"P + M + F", r.Floor.Objective, r.Merit.Objective},
	} {
		fmt.Fprintf(&b, "%-30s%12.4f%12.4f\n", m.name, m.floor, m.gan)
	}
	b.WriteByte('\n')
	for _, c := range r.Criteria {
		fmt.Fprintf(&b, "%s  %s: %s (limit %s), %s\n", c.mark(), c.Name, digits(c.Value), digits(c.Limit), c.Note)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("physics: table: %w", err)
	}
	return nil
}

func (s Sample) text() string {
	t := fmt.Sprintf("%d showers, %.4g to %.4g GeV", s.Events, s.EnergyMin, s.EnergyMax)
	if s.Empty > 0 {
		t += fmt.Sprintf(", %d of them empty", s.Empty)
	}
	return t
}

func (f Figure) sigmas() string {
	if f.Data.Error == 0 && f.GAN.Error == 0 {
		return "-"
	}
	return fmt.Sprintf("%+.1f", f.Sigmas)
}

func (c Criterion) mark() string {
	if c.Pass {
		return "pass"
	}
	return "FAIL"
}

// digits shows four significant ones.
func digits(x float64) string { return fmt.Sprintf("%.4g", x) }

// Passed reports whether every criterion is met.
func (r *Report) Passed() bool {
	for _, c := range r.Criteria {
		if !c.Pass {
			return false
		}
	}
	return true
}
