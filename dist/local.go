package dist

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// Run calls rank n times, in goroutines of their own, each with its Comm of a group of n,
// and returns when all have. Such ranks share the memory of the process: several workers
// to a socket without several processes, and tests without an MPI.
//
// If one returns an error or panics, the others get ErrLeft from their next collective, or
// from the one in which they wait. The errors are joined in the order of ranks, those that
// followed from another left out.
func Run(n int, rank func(c *Comm) error) error {
	if n < 1 {
		return fmt.Errorf("dist: %w: %d ranks", ErrArgument, n)
	}
	w, errs := new(world), make([]error, n)
	g := w.newGroup(ranks(n))
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			c := newComm(&local{w, g, i}, newCarrier(false), "goroutines of one process")
			defer c.carrier.close()
			finished := false
			defer func() {
				if !finished { // the panic goes on, and ends the process unless somebody catches it
					w.fail(fmt.Errorf("%w: rank %d panicked", ErrLeft, i))
				}
			}()
			errs[i] = rank(c)
			finished = true
			if errs[i] != nil {
				w.fail(fmt.Errorf("%w: rank %d: %w", ErrLeft, i, errs[i]))
			}
			w.leave(i)
		})
	}
	all.Wait()
	return joined(errs)
}

func ranks(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// joined leaves out what only followed from the error of another rank.
func joined(errs []error) error {
	var causes []error
	for _, err := range errs {
		if err != nil && !errors.Is(err, ErrLeft) {
			causes = append(causes, err)
		}
	}
	if len(causes) == 0 {
		return errors.Join(errs...)
	}
	return errors.Join(causes...)
}

// world is all groups of the ranks of one Run.
type world struct {
	mu     sync.Mutex
	groups []*group
	failed error
}

// group is what its ranks share.
type group struct {
	members []int  // their ranks in the world
	calls   []call // of the ranks, in the collective under way
	meet    *barrier
	parts   map[int]*group // by colour, in a split
	why     atomic.Pointer[error]
}

// newGroup makes a group of ranks of the world.
func (w *world) newGroup(members []int) *group {
	g := &group{members: members, calls: make([]call, len(members)), meet: newBarrier(len(members))}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.groups = append(w.groups, g)
	if w.failed != nil {
		g.fail(w.failed)
	}
	return g
}

// fail ends all groups.
func (w *world) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed == nil {
		w.failed = err
	}
	for _, g := range w.groups {
		g.fail(err)
	}
}

// leave ends the groups of a rank that makes no more calls.
func (w *world) leave(rank int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, g := range w.groups {
		if slices.Contains(g.members, rank) {
			g.fail(fmt.Errorf("%w: rank %d has returned", ErrLeft, rank))
		}
	}
}

// fail ends a group; of several reasons the first counts.
func (g *group) fail(err error) {
	if g.why.CompareAndSwap(nil, &err) {
		g.meet.fail()
	}
}
