package ensemble

import (
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

// Point is a row of the published tables: a point of the training, the network that
// collapsed from there, and the ensemble of what there was until then. What there is not
// is nil.
type Point struct {
	Phase       string  `json:"phase"`
	Uncollapsed *Scored `json:"uncollapsed,omitempty"`
	Collapsed   *Scored `json:"collapsed,omitempty"`
	// Ensemble is that of all members so far but those apart and those with a collapsed
	// twin; nil where nothing joined it.
	Ensemble *Grown `json:"ensemble,omitempty"`
	// Twins is the ensemble of the uncollapsed twins instead, so far.
	Twins *Grown `json:"uncollapsed_ensemble,omitempty"`
}

// Scored is a member with its scores.
type Scored struct {
	Member Member `json:"member"`
	Scores Scores `json:"scores"`
}

// Grown is an ensemble with its scores.
type Grown struct {
	Members []string `json:"members"`
	Scores  Scores   `json:"scores"`
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

// arrange finds the twins.
func arrange(members []Member) []Point {
	var points []Point
	for _, m := range members {
		s := &Scored{Member: m}
		if !m.Collapsed {
			points = append(points, Point{Phase: m.Phase, Uncollapsed: s})
			continue
		}
		i := slices.IndexFunc(points, func(p Point) bool {
			return p.Phase == m.Phase && p.Collapsed == nil && p.Uncollapsed != nil && !p.Uncollapsed.Member.Apart
		})
		if i < 0 || m.Apart {
			points = append(points, Point{Phase: m.Phase, Collapsed: s})
			continue
		}
		points[i].Collapsed = s
	}
	return points
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
	for i, p := range r.Points {
		if p.Uncollapsed == nil && p.Collapsed == nil {
			return nil, fmt.Errorf("%w: point %d of %d has no member", ErrManifest, i+1, len(r.Points))
		}
	}
	return &r, nil
}

// WriteJSON writes the report into a file, whole or not at all.
func (r *Report) WriteJSON(path string) error {
	if err := writeJSON(path, r); err != nil {
		return fmt.Errorf("ensemble: report: %w", err)
	}
	return nil
}

// Gain is what the collapse brought: the scores of the collapsed member less those of its
// twin. There is none without a twin.
func (p Point) Gain() (Scores, bool) {
	if p.Uncollapsed == nil || p.Collapsed == nil {
		return Scores{}, false
	}
	a, b := p.Uncollapsed.Scores, p.Collapsed.Scores
	return Scores{Rows: b.Rows, Top1: b.Top1 - a.Top1, Top5: b.Top5 - a.Top5, NLL: b.NLL - a.NLL, ECE: b.ECE - a.ECE}, true
}

// Final is the ensemble of all members; nil if all are apart.
func (r *Report) Final() *Grown {
	return last(r.Points, func(p Point) *Grown { return p.Ensemble })
}

// FinalTwins is the ensemble of all uncollapsed twins; nil if there are none.
func (r *Report) FinalTwins() *Grown {
	return last(r.Points, func(p Point) *Grown { return p.Twins })
}

func last(points []Point, of func(Point) *Grown) *Grown {
	for _, p := range slices.Backward(points) {
		if g := of(p); g != nil {
			return g
		}
	}
	return nil
}

// Best is the member of the final ensemble with the highest top-1 accuracy, the first of
// equals. Chosen on the rows of the report, it looks better than it is.
func (r *Report) Best() *Scored {
	var best *Scored
	for _, p := range r.Points {
		s := p.member()
		if s != nil && (best == nil || s.Scores.Top1 > best.Scores.Top1) {
			best = s
		}
	}
	return best
}

// member is what joins the ensemble at a point; nil if nothing does.
func (p Point) member() *Scored {
	s := p.Collapsed
	if s == nil {
		s = p.Uncollapsed
	}
	if s.Member.Apart {
		return nil
	}
	return s
}
