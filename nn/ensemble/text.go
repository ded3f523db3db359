package ensemble

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WriteText writes the report as a table with a row for each point, accuracies in
// percent, and the ensembles beside it:
//
//	point  top-1  top-5  NLL     collapsed  top-1  top-5  NLL     gain   top-5  ensemble of  top-1  top-5  NLL
//	1      68.33  88.71  1.3125  1c         75.50  92.83  0.9876  +7.17  +4.12  1            75.50  92.83  0.9876
//
// What there is not is "-". Top-5 is left out where there are no more than five classes.
func (r *Report) WriteText(w io.Writer) error {
	t := newTable()
	top5 := r.About.Classes > 5
	t.row("point", heads(top5), "collapsed", heads(top5), "gain", only(top5, "top-5"), "ensemble of", heads(top5))
	for _, p := range r.Points {
		t.row(
			p.Uncollapsed.name(), p.Uncollapsed.cells(top5),
			p.Collapsed.name(), p.Collapsed.cells(top5), p.gain(top5),
			p.Ensemble.size(), p.Ensemble.cells(top5),
		)
	}
	head := fmt.Sprintf("%s on %d rows, ensembles by %s\n", r.About.title(), r.Rows, r.Rule)
	if _, err := io.WriteString(w, head+t.text()+r.remark()); err != nil {
		return fmt.Errorf("ensemble: report: %w", err)
	}
	return nil
}

// title is what a person would call the ensemble.
func (a About) title() string {
	words := strings.Join(strings.Fields(a.Arch+" "+a.Plan), " ")
	if words == "" {
		words = "members"
	}
	return words
}

// remark compares the whole ensemble with the best of its members.
func (r *Report) remark() string {
	all, best := r.Final(), r.Best()
	if all == nil || best == nil || len(all.Members) < 2 {
		return ""
	}
	text := fmt.Sprintf("The ensemble of %s has %.2f%%, %+.2f over its best member, %s.\n",
		strings.Join(all.Members, ", "), percent(all.Scores.Top1), percent(all.Scores.Top1-best.Scores.Top1), best.Member.Name)
	if twins := r.FinalTwins(); twins != nil && len(twins.Members) > 1 {
		text += fmt.Sprintf("That of %s, uncollapsed, has %.2f%%.\n", strings.Join(twins.Members, ", "), percent(twins.Scores.Top1))
	}
	return text
}

func percent(share float64) float64 { return 100 * share }

// heads are the names of the columns of Scores.
func heads(top5 bool) []string {
	if top5 {
		return []string{"top-1", "top-5", "NLL"}
	}
	return []string{"top-1", "NLL"}
}

func only(wanted bool, cell string) []string {
	if wanted {
		return []string{cell}
	}
	return nil
}

// cells are those of heads.
func (s Scores) cells(top5 bool) []string {
	cells := []string{fmt.Sprintf("%.2f", percent(s.Top1))}
	if top5 {
		cells = append(cells, fmt.Sprintf("%.2f", percent(s.Top5)))
	}
	return append(cells, fmt.Sprintf("%.4f", s.NLL))
}

// none are the cells of nothing.
func none(top5 bool) []string {
	cells := heads(top5)
	for i := range cells {
		cells[i] = "-"
	}
	return cells
}

func (s *Scored) name() string {
	if s == nil {
		return "-"
	}
	return s.Member.Name
}

func (s *Scored) cells(top5 bool) []string {
	if s == nil {
		return none(top5)
	}
	return s.Scores.cells(top5)
}

func (g *Grown) size() string {
	if g == nil {
		return "-"
	}
	return fmt.Sprint(len(g.Members))
}

func (g *Grown) cells(top5 bool) []string {
	if g == nil {
		return none(top5)
	}
	return g.Scores.cells(top5)
}

// gain are the cells of what the collapse brought.
func (p Point) gain(top5 bool) []string {
	g, ok := p.Gain()
	if !ok {
		return append([]string{"-"}, only(top5, "-")...)
	}
	return append([]string{fmt.Sprintf("%+.2f", percent(g.Top1))}, only(top5, fmt.Sprintf("%+.2f", percent(g.Top5)))...)
}

// table puts cells into columns.
type table struct {
	b strings.Builder
	*tabwriter.Writer
}

func newTable() *table {
	t := &table{}
	t.Writer = tabwriter.NewWriter(&t.b, 0, 0, 2, ' ', 0)
	return t
}

// row takes a string, or several, for each group of columns.
func (t *table) row(groups ...any) {
	var cells []string
	for _, g := range groups {
		if one, ok := g.(string); ok {
			cells = append(cells, one)
			continue
		}
		cells = append(cells, g.([]string)...)
	}
	fmt.Fprintln(t, strings.Join(cells, "\t"))
}

// text is the table, without spaces at the ends of lines.
func (t *table) text() string {
	t.Flush() // into memory, which does not fail
	var text strings.Builder
	for line := range strings.Lines(t.b.String()) {
		fmt.Fprintln(&text, strings.TrimRight(line, " \n"))
	}
	return text.String()
}
