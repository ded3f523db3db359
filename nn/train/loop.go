package train

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"time"
)

// ErrInterrupted is what [Loop.Run] returns, wrapped, when its context ends.
var ErrInterrupted = errors.New("interrupted")

// Loop is a training: epochs of steps. The zero value of a field does what its
// comment says, or nothing.
type Loop struct {
	Epochs int    // in all, those before State.Position included
	Steps  int    // in an epoch
	Batch  int    // samples in a step, for the rate; 0 is 1
	Unit   string // what samples are called: "showers"

	// Metrics are the names of what Step reports.
	Metrics []string
	// Step trains once and fills in the metrics. A metric that is not finite ends the
	// training.
	Step func(at Position, metrics []float64) error

	// Validations are the names of what Validate reports.
	Validations []string
	// Validate runs after each epoch, at the position that follows it.
	Validate func(at Position, values []float64) error
	// Best is one of the names of Metrics or Validations, and Improved is called after
	// each epoch whose mean is the lowest so far.
	Best     string
	Improved func(at Position, value float64) error

	// State goes on from its position, and holds what checkpoints save.
	State *State
	// Checkpoint is the file for checkpoints: one after each epoch, one when the
	// context ends, and one after each Every (five minutes). Without a name there are
	// none.
	Checkpoint string
	Every      time.Duration

	// Log is a CSV file with a row for each epoch. A training that goes on keeps the
	// rows of the epochs before.
	Log string
	// Out gets a row for each epoch (os.Stdout), and Bar the progress within it
	// (os.Stderr): a bar on a terminal, else a line now and then.
	Out, Bar io.Writer
}

// run is a loop under way.
type run struct {
	*Loop
	metrics []float64 // of a step
	values  []float64 // of an epoch: means of the metrics, then validations
	best    float64
	saved   time.Time
	rows    *rows
	bar     *bar
}

// Run trains until all epochs are done or ctx ends; then the step under way is
// finished, a checkpoint saved and an error that is ErrInterrupted returned. After
// any error the last checkpoint is whole.
func (l *Loop) Run(ctx context.Context) error {
	r, err := l.begin()
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	defer r.bar.finish()
	for at := &l.State.Position; at.Epoch < l.Epochs; {
		if err := r.epoch(ctx); err != nil {
			return fmt.Errorf("train: epoch %d, step %d: %w", at.Epoch+1, at.Step+1, err)
		}
	}
	return nil
}

func (l *Loop) begin() (*run, error) {
	switch {
	case l.Epochs < 1 || l.Steps < 1:
		return nil, fmt.Errorf("%d epochs of %d steps: there must be at least 1 of each", l.Epochs, l.Steps)
	case l.Step == nil || l.State == nil:
		return nil, errors.New("a loop needs a Step and a State")
	case l.State.Position.Step > l.Steps:
		return nil, fmt.Errorf("it goes on from step %d of an epoch of %d steps: the data or the batch have changed", l.State.Position.Step, l.Steps)
	case l.State.sums != nil && len(l.State.sums) != len(l.Metrics):
		return nil, fmt.Errorf("it goes on with %d metrics and has %d", len(l.State.sums), len(l.Metrics))
	}
	r := &run{
		Loop: l, metrics: make([]float64, len(l.Metrics)), values: make([]float64, len(l.Metrics)+len(l.Validations)),
		best: math.Inf(1), saved: time.Now(),
	}
	if l.Best != "" && r.column(l.Best) < 0 {
		return nil, fmt.Errorf("there is no metric %q to be the best by: there are %q and %q", l.Best, l.Metrics, l.Validations)
	}
	if l.State.sums == nil {
		l.State.sums = make([]float64, len(l.Metrics))
	}
	r.bar = newBar(l, orElse(l.Bar, os.Stderr))
	var err error
	r.rows, err = openRows(l, orElse(l.Out, os.Stdout))
	if err == nil {
		r.best = r.rows.lowest(l.Best)
	}
	return r, err
}

func orElse(w, other io.Writer) io.Writer {
	if w == nil {
		return other
	}
	return w
}

// column is the place of a name in values, or -1.
func (l *Loop) column(name string) int {
	for i, n := range append(append([]string(nil), l.Metrics...), l.Validations...) {
		if n == name {
			return i
		}
	}
	return -1
}

// epoch does what is left of the epoch of State.Position.
func (r *run) epoch(ctx context.Context) error {
	at, start := &r.State.Position, time.Now()
	first := at.Step
	r.bar.begin(*at)
	for at.Step < r.Steps {
		if ctx.Err() != nil {
			return r.interrupted()
		}
		if err := r.step(); err != nil {
			return err
		}
		if r.Checkpoint != "" && time.Since(r.saved) >= orFiveMinutes(r.Every) {
			if err := r.save(); err != nil {
				return err
			}
		}
	}
	r.bar.finish()
	return r.endEpoch(*at, first, time.Since(start))
}

func orFiveMinutes(d time.Duration) time.Duration {
	if d == 0 {
		return 5 * time.Minute
	}
	return d
}

// step does one step and counts it.
func (r *run) step() error {
	at := &r.State.Position
	if err := r.Step(*at, r.metrics); err != nil {
		return err
	}
	for i, v := range r.metrics {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return r.notFinite(i, v)
		}
		r.State.sums[i] += v
	}
	at.Step++
	at.Total++
	r.bar.step(r.State.sums, at.Step)
	return nil
}

// notFinite looks for a reason.
func (r *run) notFinite(i int, v float64) error {
	err := fmt.Errorf("the metric %q is %g: the training has diverged: a lower learning rate may help, and the last checkpoint is from before", r.Metrics[i], v)
	for _, m := range r.State.Members {
		if bad := m.finite(); bad != nil {
			return fmt.Errorf("%w (%w)", err, bad)
		}
	}
	return err
}

// endEpoch validates, reports and saves; the position moves to the next epoch.
func (r *run) endEpoch(done Position, first int, took time.Duration) error {
	for i, s := range r.State.sums {
		r.values[i] = s / float64(r.Steps)
	}
	next := Position{Epoch: done.Epoch + 1, Total: done.Total}
	if r.Validate != nil {
		if err := r.Validate(next, r.values[len(r.Metrics):]); err != nil {
			return err
		}
	}
	clear(r.State.sums)
	r.State.Position = next
	rate := float64((r.Steps-first)*max(r.Batch, 1)) / took.Seconds()
	if err := r.rows.add(next.Epoch, done.Total, r.values, rate, took); err != nil {
		return err
	}
	if c := r.column(r.Best); c >= 0 && r.values[c] < r.best {
		r.best = r.values[c]
		if r.Improved != nil {
			if err := r.Improved(next, r.best); err != nil {
				return err
			}
		}
	}
	if r.Checkpoint == "" {
		return nil
	}
	return r.save()
}

func (r *run) save() error {
	r.saved = time.Now()
	return r.State.Save(r.Checkpoint)
}

// interrupted leaves a checkpoint.
func (r *run) interrupted() error {
	r.bar.finish()
	if r.Checkpoint == "" {
		return ErrInterrupted
	}
	if err := r.save(); err != nil {
		return fmt.Errorf("%w, and the checkpoint could not be saved: %w", ErrInterrupted, err)
	}
	return fmt.Errorf("%w: %s holds all that was done", ErrInterrupted, r.Checkpoint)
}
