package roc

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// The reasons for which there is no curve, for use with errors.Is.
var (
	// ErrOneKind: all samples are positive, or all negative, or there are none.
	ErrOneKind = errors.New("samples of one kind only")
	// ErrInput: a score is not a number, or lists differ in length.
	ErrInput = errors.New("scores that cannot be ranked")
)

// ranked is samples in ascending order of their scores.
type ranked struct {
	order                []int // indices of samples
	scores               []float64
	positive             []bool
	positives, negatives int
}

// rank sorts samples. Errors: ErrInput, ErrOneKind.
func rank(scores []float64, positive []bool) (*ranked, error) {
	if len(scores) != len(positive) {
		return nil, fmt.Errorf("roc: %w: %d scores of %d samples", ErrInput, len(scores), len(positive))
	}
	r := &ranked{order: make([]int, len(scores)), scores: scores, positive: positive}
	for i, s := range scores {
		if math.IsNaN(s) {
			return nil, fmt.Errorf("roc: %w: the score of sample %d is not a number", ErrInput, i)
		}
		r.order[i] = i
		if positive[i] {
			r.positives++
		}
	}
	r.negatives = len(scores) - r.positives
	if r.positives == 0 || r.negatives == 0 {
		return nil, fmt.Errorf("roc: %w: %d positive and %d negative", ErrOneKind, r.positives, r.negatives)
	}
	slices.SortFunc(r.order, func(a, b int) int {
		switch {
		case scores[a] < scores[b]:
			return -1
		case scores[a] > scores[b]:
			return 1
		}
		return a - b
	})
	return r, nil
}

// ties goes through the runs of samples of equal scores, ascending, and counts the
// positive and the negative ones of each.
func (r *ranked) ties(visit func(run []int, positives, negatives int)) {
	for first := 0; first < len(r.order); {
		last, positives := first, 0
		for last < len(r.order) && r.scores[r.order[last]] == r.scores[r.order[first]] {
			if r.positive[r.order[last]] {
				positives++
			}
			last++
		}
		visit(r.order[first:last], positives, last-first-positives)
		first = last
	}
}
