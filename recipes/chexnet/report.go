package main

import (
	"fmt"
	"io"
	"strings"

	"gonum.org/v1/plot/plotter"

	"github.com/cascade-hpc/cascade/internal/atomicfile"
	"github.com/cascade-hpc/cascade/internal/chart"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
	"github.com/cascade-hpc/cascade/recipes/chexnet/roc"
)

// report is what an evaluation has come to.
type report struct {
	Model    string  `json:"model"`
	Arch     string  `json:"arch"`
	Data     string  `json:"data"`
	Images   int     `json:"images"`
	Patients int     `json:"patients"`
	Views    int     `json:"views"` // of each image
	Loss     float64 `json:"loss"`
	Mean     float64 `json:"mean_auroc"`
	Of       int     `json:"mean_of"` // findings
	Findings []line  `json:"findings"`

	curves [nih.Count][]roc.Point
}

// line is what is known of a finding. AUROC is not there if all images have it, or none;
// Low and High are not there if the images say nothing of how sure it is.
type line struct {
	Finding   string   `json:"finding"`
	Positives int      `json:"positives"`
	Negatives int      `json:"negatives"`
	AUROC     *float64 `json:"auroc"`
	Error     *float64 `json:"standard_error"`
	Low       *float64 `json:"low"` // of the 95% confidence interval
	High      *float64 `json:"high"`
	Published float64  `json:"chexnet"`
}

func newReport(e evaluation, a architecture, p *predictions) (*report, error) {
	areas, ok, err := p.areas()
	if err != nil {
		return nil, err
	}
	views := 1
	if e.tenCrop {
		views = len(tenCrops())
	}
	r := &report{
		Model: e.model, Arch: a.name, Data: e.data, Images: len(p.labels), Patients: p.people(), Views: views, Loss: p.loss,
	}
	r.Mean, r.Of = meanAUC(areas, ok)
	if r.Of == 0 {
		return nil, fmt.Errorf("%s: %w: of its %d images, each finding is in all or in none", e.data, roc.ErrOneKind, r.Images)
	}
	for i, area := range areas {
		l := line{Finding: nih.Findings[i], Published: published[i]}
		for _, has := range p.positive(i) {
			if has {
				l.Positives++
			}
		}
		l.Negatives = r.Images - l.Positives
		if ok[i] {
			l.AUROC = &area.AUC
			if r.curves[i], err = roc.Curve(p.scores[i], p.positive(i)); err != nil {
				return nil, err
			}
		}
		if low, high, sure := area.Interval(); sure {
			l.Error, l.Low, l.High = &area.Error, &low, &high
		}
		r.Findings = append(r.Findings, l)
	}
	return r, nil
}

// table prints the report.
func (r *report) table(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s on %d images of %d patients in %s", r.Arch, r.Images, r.Patients, r.Data)
	if r.Views > 1 {
		fmt.Fprintf(&b, ", %d views of each", r.Views)
	}
	fmt.Fprintf(&b, "\n\n%-18s  %8s  %5s  %14s  %7s\n", "finding", "positive", "AUROC", "95% interval", "CheXNet")
	whole := 0.
	for _, l := range r.Findings {
		fmt.Fprintf(&b, "%-18s  %8d  %5s  %14s  %7.3f\n", strings.ReplaceAll(l.Finding, "_", " "), l.Positives, number(l.AUROC), l.interval(), l.Published)
		whole += l.Published / nih.Count
	}
	fmt.Fprintf(&b, "%-18s  %8s  %5.3f  %14s  %7.3f\n", "mean", "", r.Mean, "", whole)
	if r.Of < nih.Count {
		fmt.Fprintf(&b, "\nThe mean is that of %d findings: of the others, all images are positive, or none, and nothing can be said.\n", r.Of)
	}
	fmt.Fprintf(&b, "\n%s\n", publishedNote)
	_, err := io.WriteString(w, b.String())
	return err
}

func number(x *float64) string {
	if x == nil {
		return "-"
	}
	return fmt.Sprintf("%.3f", *x)
}

func (l line) interval() string {
	if l.Low == nil {
		return "-"
	}
	return fmt.Sprintf("%.3f to %.3f", *l.Low, *l.High)
}

func (r *report) writeJSON(path string) error {
	return atomicfile.WriteJSON(path, r)
}

// plot draws the curves of the findings from one to before another, no more than there
// are colours.
func (r *report) plot(path string, from, to int) error {
	c := chart.Chart{
		Title: fmt.Sprintf("ROC of %s, mean AUROC of all findings %.3f", r.Arch, r.Mean), X: "1 - specificity", Y: "sensitivity",
		Lines:     []chart.Line{{Name: "chance", XY: plotter.XYs{{}, {X: 1, Y: 1}}, Colour: len(chart.Colours) - 1, Dashed: true}},
		LegendLow: true,
	}
	for i, l := range r.Findings[from:to] {
		if l.AUROC == nil {
			continue
		}
		var xy plotter.XYs
		for _, p := range r.curves[from+i] {
			xy = append(xy, plotter.XY{X: p.FalsePositive, Y: p.TruePositive})
		}
		name := fmt.Sprintf("%s %.3f", strings.ReplaceAll(l.Finding, "_", " "), *l.AUROC)
		c.Lines = append(c.Lines, chart.Line{Name: name, XY: xy, Colour: i})
	}
	return c.Write(path)
}
