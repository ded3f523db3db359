package ensemble

import (
	"errors"
	"fmt"
	"slices"
)

// reporter is a report that is being made.
type reporter struct {
	report   Report
	labels   []int
	ensemble growing
	twins    growing // the uncollapsed ones
}

// growing is an ensemble to which members are added.
type growing struct {
	names      []string
	prediction *Prediction
}

func (r *reporter) begin() error {
	if len(r.report.Points) == 0 {
		return fmt.Errorf("%w: there are no members", ErrInput)
	}
	if len(r.labels) == 0 {
		return fmt.Errorf("%w: there are no labels", ErrInput)
	}
	if err := checkLabels(r.labels, r.report.About.Classes); err != nil {
		return fmt.Errorf("%w: %w", ErrInput, err)
	}
	var errs [2]error
	r.ensemble.prediction, errs[0] = NewPrediction(r.report.Rule, r.report.About.Classes)
	r.twins.prediction, errs[1] = NewPrediction(r.report.Rule, r.report.About.Classes)
	return errors.Join(errs[0], errs[1])
}

// measure scores the members of a point, and what they make of the ensembles.
func (r *reporter) measure(p *Point, logits func(Member) ([]float32, error)) error {
	paired := p.Uncollapsed != nil && p.Collapsed != nil
	if p.Uncollapsed != nil {
		to, grown := &r.ensemble, &p.Ensemble
		if paired {
			to, grown = &r.twins, &p.Twins
		}
		if err := r.score(p.Uncollapsed, to, grown, logits); err != nil {
			return fmt.Errorf("member %q: %w", p.Uncollapsed.Member.Name, err)
		}
	}
	if p.Collapsed != nil {
		if err := r.score(p.Collapsed, &r.ensemble, &p.Ensemble, logits); err != nil {
			return fmt.Errorf("member %q: %w", p.Collapsed.Member.Name, err)
		}
	}
	return nil
}

// score scores a member, and the ensemble that it joins.
func (r *reporter) score(s *Scored, to *growing, grown **Grown, logits func(Member) ([]float32, error)) error {
	z, err := logits(s.Member)
	if err != nil {
		return err
	}
	single, err := Combine(r.report.Rule, r.report.About.Classes, z)
	if err != nil {
		return err
	}
	if s.Scores, err = single.Score(r.labels); err != nil {
		return err
	}
	if s.Member.Apart {
		return nil
	}
	if err := to.prediction.Add(z); err != nil {
		return err
	}
	to.names = append(to.names, s.Member.Name)
	scores, err := to.prediction.Score(r.labels)
	*grown = &Grown{Members: slices.Clone(to.names), Scores: scores}
	return err
}
