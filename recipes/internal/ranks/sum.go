package ranks

import (
	"errors"

	"github.com/cascade-hpc/cascade/dist"
)

// ErrElsewhere is what Sum returns on a rank that is well, where another is not.
var ErrElsewhere = errors.New("another rank failed in its share")

// Sum ends some work of which each rank did a share, and adds up what came of the shares.
// All ranks must call it, whatever error theirs ended with: that one is returned. A share
// may be interrupted on some ranks alone; see Told.
func Sum(c *dist.Comm, err error, values ...[]float64) error {
	if c.Size() == 1 {
		return err
	}
	failed := []float64{0}
	if err != nil {
		failed[0] = 1
	}
	for _, v := range append([][]float64{failed}, values...) {
		if e := dist.Allreduce(c, v, dist.Sum); e != nil {
			return errors.Join(err, e)
		}
	}
	if err == nil && failed[0] > 0 {
		return ErrElsewhere
	}
	return err
}

// Told is err, or nil for ErrElsewhere: what Validate and Snapshot of a train.Loop are to
// return, which learns from the other rank what that has met.
func Told(err error) error {
	if errors.Is(err, ErrElsewhere) {
		return nil
	}
	return err
}
