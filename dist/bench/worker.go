package main

import (
	"time"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/dist/bench/internal/workload"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/ops"
)

// worker is a rank that takes training steps, by itself or with the others.
type worker struct {
	step       *workload.Step
	pool       *ops.Pool
	reductions map[*nn.Program]*train.Reduction
	at         uint64
	waits      []int64 // ns behind each backward pass of the steps that were taken last
}

// newWorker compiles a step for threads of its own.
func newWorker(net string, batch, threads int) (*worker, error) {
	w := &worker{pool: ops.NewPool(threads), reductions: map[*nn.Program]*train.Reduction{}}
	var err error
	if w.step, err = workload.New(net, batch, nn.OnPool(w.pool)); err != nil {
		w.pool.Close()
		return nil, err
	}
	return w, nil
}

// join prepares what the ranks do together.
func (w *worker) join(c *dist.Comm, how train.Reduce) error {
	for _, p := range w.step.Parts {
		if p.Net == nil || w.reductions[p.Program] != nil {
			continue
		}
		r, err := how.New(c, p.Program, p.Net)
		if err != nil {
			return err
		}
		w.reductions[p.Program] = r
	}
	return nil
}

// take takes n steps: with the others if it has joined them.
func (w *worker) take(n int) error {
	w.waits = w.waits[:0]
	for range n {
		for _, p := range w.step.Parts {
			if err := p.Run(w.at); err != nil {
				return err
			}
			if r := w.reductions[p.Program]; r != nil {
				if err := w.wait(r); err != nil {
					return err
				}
			}
			p.Update()
		}
		w.at++
	}
	return nil
}

func (w *worker) wait(r *train.Reduction) error {
	before := r.Stats().Exposed
	err := r.Wait()
	w.waits = append(w.waits, int64(r.Stats().Exposed-before))
	return err
}

// busy is how long sums have been under way so far.
func (w *worker) busy() (d time.Duration) {
	for _, r := range w.reductions {
		d += r.Stats().Busy
	}
	return d
}

// sent is what a step's reductions are: their number, the bytes of their vectors, and the
// size of the largest bucket that was chosen.
func (w *worker) sent() (buckets int, bytes int64, size int) {
	for _, p := range w.step.Parts {
		if r := w.reductions[p.Program]; r != nil {
			s := r.Stats()
			buckets += s.Buckets
			bytes += s.Bytes
			size = max(size, r.Bucket())
		}
	}
	return buckets, bytes, size
}

// close gives the memory back, if there is any.
func (w *worker) close() {
	if w == nil {
		return
	}
	w.step.Close()
	w.pool.Close()
}
