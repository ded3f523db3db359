package dist

import (
	"errors"
	"fmt"
	"time"
)

// Errors of collectives, by errors.Is.
var (
	// ErrMismatch: ranks called different collectives, or with different arguments.
	ErrMismatch = errors.New("the ranks disagree")
	// ErrLeft: a rank of the group has ended, failed or was given up, and the others
	// cannot go on without it.
	ErrLeft = errors.New("a rank has left")
	// ErrClosed: the group was closed.
	ErrClosed = errors.New("the communicator is closed")
	// ErrArgument: an argument is wrong, whatever the other ranks do.
	ErrArgument = errors.New("invalid argument")
)

// Comm is a group of ranks, seen by one of them. It is for one goroutine at a time; see
// the package's rules.
type Comm struct {
	t       transport
	carrier *carrier
	about   string
	wide    *half // scratch of reductions in BFloat16
	parent  *Comm // of a Comm that is made for requests
	world   bool  // of Init
	closed  bool
}

// transport is a way for ranks to reach each other. Vectors that ranks give to one call
// must be of the same kind and length; so many have been checked before: roots are ranks,
// and lengths of two arguments fit. Nothing may be kept after a return.
type transport interface {
	rank() int
	size() int
	node() (rank, size int) // among the ranks on this machine

	allreduce(v vector, op Op) error            // in place
	reduce(v vector, op Op, root int) error     // in place on root; others keep theirs
	bcast(v vector, root int) error             //
	allgather(dst, src vector) error            // dst is size() times src
	reduceScatter(dst, src vector, op Op) error // src is size() times dst, and keeps its numbers
	alltoall(dst, src vector) error             // piece i of src goes to rank i, from whom piece i of dst is
	barrier() error                             //
	split(colour, key int) (transport, error)   // nil for a negative colour
	splitNode() (transport, error)              // the ranks on this machine
	abort(code int, reason string)              // ends all ranks
	close() error                               //
}

// newComm makes the group of a transport; c works off what is started on it.
func newComm(t transport, c *carrier, about string) *Comm {
	return &Comm{t: t, carrier: c, about: about, wide: new(half)}
}

// inCarrier is the group for calls in the carrier's own goroutine.
func (c *Comm) inCarrier() *Comm {
	t := c.t
	if b, ok := t.(interface{ beside() transport }); ok {
		t = b.beside()
	}
	return &Comm{t: t, carrier: &carrier{inside: true}, about: c.about, parent: c, wide: c.wide}
}

// Rank is the number of this rank, from 0.
func (c *Comm) Rank() int { return c.t.rank() }

// Size is the number of ranks.
func (c *Comm) Size() int { return c.t.size() }

// LocalRank is the number of this rank among the ranks of the group on the same machine.
func (c *Comm) LocalRank() int { rank, _ := c.t.node(); return rank }

// LocalSize is the number of ranks of the group on the same machine.
func (c *Comm) LocalSize() int { _, size := c.t.node(); return size }

// String says what the group runs on: "rank 3 of 8 on Open MPI 4.1.4, …".
func (c *Comm) String() string {
	return fmt.Sprintf("rank %d of %d on %s", c.Rank(), c.Size(), c.about)
}

// Barrier waits until all ranks have called it.
func (c *Comm) Barrier() error { return c.do("Barrier", c.t.barrier) }

// Split makes a group of the ranks that give the same colour, in the order of their keys,
// and of their ranks where keys are equal. All ranks call it. Those with a negative
// colour get no group, and nil.
func (c *Comm) Split(colour, key int) (*Comm, error) {
	return c.split("Split", func() (transport, error) { return c.t.split(colour, key) })
}

// SplitNode makes a group of the ranks on the same machine, which share its memory.
func (c *Comm) SplitNode() (*Comm, error) { return c.split("SplitNode", c.t.splitNode) }

func (c *Comm) split(name string, split func() (transport, error)) (*Comm, error) {
	var part transport
	err := c.do(name, func() (err error) {
		part, err = split()
		return err
	})
	if err != nil || part == nil {
		return nil, err
	}
	return newComm(part, c.carrier, c.about), nil
}

// Abort ends all ranks of all groups at once, with an exit status and a reason that is
// printed with the rank. It does not wait for what is under way, and does not return
// where ranks are processes. Ranks in one process get ErrLeft instead.
func (c *Comm) Abort(code int, reason string) {
	if m := c.carrier.monitor; m != nil && !m.spread(reason) {
		// The others end all already.
		time.Sleep(lastWords)
	}
	c.t.abort(code, reason)
}

// Close ends the group. On the group of Init all ranks must call it; the program then
// cannot use MPI any more. Errors: those of the library, and that it does not end.
func (c *Comm) Close() error {
	if c.closed {
		return nil
	}
	defer func() { c.closed = true }()
	if !c.world {
		return c.do("Close", c.t.close)
	}
	// All together: a library may let some go while others have not come.
	if err := c.do("Close", c.t.barrier); err != nil {
		c.carrier.close()
		return err
	}
	err := c.end()
	if c.carrier.monitor != nil {
		c.carrier.monitor.leave()
	}
	return err
}

// end ends MPI, in the thread in which it began, or gives up: UCX is known to leave some
// ranks waiting over TCP (github.com/openucx/ucx/issues/8738).
func (c *Comm) end() error {
	limit := patience
	if m := c.carrier.monitor; m != nil {
		limit = atEnd * m.Heartbeat
	}
	late := time.NewTimer(limit)
	defer late.Stop()
	done := make(chan error, 1)
	c.carrier.alone = true
	go func() { done <- c.carrier.call("Close", c.t.close) }()
	var err error
	select {
	case err = <-done:
		c.carrier.close()
	case <-late.C: // the carrier is in the call still
		err = fmt.Errorf("MPI has not ended within %v, though all ranks have come to that", limit)
	}
	if err != nil {
		return fmt.Errorf("dist: Close: rank %d of %d: %w", c.Rank(), c.Size(), err)
	}
	return nil
}

// do calls a collective when all that was started before it is done.
func (c *Comm) do(name string, call func() error) error {
	if c.closed {
		return fmt.Errorf("dist: %s: %w", name, ErrClosed)
	}
	if err := c.carrier.call(name, call); err != nil {
		return fmt.Errorf("dist: %s: rank %d of %d: %w", name, c.Rank(), c.Size(), err)
	}
	return nil
}
