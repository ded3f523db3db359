package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/ensemble"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
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

// trial is what the flags of evaluate say.
type trial struct {
	dataFlags
	dir    string // of the members
	rule   ensemble.Rule
	chosen bool // --hold-out is given
}

func runEvaluate(ctx context.Context, out io.Writer, args []string) error {
	var t trial
	fs := cli.Flags("resnet evaluate", "")
	fs.StringVar(&t.dir, "ensemble", "out/resnet/ensemble", "`DIR` of the members, as train writes it")
	t.flags(fs)
	fs.Lookup("data").Usage = "`FILES` or folder of the images to test with"
	fs.Lookup("hold-out").Usage = "`SHARE` of the images that is tested with; without it that of the training, 0 is all images of a file, and those to test with of a folder"
	rule := fs.String("rule", "softmax", "`RULE` by which members predict together: softmax, the mean of their probabilities, logits, that of their logits, or vote")
	to := fs.String("out", "", "`DIR` for "+reportFile+" and "+pictureFile+"; without it the folder that the ensemble is in")
	n := threads.Flag(fs)
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	fs.Visit(func(f *flag.Flag) { t.chosen = t.chosen || f.Name == "hold-out" })
	if err := t.check(); err != nil {
		return err
	}
	var known bool
	if t.rule, known = rules[*rule]; !known {
		return fmt.Errorf("%w: --rule %s: the rules are softmax, logits, vote", cli.ErrUsage, *rule)
	}
	if _, err := threads.Use(*n); err != nil {
		return err
	}
	report, err := t.run(ctx, out)
	if err != nil {
		return uninterrupted(ctx, err)
	}
	if *to == "" {
		*to = filepath.Dir(filepath.Clean(t.dir))
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

// run tests the members of an ensemble and their ensembles.
func (t trial) run(ctx context.Context, out io.Writer) (*ensemble.Report, error) {
	e, err := ensemble.Open(t.dir)
	if err != nil {
		return nil, err
	}
	if len(e.Members()) == 0 {
		return nil, fmt.Errorf("%s: the ensemble has no members yet", t.dir)
	}
	if err := t.settle(e.About(), out); err != nil {
		return nil, fmt.Errorf("%s: %w", t.dir, err)
	}
	set, err := t.open(ctx)
	if err != nil {
		return nil, err
	}
	report, err := (&evaluation{e: e, set: set}).report(ctx, t.rule)
	return report, errors.Join(err, set.Close())
}

// settle takes from an ensemble how its networks see images, and which of them they were
// not trained on. Errors: cli.ErrUsage for a share that has others in it.
func (t *trial) settle(a ensemble.About, out io.Writer) error {
	p, err := dataset.ParsePreprocessing(a.Preprocessing)
	if err != nil {
		return err
	}
	t.Preprocessing = &p
	share, err := heldOut(a)
	switch {
	case err != nil:
		return err
	case t.HeldOut > 0 && t.HeldOut != share:
		return fmt.Errorf("%w: --hold-out %g: the training held out a share of %g, and was trained on the other images", cli.ErrUsage, t.HeldOut, share)
	case !t.chosen && t.Test == "" && share > 0:
		t.HeldOut = share
		fmt.Fprintf(out, "testing with the share of %g that the training held out; --test or --hold-out 0 says that there are others\n\n", share)
	}
	return nil
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
	return predict(ctx, ranks.Alone(), v.set, v.net, func(logits []float32, labels []int) error {
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
