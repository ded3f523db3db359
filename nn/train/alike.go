package train

import (
	"fmt"
	"hash/crc64"
	"slices"

	"github.com/cascade-hpc/cascade/dist"
)

// alike refuses ranks that were given different trainings, by a launcher that starts each
// with arguments of its own, say: one would wait in the last step of another for ever.
func (l *Loop) alike() error {
	names := fmt.Sprintf("%q %q %q %s", l.Metrics, l.Validations, l.Best, l.planID())
	own := []int64{int64(l.Epochs), int64(l.Steps), int64(l.Batch), int64(crc64.Checksum([]byte(names), crcTable))}
	all, err := gathered(l.Comm, own...)
	if err != nil {
		return err
	}
	first := all[:len(own)]
	for rank := range l.Comm.Size() {
		its := all[rank*len(own):][:len(own)]
		switch {
		case slices.Equal(its, first):
		case slices.Equal(its[:3], first[:3]):
			return fmt.Errorf("%w: rank %d trains with other metrics, validations or another plan than rank 0", dist.ErrMismatch, rank)
		default:
			return fmt.Errorf("%w: rank %d trains %s, rank 0 %s", dist.ErrMismatch, rank, extent(its), extent(first))
		}
	}
	return nil
}

func extent(of []int64) string {
	return fmt.Sprintf("%d epochs of %d steps of %d samples", of[0], of[1], of[2])
}
