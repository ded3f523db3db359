package ensemble

import (
	"errors"
	"fmt"
	"os"
	"slices"
)

// Report compares the members of an ensemble, and the ensembles of the first of them, of
// the first two, and so on, on the same rows.
type Report struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	About   About  `json:"about"`
	Rule    Rule   `json:"rule"`
	Rows    int    `json:"rows"`
	// Points are in the order of the members.
	Points []Point `json:"points"`
}

const (
	reportFormat  = "cascade ensemble report"
	reportVersion = 1
)

// NewReport asks for the logits of one member after the other, len(labels) x about.Classes,
// and puts them together by the rule. The slices may be the same every time. It holds two
// sums of that size in float64. Errors: ErrInput, and those of logits.
func NewReport(about About, rule Rule, labels []int, members []Member, logits func(Member) ([]float32, error)) (*Report, error) {
	r := &reporter{
		report: Report{Format: reportFormat, Version: reportVersion, About: about, Rule: rule, Rows: len(labels), Points: arrange(members)},
		labels: labels,
	}
	if err := r.begin(); err != nil {
		return nil, fmt.Errorf("ensemble: report: %w", err)
	}
	for i := range r.report.Points {
		if err := r.measure(&r.report.Points[i], logits); err != nil {
			return nil, fmt.Errorf("ensemble: report: %w", err)
		}
	}
	return &r.report, nil
}

// ReadReport reads what [Report.WriteJSON] wrote. Errors: ErrManifest, and those of the
// file system.
func ReadReport(path string) (*Report, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("ensemble: report: %w", err)
	}
	r, err := parseReport(text)
	if err != nil {
		return nil, fmt.Errorf("ensemble: report: %s: %w", path, err)
	}
	return r, nil
}

func parseReport(text []byte) (*Report, error) {
	var r Report
	if err := decode(text, &r); err != nil {
		return nil, err
	}
	if err := checkFormat(r.Format, reportFormat, r.Version, reportVersion); err != nil {
		return nil, err
	}
	if err := r.About.check(); err != nil {
		return nil, err
	}
	if len(r.Points) == 0 {
		return nil, fmt.Errorf("%w: it has no points", ErrManifest)
	}
	for i, p := range r.Points {
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("point %d of %d: %w", i+1, len(r.Points), err)
		}
	}
	return &r, nil
}

// check refuses what arrange cannot have made.
func (p Point) check() error {
	if p.Uncollapsed == nil && p.Collapsed == nil {
		return fmt.Errorf("%w: it has no member", ErrManifest)
	}
	if p.Ensemble == nil && !p.Apart() {
		return fmt.Errorf("%w: member %q is in no ensemble", ErrManifest, p.Member().Member.Name)
	}
	var errs []error
	for _, s := range []*Scored{p.Uncollapsed, p.Collapsed} {
		if s != nil {
			errs = append(errs, s.Member.check())
		}
	}
	return errors.Join(errs...)
}

// WriteJSON writes the report into a file, whole or not at all.
func (r *Report) WriteJSON(path string) error {
	if err := writeJSON(path, r); err != nil {
		return fmt.Errorf("ensemble: report: %w", err)
	}
	return nil
}

// Final is the ensemble of all members; nil if all are apart.
func (r *Report) Final() *Grown {
	return lastOf(r.Points, func(p Point) *Grown { return p.Ensemble })
}

// FinalTwins is the ensemble of all uncollapsed twins; nil if there are none.
func (r *Report) FinalTwins() *Grown {
	return lastOf(r.Points, func(p Point) *Grown { return p.Twins })
}

func lastOf(points []Point, grown func(Point) *Grown) *Grown {
	for _, p := range slices.Backward(points) {
		if g := grown(p); g != nil {
			return g
		}
	}
	return nil
}

// Best is the member of the final ensemble with the highest top-1 accuracy, the first of
// equals; nil if all are apart. Chosen on the rows of the report, it looks better than it
// is.
func (r *Report) Best() *Scored {
	var best *Scored
	for _, p := range r.Points {
		if s := p.Member(); !p.Apart() && (best == nil || s.Scores.Top1 > best.Scores.Top1) {
			best = s
		}
	}
	return best
}
