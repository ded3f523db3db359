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
	if err := summarise([]*Report{r}).write(w); err != nil {
		return fmt.Errorf("ensemble: report: %w", err)
	}
	return nil
}

// WriteText writes the table of a [Report], with the standard error behind each mean.
func (s *Summary) WriteText(w io.Writer) error {
	if err := s.write(w); err != nil {
		return fmt.Errorf("ensemble: summary: %w", err)
	}
	return nil
}

func (s *Summary) write(w io.Writer) error {
	f := former{several: len(s.Seeds) > 1, top5: s.About.Classes > 5}
	_, err := io.WriteString(w, f.head(s)+f.table(s)+f.remark(s))
	return err
}

// former forms the text of a summary.
type former struct{ several, top5 bool }

func (f former) head(s *Summary) string {
	text := fmt.Sprintf("%s, %d rows, ensembles by %s", s.About.title(), s.Rows, s.Rule)
	if f.several {
		text += fmt.Sprintf(", means of %d seeds ± standard error", len(s.Seeds))
	}
	return text + "\n"
}

// title is what a person would call the ensemble.
func (a About) title() string {
	var words []string
	for _, word := range []string{a.Arch, a.Plan, a.Data} {
		if word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, ", ")
}

func (f former) table(s *Summary) string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(groups ...[]string) {
		var cells []string
		for _, g := range groups {
			cells = append(cells, g...)
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	scores := f.choose("top-1", "top-5", "NLL")
	row([]string{"point"}, scores, []string{"collapsed"}, scores, f.choose("gain", "top-5"), []string{"ensemble of"}, scores)
	for _, p := range s.Points {
		row(
			[]string{orNone(p.Point.Uncollapsed.name())}, f.scores(p.Uncollapsed),
			[]string{orNone(p.Point.Collapsed.name())}, f.scores(p.Collapsed), f.gain(p.Gain),
			[]string{p.Point.Ensemble.size()}, f.scores(p.Ensemble),
		)
	}
	t.Flush() // into memory, which does not fail
	var text strings.Builder
	for line := range strings.Lines(b.String()) {
		fmt.Fprintln(&text, strings.TrimRight(line, " \n"))
	}
	return text.String()
}

// choose leaves out the cell of the top-5 accuracy if it says nothing.
func (f former) choose(first, top5 string, rest ...string) []string {
	if f.top5 {
		return append([]string{first, top5}, rest...)
	}
	return append([]string{first}, rest...)
}

func (f former) percent(format string, m Mean) string { return m.text(format, 100, f.several) }

func (f former) scores(s *MeanScores) []string {
	if s == nil {
		return f.choose("-", "-", "-")
	}
	return f.choose(f.percent("%.2f", s.Top1), f.percent("%.2f", s.Top5), s.NLL.text("%.4f", 1, f.several))
}

func (f former) gain(s *MeanScores) []string {
	if s == nil {
		return f.choose("-", "-")
	}
	return f.choose(f.percent("%+.2f", s.Top1), f.percent("%+.2f", s.Top5))
}

// remark compares the whole ensemble with the best of its members.
func (f former) remark(s *Summary) string {
	final, twins := s.first.Final(), s.first.FinalTwins()
	if final == nil || len(final.Members) < 2 {
		return ""
	}
	text := fmt.Sprintf("The ensemble of %s has %s%%, its best member %s%%: %s.\n",
		strings.Join(final.Members, ", "), f.percent("%.2f", s.Final.Top1), f.percent("%.2f", s.Best.Top1), f.percent("%+.2f", s.Over.Top1))
	if twins != nil && len(twins.Members) > 1 {
		text += fmt.Sprintf("That of %s has %s%%.\n", strings.Join(twins.Members, ", "), f.percent("%.2f", s.FinalTwins.Top1))
	}
	return text + fmt.Sprintf("Calibration error: %s%%, of its best member %s%%.\n", f.percent("%.2f", s.Final.ECE), f.percent("%.2f", s.Best.ECE))
}

func orNone(name string) string {
	if name == "" {
		return "-"
	}
	return name
}

func (g *Grown) size() string {
	if g == nil {
		return "-"
	}
	return fmt.Sprint(len(g.Members))
}
