package main

import (
	"slices"
	"time"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn/train"
)

// rounds measures a rank's steps in three ways that take turns.
type rounds struct {
	c *dist.Comm
	// Of the same step, since a program whose gradients are reduced always sends them.
	one    *worker // with the batch of one rank alone; nil on ranks but 0
	single *worker // for itself, with the batch of a rank among several
	member *worker // of the group
	n      int     // steps at a time
	nap    time.Duration
}

// lap is what a way came to in a round, in ms of a step: means over ranks, but last is of
// the rank that came last to each reduction.
type lap struct{ took, busy, exposed, last float64 }

// compile makes the workers.
func (r *rounds) compile(s scaling, how train.Reduce) (err error) {
	if r.member, err = newWorker(s.Net, s.Batch, s.Threads); err != nil {
		return err
	}
	if r.single, err = newWorker(s.Net, s.Batch, s.Threads); err != nil {
		return err
	}
	switch {
	case r.c.Rank() != 0:
	case s.One == s.Batch:
		r.one = r.single
	default:
		if r.one, err = newWorker(s.Net, s.One, s.Threads); err != nil {
			return err
		}
	}
	return r.member.join(r.c, how)
}

// close gives the workers' memory back.
func (r *rounds) close() {
	if r.one != r.single {
		r.one.close()
	}
	r.single.close()
	r.member.close()
}

// warm takes steps of all kinds, and settles how many fit into some time.
func (r *rounds) warm(d time.Duration) error {
	const steps = 2
	r.n = steps
	for range 2 { // the first fetches memory from the system
		if _, err := r.together(); err != nil {
			return err
		}
	}
	l, err := r.apart()
	if err != nil {
		return err
	}
	n := []int64{max(1, int64(float64(d.Milliseconds())/l.took))}
	if err := dist.Bcast(r.c, n, 0); err != nil {
		return err
	}
	for range 2 {
		if l, err = r.alone(); err != nil {
			return err
		}
	}
	r.n = int(n[0])
	r.nap = time.Duration(float64(r.n) * l.took * 1e6)
	return nil
}

// alone measures rank 0. The others sleep: a rank that waits in MPI would keep a core.
func (r *rounds) alone() (lap, error) {
	if err := r.c.Barrier(); err != nil {
		return lap{}, err
	}
	began := time.Now()
	if r.one != nil {
		if err := r.one.take(r.n); err != nil {
			return lap{}, err
		}
	} else {
		time.Sleep(r.nap)
	}
	took := []float64{r.perStep(time.Since(began))}
	err := dist.Bcast(r.c, took, 0)
	return lap{took: took[0]}, err
}

// apart measures all ranks at once.
func (r *rounds) apart() (lap, error) { return r.all(r.single) }

// together measures all ranks that reduce their gradients.
func (r *rounds) together() (lap, error) { return r.all(r.member) }

func (r *rounds) all(w *worker) (lap, error) {
	if err := r.c.Barrier(); err != nil {
		return lap{}, err
	}
	busy, began := w.busy(), time.Now()
	if err := w.take(r.n); err != nil {
		return lap{}, err
	}
	took := time.Since(began)
	mean := []float64{r.perStep(took), r.perStep(w.busy() - busy), r.perStep(sum(w.waits))}
	if err := dist.Allreduce(r.c, mean, dist.Sum); err != nil {
		return lap{}, err
	}
	// The rank that comes last waits least: the others wait for it, too.
	if err := dist.Allreduce(r.c, w.waits, dist.Min); err != nil {
		return lap{}, err
	}
	n := float64(r.c.Size())
	return lap{mean[0] / n, mean[1] / n, mean[2] / n, r.perStep(sum(w.waits))}, nil
}

func sum(waits []int64) (d time.Duration) {
	for _, wait := range waits {
		d += time.Duration(wait)
	}
	return d
}

func (r *rounds) perStep(d time.Duration) float64 { return float64(d) / 1e6 / float64(r.n) }

// measure takes rounds, every second one backwards, so that what drifts meets all ways
// alike.
func (r *rounds) measure(count int, s *scaling) error {
	var laps [3]lap
	ways := []func() (lap, error){r.alone, r.apart, r.together}
	order := []int{0, 1, 2}
	for range count {
		for _, way := range order {
			l, err := ways[way]()
			if err != nil {
				return err
			}
			laps[way] = l
		}
		slices.Reverse(order)
		s.Alone = append(s.Alone, laps[0].took)
		s.Apart = append(s.Apart, laps[1].took)
		s.Together = append(s.Together, laps[2].took)
		s.Busy = append(s.Busy, laps[2].busy)
		s.Exposed = append(s.Exposed, laps[2].exposed)
		s.Last = append(s.Last, laps[2].last)
	}
	return nil
}
