package dist

import "time"

// Skew is how long each rank has been in requests so far: it has waited for others there, and
// reduced. Who is late finds the others waiting, and waits for nobody, so that the rank
// with the least is the one that holds the others up. All ranks call it, on the group of
// Init or Run; it exchanges 8 bytes a rank.
func (c *Comm) Skew() ([]time.Duration, error) {
	all := make([]int64, c.Size())
	if err := Allgather(c, all, []int64{c.carrier.busy.Load()}); err != nil {
		return nil, err
	}
	times := make([]time.Duration, len(all))
	for rank, t := range all {
		times[rank] = time.Duration(t)
	}
	return times, nil
}
