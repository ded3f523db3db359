package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/ensemble"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/threads"
	"github.com/cascade-hpc/cascade/recipes/resnet/arch"
	"github.com/cascade-hpc/cascade/recipes/resnet/dataset"
)

// rules are the rules of package ensemble by the names of --rule.
var rules = map[string]ensemble.Rule{
	"softmax": ensemble.MeanSoftmax,
	"logits":  ensemble.MeanLogits,
	"vote":    ensemble.Vote,
}

// The files of an evaluation, in its folder.
const (
	reportFile  = "report.json"
	pictureFile = "report.png"
)

func runEvaluate(ctx context.Context, out io.Writer, args []string) error {
	var d dataFlags
	fs := cli.Flags("resnet evaluate", "")
	dir := fs.String("ensemble", "out/resnet/ensemble", "`DIR` of the members, as train writes it")
	d.flags(fs)
	fs.Lookup("data").Usage = "`FILES` or folder of the images to test with"
	rule := fs.String("rule", "softmax", "`RULE` by which members predict together: softmax, the mean of their probabilities, logits, that of their logits, or vote")
	to := fs.String("out", "out/resnet", "`DIR` for "+reportFile+" and "+pictureFile)
	n := threads.Flag(fs)
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	if err := d.check(); err != nil {
		return err
	}
	by, known := rules[*rule]
	if !known {
		return fmt.Errorf("%w: --rule %s: the rules are softmax, logits, vote", cli.ErrUsage, *rule)
	}
	if _, err := threads.Use(*n); err != nil {
		return err
	}
	report, err := evaluate(ctx, *dir, d, by)
	if err != nil {
		return err
	}
	if err := save(report, *to); err != nil {
		return err
	}
	if err := report.WriteText(out); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s and %s are in %s\n", reportFile, pictureFile, *to)
	return nil
}

// evaluate tests the members of an ensemble and their ensembles.
func evaluate(ctx context.Context, dir string, d dataFlags, rule ensemble.Rule) (*ensemble.Report, error) {
	e, err := ensemble.Open(dir)
	if err != nil {
		return nil, err
	}
	if len(e.Members()) == 0 {
		return nil, fmt.Errorf("%s: the ensemble has no members yet", dir)
	}
	about := e.About()
	p, err := dataset.ParsePreprocessing(about.Preprocessing)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	d.Preprocessing = &p
	set, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	report, err := (&evaluation{e: e, set: set}).report(ctx, rule)
	if err != nil && ctx.Err() != nil {
		err = train.ErrInterrupted
	}
	return report, errors.Join(err, set.Close())
}

// evaluation is an ensemble with images to test it with.
type evaluation struct {
	e      *ensemble.Ensemble
	set    *dataset.Set
	net    *nn.Net
	tested string // the member whose logits these are
	logits []float32
	labels []int
}

func (v *evaluation) report(ctx context.Context, rule ensemble.Rule) (_ *ensemble.Report, err error) {
	about, members := v.e.About(), v.e.Members()
	if v.set.Classes > about.Classes {
		return nil, fmt.Errorf("%s: labels up to %d: the networks have %d classes", v.set.Name, v.set.Classes-1, about.Classes)
	}
	in := arch.Input{Channels: v.set.Channels, Height: v.set.Height, Width: v.set.Width}
	if v.net, err = arch.Build(about.Arch, in, about.Classes); err != nil {
		return nil, err
	}
	bar := cli.NewProgress(len(members), "testing", "members")
	defer bar.Finish()
	if err := v.test(ctx, members[0]); err != nil { // labels come with the logits
		return nil, err
	}
	return ensemble.NewReport(about, rule, v.labels, members, func(m ensemble.Member) ([]float32, error) {
		err := v.test(ctx, m)
		bar.Add(1)
		return v.logits, err
	})
}

// test finds the logits of a member for all images.
func (v *evaluation) test(ctx context.Context, m ensemble.Member) error {
	if v.tested == m.Name {
		return nil
	}
	if err := v.e.Load(v.net, m.Name); err != nil {
		return err
	}
	v.tested, v.logits, v.labels = m.Name, v.logits[:0], v.labels[:0]
	return predict(ctx, v.set, v.net, func(logits []float32, labels []int) error {
		v.logits, v.labels = append(v.logits, logits...), append(v.labels, labels...)
		return nil
	})
}

// save writes everything but the table into a folder.
func save(r *ensemble.Report, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return errors.Join(r.WriteJSON(filepath.Join(dir, reportFile)), r.Plot(filepath.Join(dir, pictureFile)))
}
