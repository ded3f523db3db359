package ensemble

import (
	"fmt"
	"math"
	"slices"
)

// Prediction is what the members that were added so far say together. It holds a sum for
// each row and class, in float64, and not what it is the sum of: members can be added one
// by one, with one net and one buffer of logits.
type Prediction struct {
	rule    Rule
	classes int
	rows    int
	members int
	sums    []float64 // rows x classes: of probabilities, or of logits by MeanLogits
	votes   []uint32  // rows x classes, by Vote
	row     []float64 // of classes, to work in
}

// NewPrediction is a prediction without members.
func NewPrediction(rule Rule, classes int) (*Prediction, error) {
	if !rule.known() {
		return nil, fmt.Errorf("ensemble: %w: there is no %s", ErrInput, rule)
	}
	if classes < 1 {
		return nil, fmt.Errorf("ensemble: %w: %d classes", ErrInput, classes)
	}
	return &Prediction{rule: rule, classes: classes, row: make([]float64, classes)}, nil
}

// Combine is the prediction of members that are all at hand, each with logits for the
// same rows, rows x classes.
func Combine(rule Rule, classes int, logits ...[]float32) (*Prediction, error) {
	p, err := NewPrediction(rule, classes)
	if err != nil {
		return nil, err
	}
	for i, l := range logits {
		if err := p.Add(l); err != nil {
			return nil, fmt.Errorf("member %d of %d: %w", i+1, len(logits), err)
		}
	}
	return p, nil
}

// Add takes the logits of a member, rows x classes, and does not keep them. Rows that are
// padding of a last batch must have been cut off. Errors, after which nothing is added:
// ErrInput for other rows than those of the member before, and for a logit that is not
// finite.
func (p *Prediction) Add(logits []float32) error {
	if err := p.checkLogits(logits); err != nil {
		return fmt.Errorf("ensemble: %w: %w", ErrInput, err)
	}
	if p.members == 0 {
		p.rows = len(logits) / p.classes
		p.sums = make([]float64, len(logits))
		if p.rule == Vote {
			p.votes = make([]uint32, len(logits))
		}
	}
	p.members++
	for at := 0; at < len(logits); at += p.classes {
		p.addRow(at, logits[at:at+p.classes])
	}
	return nil
}

func (p *Prediction) checkLogits(logits []float32) error {
	switch {
	case len(logits) == 0 || len(logits)%p.classes != 0:
		return fmt.Errorf("%d logits: rows of %d are expected", len(logits), p.classes)
	case p.members > 0 && len(logits) != len(p.sums):
		return fmt.Errorf("%d logits: %d rows of %d are expected, as of the member before", len(logits), p.rows, p.classes)
	}
	for i, z := range logits {
		if !finite(float64(z)) {
			return fmt.Errorf("row %d, class %d: the logit is %g", i/p.classes, i%p.classes, z)
		}
	}
	return nil
}

// addRow adds a row whose sums begin at at.
func (p *Prediction) addRow(at int, logits []float32) {
	sums := p.sums[at : at+p.classes]
	if p.rule == MeanLogits {
		for c, z := range logits {
			sums[c] += float64(z)
		}
		return
	}
	if p.rule == Vote {
		p.votes[at+slices.Index(logits, slices.Max(logits))]++
	}
	for c, z := range logits {
		p.row[c] = float64(z)
	}
	softmax(p.row)
	for c, v := range p.row {
		sums[c] += v
	}
}

// Rows is the number of rows of the members, 0 before the first.
func (p *Prediction) Rows() int { return p.rows }

// Members is the number of members.
func (p *Prediction) Members() int { return p.members }

// Probabilities writes the probability of each class of a row into dst, which has an
// element for each, and returns it. There must be a member, and a row of that number.
func (p *Prediction) Probabilities(row int, dst []float64) []float64 {
	sums, n := p.sums[row*p.classes:(row+1)*p.classes], float64(p.members)
	dst = dst[:p.classes]
	for c, s := range sums {
		dst[c] = s / n
	}
	if p.rule == MeanLogits {
		softmax(dst)
	}
	return dst
}

// softmax is that of a row, in place. Shifted by the largest value, no exponential
// overflows and their sum is at least 1.
func softmax(row []float64) {
	most, total := math.Inf(-1), 0.0
	for _, z := range row {
		most = max(most, z)
	}
	for c, z := range row {
		row[c] = math.Exp(z - most)
		total += row[c]
	}
	for c := range row {
		row[c] /= total
	}
}

// Class is the class that is predicted for a row: the first in the order of [Rule].
func (p *Prediction) Class(row int) int {
	best := 0
	for c := 1; c < p.classes; c++ {
		if p.before(row, c, best) {
			best = c
		}
	}
	return best
}

// before says that class a of a row ranks ahead of class b. Of equals, that with the
// lower number does: there is one order, and a network that says the same of all classes
// gains nothing by it.
func (p *Prediction) before(row, a, b int) bool {
	at := row * p.classes
	if p.votes != nil && p.votes[at+a] != p.votes[at+b] {
		return p.votes[at+a] > p.votes[at+b]
	}
	x, y := p.sums[at+a], p.sums[at+b]
	return x > y || x == y && a < b
}

// rank is the number of classes of a row ahead of one.
func (p *Prediction) rank(row, class int) int {
	n := 0
	for c := range p.classes {
		if p.before(row, c, class) {
			n++
		}
	}
	return n
}
