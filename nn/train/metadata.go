package train

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"strconv"
	"strings"

	"github.com/cascade-hpc/cascade/nn/optim"
)

// The keys of a checkpoint's own metadata; those of optimizers come from Member.key.
const (
	formatKey = "format"
	formatVal = "cascade checkpoint"
	epochKey  = "epoch"
	stepKey   = "step"
	stepsKey  = "steps_per_epoch"
	totalKey  = "total_steps"
	sumsKey   = "metric_sums"
	doneKey   = "metric_steps"
	planKey   = "plan"
	bestKey   = "best"
	bestByKey = "best_by"

	updatesKey  = "updates"       // of an average
	takenKey    = "steps"         // by an optimizer
	rateKey     = "learning_rate" // of an optimizer, as what follows
	decayKey    = "weight_decay"
	momentumKey = "momentum"
)

// own is the metadata that Save adds to the user's.
func (s *State) own() map[string]string {
	m := map[string]string{
		formatKey: formatVal,
		epochKey:  strconv.Itoa(s.Position.Epoch),
		stepKey:   strconv.Itoa(s.Position.Step),
		stepsKey:  strconv.Itoa(s.steps),
		totalKey:  strconv.FormatUint(s.Position.Total, 10),
		sumsKey:   joinFloats(s.sums),
		doneKey:   strconv.Itoa(s.done),
		planKey:   s.plan,
		bestKey:   joinFloats([]float64{s.best}),
		bestByKey: s.bestBy,
	}
	for _, member := range s.Members {
		if a := member.Average; a != nil {
			m[member.averageKey(updatesKey)] = strconv.FormatInt(a.Updates(), 10)
		}
		if o := member.Optimizer; o != nil {
			m[member.key(takenKey)] = strconv.FormatInt(o.Steps(), 10)
			for key, v := range map[string]float64{rateKey: o.LR(), decayKey: o.WeightDecay(), momentumKey: o.Momentum()} {
				m[member.key(key)] = strconv.FormatFloat(v, 'g', -1, 64)
			}
		}
	}
	return m
}

// count is where an optimizer and an average stood.
type count struct {
	steps, updates        int64
	rate, decay, momentum float64
}

// set gives the optimizer its rates back.
func (c count) set(o *optim.Optimizer) error {
	o.SetLR(c.rate)
	return errors.Join(o.SetWeightDecay(c.decay), o.SetMomentum(c.momentum))
}

// state is the opposite of own: the state that was saved, with the user's metadata,
// and the counts of the members' optimizers.
func (r *reader) state(members []Member) (State, []count) {
	if format := r.metadata[formatKey]; format != formatVal {
		r.err = fmt.Errorf("%s: its format is %q, not %q: it is no checkpoint", r.path, format, formatVal)
		return State{}, nil
	}
	s := State{
		Members:  members,
		Position: Position{Epoch: int(r.integer(epochKey)), Step: int(r.integer(stepKey)), Total: uint64(r.integer(totalKey))},
		Metadata: maps.Clone(r.metadata),
		sums:     r.floats(sumsKey),
		done:     int(r.integer(doneKey)),
		plan:     r.metadata[planKey],
		steps:    int(r.integer(stepsKey)),
		best:     r.float(bestKey),
		bestBy:   r.metadata[bestByKey],
	}
	counts := make([]count, len(members))
	for i, m := range members {
		if m.Optimizer != nil {
			counts[i] = count{
				steps: r.integer(m.key(takenKey)), rate: r.float(m.key(rateKey)),
				decay: r.float(m.key(decayKey)), momentum: r.float(m.key(momentumKey)),
			}
		}
		if m.Average != nil {
			counts[i].updates = r.integer(m.averageKey(updatesKey))
		}
	}
	for key := range s.own() {
		delete(s.Metadata, key)
	}
	return s, counts
}

// reader takes values out of a checkpoint's metadata, and keeps the first error.
type reader struct {
	path     string
	metadata map[string]string
	err      error
}

// integer is a number of steps or epochs: not negative.
func (r *reader) integer(key string) int64 {
	n, err := strconv.ParseInt(r.metadata[key], 10, 64)
	if err != nil || n < 0 {
		r.fail(key, "a whole number")
	}
	return n
}

func (r *reader) float(key string) float64 {
	v, err := strconv.ParseFloat(r.metadata[key], 64)
	if err != nil || math.IsNaN(v) {
		r.fail(key, "a number")
	}
	return v
}

func (r *reader) floats(key string) []float64 {
	var list []float64
	for _, field := range strings.Fields(r.metadata[key]) {
		v, err := strconv.ParseFloat(field, 64)
		if err != nil {
			r.fail(key, "numbers")
		}
		list = append(list, v)
	}
	return list
}

func (r *reader) fail(key, expected string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s: the metadata entry %q is %q, not %s", r.path, key, r.metadata[key], expected)
	}
}

// joinFloats writes numbers so that they are read back to the bit.
func joinFloats(list []float64) string {
	fields := make([]string, len(list))
	for i, v := range list {
		fields[i] = strconv.FormatFloat(v, 'x', -1, 64)
	}
	return strings.Join(fields, " ")
}
