package signs

import (
	"fmt"
	"slices"
	"strings"
	"unsafe"

	"github.com/cascade-hpc/cascade/nn"
)

// What is said of rectified units.
const (
	silence = 1000 // samples in a row without a gradient after which a unit is dead,
	atLeast = 20   // and so many runs
	died    = 0.3  // share of a layer's units that is too much if they died in training,
	dead    = 0.5  // and if they may have been dead from the beginning
)

// layer counts for how many samples each unit of a rectified layer has had no gradient.
type layer struct {
	nn.Rectified
	silent []int
	alive  []bool // had a gradient once
	enough int    // samples without a gradient that make a unit dead
}

// meet takes in the rectified layers of a program that is new.
func (n *net) meet(p *program) {
	for _, r := range p.Rectified() {
		if r.Net == n.Net {
			n.of[p] = append(n.of[p], n.layer(r, p.Batch()))
		}
	}
}

// layer finds the counts of a layer that another program trains, too, or makes them.
func (n *net) layer(r nn.Rectified, batch int) *layer {
	i := slices.IndexFunc(n.layers, func(l *layer) bool {
		return unsafe.SliceData(l.Gradient) == unsafe.SliceData(r.Gradient)
	})
	if i < 0 {
		i = len(n.layers)
		n.layers = append(n.layers, &layer{Rectified: r, silent: make([]int, r.Units), alive: make([]bool, r.Units)})
	}
	l := n.layers[i]
	l.enough = max(l.enough, silence, atLeast*batch)
	return l
}

// count takes in the gradients of the last run of a net, ahead of the next one. It does not
// count where the loss has become small: many samples then have a gradient of 0, for no
// unit's fault.
func (w *Watch) count(n *net) {
	if !n.unread || w.over {
		return
	}
	n.unread = false
	if none(n.Net.Gradients()) {
		n.none++
		return
	}
	n.none = 0
	if !n.last.losses.remains() {
		return
	}
	for _, l := range n.of[n.last] {
		l.count(n.last.Batch(), n.weights.moved)
	}
}

// none says that all elements are 0. Mostly the last element already is not.
func none(x []float32) bool {
	for i := range x {
		if x[len(x)-1-i] != 0 {
			return false
		}
	}
	return true
}

// count takes in the gradients of a run. Before the first update no unit is silent: what
// is behind a scale of 0, as residual blocks may begin with, has no gradient there.
func (l *layer) count(batch int, moved bool) {
	per := len(l.Gradient) / l.Units
	for i := range l.silent {
		switch {
		case !none(l.Gradient[i*per : (i+1)*per]):
			l.silent[i], l.alive[i] = 0, true
		case moved:
			l.silent[i] += batch
		}
	}
}

// dead counts the units that are, and those of them that never had a gradient.
func (l *layer) dead() (all, never int) {
	for i, samples := range l.silent {
		if samples >= l.enough {
			all++
			if !l.alive[i] {
				never++
			}
		}
	}
	return all, never
}

// dead looks for layers that die. One that is dead altogether cuts off others: those before it
// get no gradient, and those behind it nothing but zeros.
func (w *Watch) dead(n *net) {
	var worst *layer
	var cut []string
	most := 0.0
	for _, l := range n.layers {
		all, never := l.dead()
		if all == l.Units {
			cut = append(cut, fmt.Sprintf("%q (%d)", l.Layer, all))
		}
		share, born := float64(all)/float64(l.Units), float64(never)/float64(l.Units)
		if (share > dead || share-born > died) && share > most {
			worst, most = l, share
		}
	}
	const help = "a lower learning rate (it is %g), batch normalisation or nn.HeNormal may help, and a LeakyReLU does not die"
	switch {
	case len(cut) > 0:
		w.said[key(DeadReLUs, n.Net.Name())] = true // what comes back to life is no news
		w.say(DeadReLUs, n.Net.Name()+", all", "no rectified unit had a gradient for the last %d samples in these layers of net %q: %s; one such layer stops the learning of all that leads to it: "+help,
			worst.enough, n.Net.Name(), strings.Join(cut, ", "), n.Optimizer.LR())
	case worst != nil:
		all, never := worst.dead()
		w.say(DeadReLUs, n.Net.Name(), "%d of the %d rectified units of %q in net %q had no gradient for the last %d samples, and %d of them never had one; they will not learn any more: "+help,
			all, worst.Units, worst.Layer, n.Net.Name(), worst.enough, never, n.Optimizer.LR())
	}
}
