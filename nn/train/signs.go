package train

import (
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/nn/signs"
)

// watch begins to watch the nets, with a watch of the loop's own if it was given none.
func (r *run) watch() {
	if r.signs = r.Signs; r.signs == nil {
		r.signs = new(signs.Watch)
	}
	members := make([]signs.Member, len(r.State.Members))
	for i, m := range r.State.Members {
		members[i] = signs.Member{Net: m.Net, Optimizer: m.Optimizer}
	}
	r.signs.Begin(members, r.State.Position.Total)
}

// watched does a step, says what signs it shows, and refuses metrics that are not finite.
func (r *run) watched(at Position) error {
	r.signs.Before()
	err := r.Step(at, r.metrics)
	fresh := r.signs.After()
	if err == nil {
		fresh, err = r.lost(fresh)
	}
	for _, s := range fresh {
		r.bar.say("early sign, " + s.String())
	}
	return err
}

// lost is the error of a metric that is not finite, with the sign that tells the reason,
// and the other signs.
func (r *run) lost(fresh []signs.Sign) ([]signs.Sign, error) {
	i := slices.IndexFunc(r.metrics, func(v float64) bool { return !finite(v) })
	if i < 0 {
		return fresh, nil
	}
	err := fmt.Errorf("the metric %q is %g", r.Metrics[i], r.metrics[i])
	why := slices.IndexFunc(fresh, func(s signs.Sign) bool { return s.Kind == signs.NotFinite })
	if why >= 0 {
		err = fmt.Errorf("%w: %s; the last checkpoint is from before", err, fresh[why].Text)
		return slices.Delete(slices.Clone(fresh), why, why+1), err
	}
	err = fmt.Errorf("%w: the training has diverged: a lower learning rate may help, and the last checkpoint is from before", err)
	if bad := r.State.finite(); bad != nil {
		err = fmt.Errorf("%w (%w)", err, bad)
	}
	return fresh, err
}
