package dist

import (
	"fmt"
	"time"
)

// Request is a piece of work, such as a reduction, that goes on beside the caller.
type Request struct {
	c    *Comm
	name string
	work func(now *Comm) error

	done       chan struct{}
	started    bool
	err        error
	begin, end time.Time
}

// Prepare makes a request of any work: collectives, and what belongs to them. In its turn
// work is called in the goroutine of requests with a Comm of the same group, which is of
// use in it alone. It says nothing to the other ranks yet. A start and a wait allocate
// nothing.
func Prepare(c *Comm, work func(now *Comm) error) *Request {
	return &Request{c: c.inCarrier(), name: "a request", work: work, done: make(chan struct{}, 1)}
}

// AllreduceInit prepares an Allreduce of x to be started and waited for again and again,
// as MPI-4's MPI_Allreduce_init does.
func AllreduceInit[T Number](c *Comm, x []T, op Op) (*Request, error) {
	if err := op.check(); err != nil {
		return nil, fmt.Errorf("dist: AllreduceInit: %w", err)
	}
	v := vectorOf(x)
	return Prepare(c, func(now *Comm) error { return now.allreduce(v, op) }), nil
}

// Iallreduce is AllreduceInit and Start. x must be left alone until Wait has returned.
func Iallreduce[T Number](c *Comm, x []T, op Op) (*Request, error) {
	r, err := AllreduceInit(c, x, op)
	if err != nil {
		return nil, err
	}
	r.Start()
	return r, nil
}

// Start begins the reduction, behind all that were started before. All ranks must start
// theirs in the same order. A request that is under way must be waited for first.
func (r *Request) Start() {
	if r.started {
		panic("dist: a request is started that was not waited for")
	}
	r.started = true
	r.c.parent.carrier.start(r)
}

// Wait returns when the reduction is done. Without a Start it returns at once.
func (r *Request) Wait() error {
	if !r.started {
		return nil
	}
	<-r.done
	r.started = false
	if r.err != nil {
		return fmt.Errorf("dist: request: rank %d of %d: %w", r.c.Rank(), r.c.Size(), r.err)
	}
	return nil
}

// Span is when the last reduction that was waited for was under way, without the time in
// the queue.
func (r *Request) Span() (begin, end time.Time) { return r.begin, r.end }

func (r *Request) run() {
	r.begin = time.Now()
	if r.c != nil && r.c.parent.closed {
		r.err = ErrClosed
	} else {
		r.err = r.work(r.c)
	}
	r.end = time.Now()
}
