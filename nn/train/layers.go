package train

import (
	"errors"

	"github.com/cascade-hpc/cascade/dist"
)

// layers is the group to reduce in: that of [dist.Hierarchical] where there are several
// ranks on each of several machines, as many on all, and it is faster.
func layers(c *dist.Comm) (chosen *dist.Comm, layered bool, err error) {
	if c.LocalSize() == c.Size() { // on all ranks alike: no group is made to be thrown away
		return c, false, nil
	}
	near, err := c.SplitNode()
	if err != nil {
		return nil, false, err
	}
	chosen, layered, err = faster(c, near)
	if errors.Is(err, dist.ErrArgument) { // on all ranks alike: there are no such machines
		chosen, err = c, nil
	}
	if err == nil && !layered {
		err = near.Close()
	}
	return chosen, layered, err
}

// faster measures a reduction of the size of a bucket both ways. Rank 0 decides.
func faster(c, near *dist.Comm) (chosen *dist.Comm, layered bool, err error) {
	h, err := dist.Hierarchical(c, near)
	if err != nil {
		return nil, false, err
	}
	x, err := dist.Alloc[float32](largeBucket / 4)
	if err != nil {
		return nil, false, err
	}
	plain, err := timed(c, x)
	if err != nil {
		return nil, false, err
	}
	steps, err := timed(h, x)
	if err != nil {
		return nil, false, err
	}
	return decide(c, h, steps < plain)
}

// decide is rank 0's choice between two ways on all ranks.
func decide(c, h *dist.Comm, better bool) (chosen *dist.Comm, layered bool, err error) {
	choice := []int64{0}
	if better {
		choice[0] = 1
	}
	if err := dist.Bcast(c, choice, 0); err != nil {
		return nil, false, err
	}
	if choice[0] == 1 {
		return h, true, nil
	}
	return c, false, h.Close()
}
