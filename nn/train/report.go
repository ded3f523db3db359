package train

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// endStretch reports and saves; at the end of an epoch the position moves to the next.
// If the report fails it stays, and so does what the steps have done: the next run
// begins with the report. steps is the number of those of this run, and took their time.
func (r *run) endStretch(ctx context.Context, steps int, took time.Duration) error {
	s := r.State
	next := s.Position
	if next.Step == r.Steps {
		next = Position{Epoch: next.Epoch + 1, Total: next.Total}
	}
	err := r.ranks.agree(ctx, r.report(ctx, next, steps, took))
	if ended(ctx, err) || errors.Is(err, errElsewhere) {
		return r.interrupted()
	}
	if err != nil {
		return errors.Join(err, r.save())
	}
	clear(s.sums)
	s.done = 0
	s.Position = next
	if err := r.save(); err != nil || r.course == nil {
		return err
	}
	return r.course.tidy()
}

// report validates and says what the stretch has come to.
func (r *run) report(ctx context.Context, next Position, steps int, took time.Duration) error {
	for i, s := range r.State.sums {
		r.values[i] = s / float64(r.State.done)
	}
	if r.Validate != nil {
		if err := r.ranks.agree(ctx, r.Validate(next, r.values[len(r.Metrics):])); err != nil {
			return err
		}
	}
	if err := r.ranks.mean(r.values); err != nil {
		return err
	}
	if slow, err := r.ranks.slow(took); err != nil {
		return err
	} else if slow != "" {
		r.bar.say(slow)
	}
	row := row{
		at: next, values: r.values, took: took, wait: r.feed.waited(took),
		rate: float64(steps*max(r.Batch, 1)*r.ranks.size()) / took.Seconds(),
	}
	if r.course != nil {
		row.phase, row.lr = r.course.now()
	}
	err := r.rows.add(row)
	if err == nil {
		err = r.improve(next)
	}
	if r.course == nil {
		return err
	}
	// Rank 0 alone has a log to fail on, and Snapshot may need all ranks.
	if err := r.ranks.agree(ctx, err); err != nil {
		return err
	}
	return r.course.leave()
}

// improve tells of the best value so far.
func (r *run) improve(next Position) error {
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
	if r.Checkpoint == "" || !r.ranks.leads() {
		return nil
	}
	r.saved = time.Now()
	if err := r.State.finite(); err != nil {
		return fmt.Errorf("the training has diverged: a lower learning rate may help, and the last checkpoint is from before: %w", err)
	}
	return r.State.save(r.Checkpoint)
}

// saveMidway saves within an epoch. The metrics of what is done of it become means over
// the ranks, for the checkpoint is that of rank 0.
func (r *run) saveMidway() error {
	if err := r.ranks.mean(r.State.sums); err != nil {
		return err
	}
	return r.save()
}

// interrupted leaves a checkpoint. Without one the error is not ErrInterrupted, for a
// queue would start the training again and again.
func (r *run) interrupted() error {
	r.bar.finish()
	if err := r.saveMidway(); err != nil {
		return fmt.Errorf("interrupted, and the checkpoint could not be saved: %w", err)
	}
	if r.Checkpoint == "" {
		return ErrInterrupted
	}
	return fmt.Errorf("%w: %s holds all that was done", ErrInterrupted, r.Checkpoint)
}
