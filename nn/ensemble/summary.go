package ensemble

import (
	"errors"
	"fmt"
	"slices"
)

// Summary is what reports of trainings that differ by their seeds come to in the mean.
type Summary struct {
	About About // of the first report
	Rule  Rule
	Rows  int
	Seeds []uint64
	// Points have the names of the first report; those of the others are the same.
	Points []MeanPoint

	// Over is what the final ensemble has more than the best of its members in the same
	// report, FinalTwins the ensemble of all uncollapsed twins. What there is not is nil.
	Final, Best, Over, FinalTwins *MeanScores

	first *Report
}

// MeanPoint is a [Point] in the mean. What there is not is nil.
type MeanPoint struct {
	Point                         Point // of the first report
	Uncollapsed, Collapsed        *MeanScores
	Gain                          *MeanScores // of the differences
	Ensemble, UncollapsedEnsemble *MeanScores
}

// Summarise takes the means of reports with the same members on the same number of rows
// by the same rule, each of another seed. Errors: ErrInput.
func Summarise(reports ...*Report) (*Summary, error) {
	if err := match(reports); err != nil {
		return nil, fmt.Errorf("ensemble: summary: %w: %w", ErrInput, err)
	}
	return summarise(reports), nil
}

func summarise(reports []*Report) *Summary {
	first := reports[0]
	over := func(scores func(*Report) *Scores) *MeanScores {
		var list []*Scores
		for _, r := range reports {
			list = append(list, scores(r))
		}
		return meanScores(list)
	}
	s := &Summary{
		About: first.About, Rule: first.Rule, Rows: first.Rows, first: first,
		Final:      over(func(r *Report) *Scores { return r.Final().scores() }),
		Best:       over(func(r *Report) *Scores { return r.Best().scores() }),
		Over:       over(func(r *Report) *Scores { return less(r.Final().scores(), r.Best().scores()) }),
		FinalTwins: over(func(r *Report) *Scores { return r.FinalTwins().scores() }),
	}
	for _, r := range reports {
		s.Seeds = append(s.Seeds, r.About.Seed)
	}
	for i, p := range first.Points {
		s.Points = append(s.Points, MeanPoint{
			Point:               p,
			Uncollapsed:         over(func(r *Report) *Scores { return r.Points[i].Uncollapsed.scores() }),
			Collapsed:           over(func(r *Report) *Scores { return r.Points[i].Collapsed.scores() }),
			Gain:                over(func(r *Report) *Scores { return r.Points[i].Gain() }),
			Ensemble:            over(func(r *Report) *Scores { return r.Points[i].Ensemble.scores() }),
			UncollapsedEnsemble: over(func(r *Report) *Scores { return r.Points[i].Twins.scores() }),
		})
	}
	return s
}

// match says why reports have no mean.
func match(reports []*Report) error {
	if len(reports) == 0 {
		return errors.New("there are no reports")
	}
	first := reports[0]
	seen := map[uint64]bool{}
	for i, r := range reports {
		if seen[r.About.Seed] {
			return fmt.Errorf("report %d of %d: its seed, %d, has been counted", i+1, len(reports), r.About.Seed)
		}
		seen[r.About.Seed] = true
		about := r.About
		about.Seed = first.About.Seed
		if err := about.compare(first.About); err != nil {
			return fmt.Errorf("report %d of %d: %w", i+1, len(reports), err)
		}
		if r.Rule != first.Rule || r.Rows != first.Rows {
			return fmt.Errorf("report %d of %d: %d rows by %s: %d by %s are expected", i+1, len(reports), r.Rows, r.Rule, first.Rows, first.Rule)
		}
		if found, expected := r.names(), first.names(); !slices.Equal(found, expected) {
			return fmt.Errorf("report %d of %d: its points are %q: %q are expected", i+1, len(reports), found, expected)
		}
	}
	return nil
}

// names are those of the points' members.
func (r *Report) names() []string {
	var names []string
	for _, p := range r.Points {
		names = append(names, p.Uncollapsed.name(), p.Collapsed.name())
	}
	return names
}
