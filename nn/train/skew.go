package train

import (
	"fmt"
	"slices"
	"time"

	"github.com/cascade-hpc/cascade/dist"
)

// What share of a stretch, and how much time, ranks wait for one of them before that is
// said. Ranks that are alike wait a little for whoever is last, now one and now another.
const (
	heldShare = 0.1
	heldTime  = time.Second
)

// skew tells which rank holds the others up.
type skew struct {
	before []time.Duration // of all ranks in requests, at the end of the stretch before
}

// look returns what there is to say of a stretch, or nothing. All ranks must call it.
func (s *skew) look(c *dist.Comm, took time.Duration) (string, error) {
	now, err := c.Skew()
	if err != nil {
		return "", err
	}
	waited := slices.Clone(now)
	for rank, t := range s.before { // none at first
		waited[rank] -= t
	}
	s.before = now
	return heldUp(waited, took), nil
}

// heldUp compares the rank that has waited least, since the others wait for it, with the
// mean of the others.
func heldUp(waited []time.Duration, took time.Duration) string {
	slow, sum := 0, time.Duration(0)
	for rank, t := range waited {
		sum += t
		if t < waited[slow] {
			slow = rank
		}
	}
	lost := (sum-waited[slow])/time.Duration(len(waited)-1) - waited[slow]
	if lost < heldTime || float64(lost) < heldShare*float64(took) {
		return ""
	}
	return fmt.Sprintf("rank %d holds the others up: they waited %v of %v for it; it has more to do, or a slower or busier machine", slow, lost.Round(time.Second/10), took.Round(time.Second/10))
}
