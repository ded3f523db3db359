package main

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
	"github.com/cascade-hpc/cascade/recipes/chexnet/roc"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
)

// predictions are probabilities of the findings in images of which the truth is known.
type predictions struct {
	register
	scores [nih.Count][]float64 // from 0 to 1, for each image
	loss   float64              // mean binary cross entropy of findings, images and views
}

// examiner asks a network about images.
type examiner struct {
	architecture
	rank  *ranks.Rank // looks at a share of the images
	net   *nn.Net
	batch int
	first int          // row of the images in their files
	views []view       // of each image; probabilities are the means over them
	bar   cli.Progress // counts views of images
}

// examine asks about each image of a pipeline, in order, and goes through it once for each
// view. truth is the register of the same images. Several ranks must all call it, and have
// the predictions of all images then; see ranks.Sum for their errors.
func (e examiner) examine(ctx context.Context, p data.Pipeline, truth register) (*predictions, error) {
	out := &predictions{register: truth}
	for i := range out.scores {
		out.scores[i] = make([]float64, len(truth.labels))
	}
	c, loss := e.rank.Comm, []float64{0}
	err := e.share(ctx, p.Shard(c.Rank(), c.Size()), out)
	loss[0] = out.loss
	err = ranks.Sum(c, err, append(out.scores[:], loss)...)
	out.loss = loss[0]
	return out, err
}

// share asks about the images of this rank.
func (e examiner) share(ctx context.Context, p data.Pipeline, to *predictions) error {
	program, err := nn.Compile(e.net, nn.Batch(e.batch), nn.Fixed(), nn.OnPool(e.rank.Pool))
	if err != nil {
		return err
	}
	defer program.Close()
	for _, v := range e.views {
		l, err := v(e.architecture, p.Raw(nih.ImageField)).Batch(e.batch, data.Pad).Loader()
		if err != nil {
			return err
		}
		if err := errors.Join(e.look(ctx, program, l, to), l.Close()); err != nil {
			return err
		}
	}
	return nil
}

// look adds to predictions what the program says of one view of each image.
func (e examiner) look(ctx context.Context, program *nn.Program, l *data.Loader, to *predictions) error {
	logits, err := program.Output(logitsOutput)
	if err != nil {
		return err
	}
	share := 1 / float64(len(e.views))
	for b, err := range l.Epoch(ctx) {
		if err != nil {
			return err
		}
		if err := program.Bind(imageInput, b.Float32(nih.ImageField)); err != nil {
			return err
		}
		if err := program.Run(0); err != nil {
			return err
		}
		for slot, m := range b.Mask {
			if m == 1 {
				to.add(b.Rows[slot]-e.first, logits[slot*nih.Count:(slot+1)*nih.Count], share)
			}
		}
		e.bar.Add(b.Valid)
	}
	return nil
}

// add adds the logits of one view of an image, which is a share of all its views.
func (p *predictions) add(row int, logits []float32, share float64) {
	for i, logit := range logits {
		z, label := float64(logit), float64(p.labels[row][i])
		p.scores[i][row] += share / (1 + math.Exp(-z))
		entropy := math.Log1p(math.Exp(-math.Abs(z))) + max(z, 0) - label*z
		p.loss += share * entropy / float64(len(p.labels)*nih.Count)
	}
}

// positive says of each image whether it has a finding.
func (r register) positive(finding int) []bool {
	has := make([]bool, len(r.labels))
	for i, l := range r.labels {
		has[i] = l[finding] == 1
	}
	return has
}

// areas are those of all findings. ok is false for a finding that all images have, or
// none; its area is zero.
func (p *predictions) areas() (areas [nih.Count]roc.Area, ok [nih.Count]bool, err error) {
	for i := range areas {
		areas[i], err = roc.NewArea(p.scores[i], p.positive(i), p.patients)
		if err != nil && !errors.Is(err, roc.ErrOneKind) {
			return areas, ok, fmt.Errorf("%s: %w", nih.Findings[i], err)
		}
		ok[i] = err == nil
	}
	return areas, ok, nil
}

// meanAUC is the mean of the areas that there are.
func meanAUC(areas [nih.Count]roc.Area, ok [nih.Count]bool) (mean float64, of int) {
	for i, a := range areas {
		if ok[i] {
			mean += a.AUC
			of++
		}
	}
	return mean / float64(max(of, 1)), of
}
