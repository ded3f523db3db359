package train

import (
	"context"
	"errors"
	"fmt"
	"hash/crc64"
	"io"
	"time"
	"unsafe"

	"github.com/cascade-hpc/cascade/dist"
)

// compared is how many steps lie between two comparisons of what the ranks hold. A
// checksum takes a millisecond for some million parameters.
const compared = 100

// ErrDiverged: ranks that must hold the same weights hold different ones.
var ErrDiverged = errors.New("the ranks have different weights")

// errElsewhere is an interruption that another rank had.
var errElsewhere = errors.New("another rank was interrupted")

// ranks is a loop together with those of other ranks.
type ranks struct {
	comm   *dist.Comm
	state  *State
	pulse  *dist.Request
	beats  []int64 // what goes around with the pulse: wishes to stop and to save, a checksum, and less it
	going  bool    // a pulse is under way
	sum    int64   // the checksum that was sent
	agreed bool    // the error at hand is known to all ranks
	skew   skew
}

// together begins a loop in a group: all ranks get the state of rank 0, and the others
// write nothing.
func (l *Loop) together() (*Loop, *ranks, error) {
	if l.Comm == nil || l.Comm.Size() == 1 {
		return l, nil, nil
	}
	if err := l.alike(); err != nil {
		return nil, nil, err
	}
	if err := l.State.share(l.Comm); err != nil {
		return nil, nil, err
	}
	r := &ranks{comm: l.Comm, state: l.State, beats: make([]int64, 4)}
	var err error
	if r.pulse, err = dist.AllreduceInit(l.Comm, r.beats, dist.Max); err != nil {
		return nil, nil, err
	}
	if l.Comm.Rank() == 0 {
		return l, r, nil
	}
	quiet := *l
	quiet.Out, quiet.Bar, quiet.Log = io.Discard, io.Discard, ""
	return &quiet, r, nil
}

// leads says that this rank is the one that writes.
func (r *ranks) leads() bool { return r == nil || r.comm.Rank() == 0 }

func (r *ranks) size() int {
	if r == nil {
		return 1
	}
	return r.comm.Size()
}

// end waits for the last pulse.
func (r *ranks) end() error {
	if r == nil || !r.going {
		return nil
	}
	r.going = false
	return r.pulse.Wait()
}

// beat tells the other ranks, beside the step that follows, whether this one is to stop, and
// rank 0 whether a checkpoint is due. It returns what was told at the step before: all ranks
// learn of it at the same step.
func (r *ranks) beat(wantsStop, wantsSave bool) (stop, save bool, err error) {
	if r.going {
		r.going = false
		if err := r.pulse.Wait(); err != nil {
			return false, false, err
		}
		if r.beats[2] != -r.beats[3] {
			return false, false, r.diverged()
		}
		stop, save = r.beats[0] > 0, r.beats[1] > 0
	}
	if stop {
		return true, false, nil
	}
	clear(r.beats)
	if wantsStop {
		r.beats[0] = 1
	}
	if wantsSave && r.leads() && !save { // which is about to be done
		r.beats[1] = 1
	}
	if r.state.Position.Total%compared == 0 {
		r.sum = r.checksum()
		r.beats[2], r.beats[3] = r.sum, -r.sum
	}
	r.going = true
	r.pulse.Start()
	return false, save, nil
}

// checksum is of all that ranks must have in common.
func (r *ranks) checksum() int64 {
	sum := uint64(0)
	for _, m := range r.state.Members {
		for _, x := range [][]float32{m.Net.Weights(), m.Net.Statistics()} {
			if len(x) > 0 {
				sum = crc64.Update(sum, crcTable, unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), 4*len(x)))
			}
		}
	}
	return int64(sum >> 1) // not negative, so that its opposite is a number too
}

var crcTable = crc64.MakeTable(crc64.ECMA)

// diverged names the ranks that are not like rank 0.
func (r *ranks) diverged() error {
	all, err := gathered(r.comm, r.sum)
	if err != nil {
		return err
	}
	r.agreed = true
	var others []int
	for rank, sum := range all {
		if sum != all[0] {
			others = append(others, rank)
		}
	}
	return fmt.Errorf("%w: those of ranks %v are not those of rank 0: gradients were not reduced for all nets that are trained, or a machine is at fault", ErrDiverged, others)
}

// gathered are the numbers of all ranks, in their order.
func gathered(c *dist.Comm, own ...int64) ([]int64, error) {
	all := make([]int64, len(own)*c.Size())
	return all, dist.Allgather(c, all, own)
}

// mean makes the values means over the ranks.
func (r *ranks) mean(values []float64) error {
	if r == nil || len(values) == 0 {
		return nil
	}
	if err := dist.Allreduce(r.comm, values, dist.Sum); err != nil {
		return err
	}
	for i := range values {
		values[i] /= float64(r.comm.Size())
	}
	return nil
}

// slow says which rank holds the others up, if one does: a stretch took so long.
func (r *ranks) slow(took time.Duration) (string, error) {
	if r == nil {
		return "", nil
	}
	return r.skew.look(r.comm, took)
}

// agree makes an error, or an interruption, of one rank one of all.
func (r *ranks) agree(ctx context.Context, err error) error {
	if r == nil {
		return err
	}
	code := int64(0)
	switch {
	case errors.Is(err, errElsewhere), ended(ctx, err):
		code = 1
	case err != nil:
		code = 2
	}
	all, e := gathered(r.comm, code)
	if e != nil {
		return errors.Join(err, e)
	}
	r.agreed = true
	for rank, c := range all {
		if c == 2 && code != 2 { // ahead of an interruption of this rank
			return fmt.Errorf("%w: rank %d failed, and says why", dist.ErrLeft, rank)
		}
	}
	for _, c := range all {
		if c == 1 && err == nil {
			return errElsewhere
		}
	}
	r.agreed = err != nil
	return err
}

// giveUp ends the other ranks, which cannot go on, unless they know.
func (r *ranks) giveUp(err error) {
	if r == nil || err == nil || r.agreed || errors.Is(err, ErrInterrupted) || errors.Is(err, dist.ErrLeft) {
		return
	}
	r.comm.Abort(1, err.Error())
}
