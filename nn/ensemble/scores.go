package ensemble

import (
	"errors"
	"fmt"
	"math"
)

// Scores are what a prediction is worth, as shares from 0 to 1.
type Scores struct {
	Rows int     `json:"rows"`
	Top1 float64 `json:"top1"` // share of the rows whose label ranks first
	Top5 float64 `json:"top5"` // among the first five; 1 if there are no more classes
	// NLL is the mean of -ln p(label), in nats. A probability below the smallest normal
	// float64, 2⁻¹⁰²², counts as that: the worst row has 708.4.
	NLL float64 `json:"nll"`
	// ECE is the expected calibration error of Guo et al. (ICML 2017), equation 3: rows
	// are put into 15 bins of the same width by the probability of the class that is
	// predicted, and the distances between the mean of it and the share of right rows are
	// averaged with the number of rows.
	ECE float64 `json:"ece"`
}

// smallest is a probability that math.Log takes to the last digit, which it does not for
// smaller ones on every machine.
const smallest = 0x1p-1022

// Score compares the prediction with the labels, which are classes from 0. Of classes of
// the same score that with the lower number ranks first. Errors: ErrInput for other rows,
// and for a label that is no class.
func (p *Prediction) Score(labels []int) (Scores, error) {
	if err := p.checkLabels(labels); err != nil {
		return Scores{}, fmt.Errorf("ensemble: %w: %w", ErrInput, err)
	}
	var top1, top5 int
	var nll float64
	var bins calibration
	row := make([]float64, p.classes)
	for r, label := range labels {
		rank, class := p.rank(r, label), p.Class(r)
		if rank < 1 {
			top1++
		}
		if rank < 5 {
			top5++
		}
		row = p.Probabilities(r, row)
		nll -= math.Log(max(row[label], smallest))
		bins.add(row[class], class == label)
	}
	n := float64(len(labels))
	return Scores{
		Rows: len(labels),
		Top1: float64(top1) / n, Top5: float64(top5) / n, NLL: nll / n, ECE: bins.value(n),
	}, nil
}

// TopK is the share of the rows whose label is among the k classes that rank first. See
// [Prediction.Score].
func (p *Prediction) TopK(labels []int, k int) (float64, error) {
	if err := p.checkLabels(labels); err != nil {
		return 0, fmt.Errorf("ensemble: %w: %w", ErrInput, err)
	}
	n := 0
	for r, label := range labels {
		if p.rank(r, label) < k {
			n++
		}
	}
	return float64(n) / float64(len(labels)), nil
}

func (p *Prediction) checkLabels(labels []int) error {
	if p.members == 0 {
		return errors.New("the prediction has no members")
	}
	if len(labels) != p.rows {
		return fmt.Errorf("%d labels: the prediction has %d rows", len(labels), p.rows)
	}
	return checkLabels(labels, p.classes)
}

func checkLabels(labels []int, classes int) error {
	for r, label := range labels {
		if label < 0 || label >= classes {
			return fmt.Errorf("row %d has the label %d: there are %d classes", r, label, classes)
		}
	}
	return nil
}

// calibration are the bins of the expected calibration error, (0, 1/15], (1/15, 2/15], ….
type calibration [15]struct{ rows, right, confidence float64 }

func (b *calibration) add(confidence float64, right bool) {
	i := int(math.Ceil(confidence*float64(len(b)))) - 1
	bin := &b[min(max(i, 0), len(b)-1)]
	bin.rows++
	bin.confidence += confidence
	if right {
		bin.right++
	}
}

// value is Σ |bin|/n · |right/|bin| − confidence/|bin||, over n rows.
func (b *calibration) value(n float64) float64 {
	sum := 0.0
	for _, bin := range b {
		sum += math.Abs(bin.right - bin.confidence)
	}
	return sum / n
}

// less is the difference of scores, nil if one is.
func less(a, b *Scores) *Scores {
	if a == nil || b == nil {
		return nil
	}
	return &Scores{Rows: a.Rows, Top1: a.Top1 - b.Top1, Top5: a.Top5 - b.Top5, NLL: a.NLL - b.NLL, ECE: a.ECE - b.ECE}
}
