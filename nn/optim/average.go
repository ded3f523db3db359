package optim

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/ops"
)

// Averaged is what can be averaged over a training; a built network is.
type Averaged interface {
	Weights() []float32
	// Statistics are the running statistics of batch normalisation.
	Statistics() []float32
}

// ErrInUse is the error of [Average.With] within [Average.With].
var ErrInUse = errors.New("the average is in use")

// Average is an average of a net's weights over a training, made by [EMA] or [SWA]. It
// is for one goroutine, and takes as much memory as what it averages.
//
// Running statistics of batch normalisation are averaged like the weights, as timm
// does. They are not what a pass over the data would give for the averaged weights.
// Where that matters, in SWA above all (Izmailov et al., section 3.2), estimate them
// anew within [Average.With]: Reestimate of package train does it.
type Average struct {
	law     law
	state   []Slot // the average, or in With what is averaged
	blocks  []averaging
	updates int64
	now     mixing
	inside  bool
	pool    *ops.Pool
}

// law is how much of the average remains in update number n, from 1.
type law interface{ keep(n int64) float64 }

// averaging is a block of what is averaged, and of the state.
type averaging struct{ live, kept []float32 }

// mixing is what a pass does: the share of the average that remains; or an exchange.
type mixing struct {
	keep float64
	swap bool
}

// The names of an average's slots.
const (
	averageWeights    = "average_weights"
	averageStatistics = "average_statistics"
)

func newAverage(of Averaged, l law) (*Average, error) {
	weights, statistics := of.Weights(), of.Statistics()
	if len(weights) == 0 {
		return nil, errors.New("optim: there are no weights to average")
	}
	a := &Average{law: l, pool: ops.Default()}
	if err := a.pool.Err(); err != nil {
		return nil, fmt.Errorf("optim: %w", err)
	}
	a.add(averageWeights, weights)
	a.add(averageStatistics, statistics)
	return a, nil
}

// add makes a slot for a buffer that may be empty.
func (a *Average) add(name string, live []float32) {
	kept := ops.Alloc(len(live))
	copy(kept, live)
	a.state = append(a.state, Slot{Name: name, Data: kept})
	for begin := 0; begin < len(live); begin += blockSize {
		end := min(begin+blockSize, len(live))
		a.blocks = append(a.blocks, averaging{live[begin:end], kept[begin:end]})
	}
}

// Update takes what the net has now into the average, usually after a step of the
// optimizer (EMA), or at the end of an epoch or cycle (SWA). The first update copies.
// It moves 12 bytes for each parameter and does not allocate.
func (a *Average) Update() {
	a.updates++
	a.pass(mixing{keep: a.law.keep(a.updates)})
}

// Updates is the number of updates taken.
func (a *Average) Updates() int64 { return a.updates }

// With calls do while the net has the average for its weights and statistics, and gives
// it back its own. In do the net is to be looked at: validated, saved by its Save, its
// statistics estimated anew, which stay with the average. It is not to be trained then,
// and a checkpoint of the training would have one for the other. Before the first update
// the average is what the net was when the average was made. Errors: those of do;
// ErrInUse.
func (a *Average) With(do func() error) error {
	if a.inside {
		return fmt.Errorf("optim: %w", ErrInUse)
	}
	a.pass(mixing{swap: true})
	a.inside = true
	defer func() {
		a.pass(mixing{swap: true})
		a.inside = false
	}()
	return do()
}

// InUse says that [Average.With] is under way, and the net has the average.
func (a *Average) InUse() bool { return a.inside }

// State is what a checkpoint saves beside [Average.Updates]. The buffers are the
// average's own, and are to be read outside of [Average.With].
func (a *Average) State() []Slot { return slices.Clone(a.state) }

// Restore goes back to a saved state and number of updates. After an error nothing is
// changed.
func (a *Average) Restore(state []Slot, updates int64) error {
	if a.inside {
		return fmt.Errorf("optim: cannot restore an average: %w", ErrInUse)
	}
	if updates < 0 {
		return fmt.Errorf("optim: cannot restore an average after %d updates", updates)
	}
	if err := restore(a.state, state); err != nil {
		return err
	}
	a.updates = updates
	return nil
}

func (a *Average) pass(now mixing) {
	a.now = now
	a.pool.Run(len(a.blocks), (*averages)(a))
}

// averages is a pass as the workers see it.
type averages Average

func (p *averages) Part(_, part int) {
	b := p.blocks[part]
	if p.inside { // each has the other's memory
		b.live, b.kept = b.kept, b.live
	}
	switch {
	case p.now.swap:
		ops.Swap(b.live, b.kept)
	case p.now.keep == 0:
		copy(b.kept, b.live)
	default:
		ops.Mix(b.kept, b.live, p.now.keep, 1-p.now.keep)
	}
}
