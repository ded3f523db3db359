package main

import (
	"context"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/ensemble"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
	"github.com/cascade-hpc/cascade/recipes/resnet/dataset"
)

// validations are what is said of a network: the mean cross entropy of the images to test
// with, and the shares of them whose class is not the first, or among the first five.
var validations = []string{"test loss", "test error %", "top-5 error %"}

// judge tests a network on its way, each rank a share of the images. The end of a segment
// is asked for twice, by the loop and for the ensemble: it is tested once.
type judge struct {
	rank   *ranks.Rank
	set    *dataset.Set
	net    *nn.Net
	at     uint64 // steps that the network had made when it was tested
	scores ensemble.Scores
}

// test scores the network after a number of steps.
func (j *judge) test(ctx context.Context, total uint64) (ensemble.Scores, error) {
	if j.scores.Rows > 0 && j.at == total {
		return j.scores, nil
	}
	s, err := j.measure(ctx)
	if err == nil {
		j.at, j.scores = total, s
	}
	return s, err
}

// measure scores the network as it is.
func (j *judge) measure(ctx context.Context) (ensemble.Scores, error) {
	s, err := j.share(ctx)
	if j.rank.Comm.Size() == 1 {
		return s, err
	}
	rows := float64(s.Rows)
	sums := []float64{rows, s.Top1 * rows, s.Top5 * rows, s.NLL * rows}
	if err := ranks.Sum(j.rank.Comm, err, sums); err != nil {
		return s, err
	}
	n := sums[0]
	return ensemble.Scores{Rows: int(n), Top1: sums[1] / n, Top5: sums[2] / n, NLL: sums[3] / n}, nil
}

// share scores the network on the images of this rank.
func (j *judge) share(ctx context.Context) (ensemble.Scores, error) {
	var all ensemble.Scores
	err := predict(ctx, j.rank, j.set, j.net, func(logits []float32, labels []int) error {
		if len(labels) == 0 {
			return nil
		}
		p, err := ensemble.Combine(ensemble.MeanSoftmax, j.set.Classes, logits)
		if err != nil {
			return err
		}
		s, err := p.Score(labels)
		if err != nil {
			return err
		}
		old, more := float64(all.Rows), float64(s.Rows)
		mean := func(a, b float64) float64 { return (a*old + b*more) / (old + more) }
		all = ensemble.Scores{Rows: all.Rows + s.Rows, Top1: mean(all.Top1, s.Top1), Top5: mean(all.Top5, s.Top5), NLL: mean(all.NLL, s.NLL)}
		return nil
	})
	return all, err
}
