package train

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	// training. An error of the context counts as an interruption ahead of the step,
	// which must then have changed nothing yet.
	Step func(at Position, metrics []float64) error

	// Validations are the names of what Validate reports.
	Validations []string
	// Validate runs after each epoch, at the position that follows it. What it fills in
	// need not be finite.
	Validate func(at Position, values []float64) error
	// Best is one of the names of Metrics or Validations, and Improved is called after
	// each epoch whose value of it is the lowest so far, before an interruption included.
	Best     string
	Improved func(at Position, value float64) error

	// State goes on from its position, and holds what checkpoints save.
	State *State
	// Checkpoint is the file for checkpoints: one after each epoch, one when the
	// context ends or the end of an epoch fails, and one after each Every (five
	// minutes). None is made of parameters that are not finite. Without a name there
	// are none.
	Checkpoint string
	Every      time.Duration

	// Data is the loader that Step takes its batches from, if it does. Bar and rows then
	// tell what share of the time the training waited for it, and the log has the
	// column wait.
	Data Feed

	// Log is a CSV file with a row for each epoch. A training that goes on keeps the
	// rows of the epochs before; the seconds of an epoch are those of its last run.
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
	saved   time.Time
	rows    *rows
	bar     *bar
	feed    *feed
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
	for l.State.Position.Epoch < l.Epochs {
		if err := r.epoch(ctx); err != nil {
			return fmt.Errorf("train: %w", err)
		}
	}
	return nil
}

// epoch does what is left of the epoch of State.Position.
func (r *run) epoch(ctx context.Context) error {
	at, start := &r.State.Position, time.Now()
	number, first := at.Epoch+1, at.Step
	r.feed.begin()
	r.bar.begin(*at)
	if err := r.steps(ctx); err != nil {
		return fmt.Errorf("epoch %d, step %d: %w", number, at.Step+1, err)
	}
	r.bar.finish()
	if err := r.endEpoch(ctx, first, time.Since(start)); err != nil {
		return fmt.Errorf("end of epoch %d: %w", number, err)
	}
	return nil
}

// steps does the steps that are left of an epoch.
func (r *run) steps(ctx context.Context) error {
	for r.State.Position.Step < r.Steps {
		if ctx.Err() != nil {
			return r.interrupted()
		}
		if time.Since(r.saved) >= orFiveMinutes(r.Every) {
			if err := r.save(); err != nil {
				return err
			}
		}
		if err := r.step(); ended(ctx, err) {
			return r.interrupted()
		} else if err != nil {
			return err
		}
	}
	return nil
}

func orFiveMinutes(d time.Duration) time.Duration {
	if d == 0 {
		return 5 * time.Minute
	}
	return d
}

// ended says that err is there only because ctx has ended.
func ended(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err())
}

// step does one step and counts it.
func (r *run) step() error {
	at := &r.State.Position
	if err := r.Step(*at, r.metrics); err != nil {
		return err
	}
	for i, v := range r.metrics {
		if !finite(v) {
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
	if bad := r.State.finite(); bad != nil {
		return fmt.Errorf("%w (%w)", err, bad)
	}
	return err
}

// endEpoch reports and saves; the position moves to the next epoch. If the report
// fails it stays, and so does what the steps have done: the next run begins with the
// report.
func (r *run) endEpoch(ctx context.Context, first int, took time.Duration) error {
	at := &r.State.Position
	next := Position{Epoch: at.Epoch + 1, Total: at.Total}
	err := r.report(next, first, took)
	if ended(ctx, err) {
		return r.interrupted()
	}
	if err != nil {
		return errors.Join(err, r.save())
	}
	clear(r.State.sums)
	*at = next
	return r.save()
}

// report validates and says what the epoch has come to.
func (r *run) report(next Position, first int, took time.Duration) error {
	for i, s := range r.State.sums {
		r.values[i] = s / float64(r.Steps)
	}
	if r.Validate != nil {
		if err := r.Validate(next, r.values[len(r.Metrics):]); err != nil {
			return err
		}
	}
	rate := float64((r.Steps-first)*max(r.Batch, 1)) / took.Seconds()
	err := r.rows.add(epochRow{epoch: next.Epoch, total: next.Total, values: r.values, rate: rate, took: took, wait: r.feed.waited(took)})
	if err != nil {
		return err
	}
	c := r.column(r.Best)
	if c < 0 || !finite(r.values[c]) || r.values[c] >= r.State.best {
		return nil
	}
	if r.Improved != nil {
		if err := r.Improved(next, r.values[c]); err != nil {
			return err
		}
	}
	r.State.best = r.values[c]
	return nil
}

// save leaves a checkpoint, if one is wanted. Parameters can be lost a step before
// any metric shows it, and must not replace those of the checkpoint before.
func (r *run) save() error {
	if r.Checkpoint == "" {
		return nil
	}
	r.saved = time.Now()
	if err := r.State.finite(); err != nil {
		return fmt.Errorf("the training has diverged: a lower learning rate may help, and the last checkpoint is from before: %w", err)
	}
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
