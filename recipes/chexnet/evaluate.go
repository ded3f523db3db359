package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
	"github.com/cascade-hpc/cascade/recipes/internal/threads"
)

// evaluation is what the flags of evaluate say.
type evaluation struct {
	data, model, out string
	batch            int
	tenCrop          bool
}

// The files of an evaluation, in its folder.
const (
	reportFile = "auroc.json"
	curvesFile = "roc_%d.png" // one for each half of the findings
)

func runEvaluate(ctx context.Context, out io.Writer, args []string) error {
	var e evaluation
	fs := cli.Flags("chexnet evaluate", `Intervals are of 95% and take the images of a patient together.`)
	fs.StringVar(&e.data, "data", "", "`FILE` of images to test on, such as chestxray14/"+testFile+"; a quoted pattern means several")
	fs.StringVar(&e.model, "model", "", "`FILE` of the model")
	fs.StringVar(&e.out, "out", "", "`DIR` for "+reportFile+" and plots of the curves; without it the folder that the model is in")
	fs.IntVar(&e.batch, "batch", 16, "`N` images in a batch")
	fs.BoolVar(&e.tenCrop, "ten-crop", false, "mean of ten views of each image: middle and corners, and mirrored, as fit a training with --crop; ten times the work")
	n := threads.Flag(fs)
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	if _, err := threads.Use(*n); err != nil {
		return err
	}
	if e.out == "" {
		e.out = filepath.Dir(e.model)
	}
	r, err := e.run(ctx)
	if err != nil && ctx.Err() != nil {
		return errors.New("interrupted; nothing is written")
	}
	if err != nil {
		return err
	}
	if err := e.save(r); err != nil {
		return err
	}
	if err := r.table(out); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\nplots and %s are in %s\n", reportFile, e.out)
	return err
}

func (e evaluation) run(ctx context.Context) (r *report, err error) {
	switch {
	case e.data == "":
		err = errors.New("--data is missing; 'chexnet convert' makes such a file")
	case e.model == "":
		err = errors.New("--model is missing; 'chexnet train' makes such a file")
	case e.batch < 1:
		err = fmt.Errorf("--batch %d: it must be at least 1", e.batch)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w; 'chexnet evaluate -h' lists the flags", cli.ErrUsage, err)
	}
	a, net, err := loadModel(e.model)
	if err != nil {
		return nil, err
	}
	src, err := openImages(e.data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	truth, err := readRegister(ctx, e.data)
	if err != nil {
		return nil, err
	}
	views := []view{wholeImage}
	if e.tenCrop {
		views = tenCrops()
	}
	bar := cli.NewProgress(len(views)*len(truth.labels), "evaluating", "images")
	defer bar.Finish()
	p, err := examiner{a, ranks.Alone(), net, e.batch, 0, views, bar}.examine(ctx, data.From(src), truth)
	if err != nil {
		return nil, err
	}
	return newReport(e, a, p)
}

// save writes everything but the table.
func (e evaluation) save(r *report) error {
	if err := os.MkdirAll(e.out, 0o777); err != nil {
		return err
	}
	if err := r.writeJSON(filepath.Join(e.out, reportFile)); err != nil {
		return err
	}
	for half := range 2 {
		path := filepath.Join(e.out, fmt.Sprintf(curvesFile, half+1))
		if err := r.plot(path, half*nih.Count/2, (half+1)*nih.Count/2); err != nil {
			return err
		}
	}
	return nil
}
