package train

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn/plan"
	"github.com/cascade-hpc/cascade/nn/signs"
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

	// Plan takes the place of Epochs and Steps. Ahead of every step the loop sets the
	// learning rate, weight decay and momentum of all optimizers of State. A segment that
	// does not go on from the one before gets the weights, statistics and optimizers of
	// the end of its From, which was kept in a file beside Checkpoint. Position counts
	// epochs of the data throughout, whatever the segments, and an epoch in which one
	// ends is reported, validated and saved in two parts.
	Plan *plan.Timeline
	// Segment is called ahead of the first step of a segment, and of the first step after
	// an interruption within it: to change augmentation, say.
	Segment func(s plan.Segment) error
	// Snapshot is called at the end of every segment with Snapshot or Average, and again
	// where an interruption undid that: to save and measure the network, or what
	// Member.Average holds.
	Snapshot func(s plan.Segment) error

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

	// Comm lets the loops of a group of ranks train together, each on its share of the data;
	// their gradients are shared by a Reduction in Step. nil, and a group of one, is alone.
	//
	// At the start all ranks get the State of rank 0, so that it alone loads a checkpoint.
	// Ranks with other Epochs, Steps, Batch, names or Plan are refused: dist.ErrMismatch.
	// It alone writes, to Checkpoint, Log, Out and Bar, and what it writes of metrics and
	// validations are means over the ranks. Segment, Snapshot, Validate and Improved are
	// called on all of them. If the context of one ends, all stop behind the same step, and
	// rank 0 leaves the checkpoint; Step must not end with its context then. What fails on
	// one rank ends all, with the rank and the reason, and so do weights that differ, which
	// are compared every hundred steps. Out of a checkpoint any number of ranks goes on.
	// A rank for which the others wait a tenth of an epoch is named on Bar.
	Comm *dist.Comm

	// Signs watches for early signs of trouble, each of which is written to Bar once; their
	// list is Signs.Signs(). nil is a watch of the loop's own, and signs.Off none.
	Signs *signs.Watch

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
	course  *course   // through the plan; nil without one
	metrics []float64 // of a step
	values  []float64 // of a stretch: means of the metrics, then validations
	saved   time.Time
	rows    *rows
	bar     *bar
	feed    *feed
	signs   *signs.Watch
	ranks   *ranks // nil if alone
}

// Run trains until all epochs are done or ctx ends; then the step under way is
// finished, a checkpoint saved and an error that is ErrInterrupted returned; another
// error if it could not be saved. After any error the last checkpoint is whole.
func (l *Loop) Run(ctx context.Context) error {
	r, err := l.begin()
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	defer r.bar.finish()
	r.watch()
	defer r.signs.End()
	for !r.finished() {
		if err := r.stretch(ctx); err != nil {
			err = fmt.Errorf("train: %w", err)
			r.ranks.giveUp(err)
			return err
		}
	}
	return r.ranks.end()
}

func (r *run) finished() bool {
	s := r.State
	if r.course != nil {
		return s.Position.Total >= r.Plan.Steps() && s.done == 0
	}
	return s.Position.Epoch >= r.Epochs
}

// stretch does what is left of the epoch of State.Position, or of the part of it that
// lies in one segment of a plan, and reports it.
func (r *run) stretch(ctx context.Context) error {
	at, start := &r.State.Position, time.Now()
	number, first := at.Epoch+1, at.Total
	phase := ""
	if r.course != nil {
		if err := r.course.enter(); err != nil {
			return err
		}
		phase = r.course.segments[r.course.index].Name
	}
	r.feed.begin()
	r.bar.begin(*at, phase)
	if err := r.steps(ctx); err != nil {
		return fmt.Errorf("epoch %d, step %d: %w", number, at.Step+1, err)
	}
	r.bar.finish()
	if err := r.endStretch(ctx, int(at.Total-first), time.Since(start)); err != nil {
		return fmt.Errorf("end of epoch %d: %w", number, err)
	}
	return nil
}

// left is the number of steps to the end of the stretch.
func (r *run) left() int {
	at := r.State.Position
	left := r.Steps - at.Step
	if r.course != nil {
		left = min(left, r.course.left(at.Total))
	}
	return left
}

// steps does the steps that are left of a stretch.
func (r *run) steps(ctx context.Context) error {
	for r.left() > 0 {
		stop, save, err := r.due(ctx)
		switch {
		case err != nil:
			return err
		case stop:
			return r.interrupted()
		case save:
			if err := r.saveMidway(); err != nil {
				return err
			}
		}
		if err := r.step(); r.ranks == nil && ended(ctx, err) {
			return r.interrupted()
		} else if err != nil {
			return err
		}
	}
	return nil
}

// due says that the training is to end ahead of the next step, or that a checkpoint is due.
func (r *run) due(ctx context.Context) (stop, save bool, err error) {
	stop, save = ctx.Err() != nil, r.Checkpoint != "" && time.Since(r.saved) >= orFiveMinutes(r.Every)
	if r.ranks != nil {
		return r.ranks.beat(stop, save)
	}
	return stop, save, nil
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
	if r.course != nil {
		if err := r.course.rates(at.Total); err != nil {
			return err
		}
	}
	if err := r.watched(*at); err != nil {
		return err
	}
	for i, v := range r.metrics {
		r.State.sums[i] += v
	}
	at.Step++
	at.Total++
	r.State.done++
	if r.course != nil {
		r.course.average(at.Total)
	}
	r.bar.step(*at, r.State.sums, r.State.done)
	return nil
}
