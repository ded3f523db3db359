package signs

import (
	"slices"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
)

// Watch watches a training. The zero value is ready for [Watch.Begin]. It is for the
// goroutine of the training.
type Watch struct {
	// Every is the number of steps between two looks at all weights and gradients; 0 is
	// 50. The first looks are closer: see the package's documentation.
	Every int

	off   bool
	signs []Sign
	told  int             // signs that After has returned
	said  map[string]bool // what there is a sign of
	step  uint64          // steps of the training that are done
	look  bool            // the step at hand is one of a look
	whole bool            // the training is watched from its first step
	over  bool            // something is not finite: what follows is a consequence

	nets     []*net
	programs map[*nn.Program]*program
}

// Off is a watch that sees nothing and costs nothing.
var Off = &Watch{off: true}

// Member is a net with the optimizer that trains it. Members without one are not
// watched.
type Member struct {
	Net       *nn.Net
	Optimizer *optim.Optimizer
}

// Begin watches the nets until End, through [nn.Net.AroundRuns]. steps is the number of
// steps that are done already. What was said before Begin is not said again.
func (w *Watch) Begin(members []Member, steps uint64) {
	if w.off {
		return
	}
	if w.said == nil {
		w.said = map[string]bool{}
	}
	w.step, w.whole, w.over = steps, steps == 0, false
	w.nets, w.programs = nil, map[*nn.Program]*program{}
	for _, m := range members {
		if m.Optimizer == nil {
			continue
		}
		n := newNet(m)
		w.nets = append(w.nets, n)
		n.stop = m.Net.AroundRuns(func(*nn.Program) { w.count(n) }, func(p *nn.Program) { w.ran(n, p) })
	}
}

// End ends what Begin has begun.
func (w *Watch) End() {
	for _, n := range w.nets {
		n.stop()
	}
	w.nets, w.programs = nil, nil
}

// Before is to be called ahead of each step.
func (w *Watch) Before() {
	if w.off || w.over || !w.due(w.step+1) {
		return
	}
	w.look = true
	for _, n := range w.nets {
		n.weights.take()
	}
}

// due says whether the step of a number is one of a look.
func (w *Watch) due(number uint64) bool {
	every := uint64(w.Every)
	if w.Every <= 0 {
		every = 50
	}
	return number <= 3 || number < every && number%10 == 0 || number%every == 0
}

// After is to be called after each step, one that failed included. It returns the signs
// that are new since the last call.
func (w *Watch) After() []Sign {
	if w.off {
		return nil // Off may be that of several trainings
	}
	for _, n := range w.nets {
		if w.over {
			break
		}
		w.count(n)
		w.updated(n)
		if w.look {
			w.gradientOf(n)
			w.dead(n)
		}
	}
	w.step++
	w.look = false
	fresh := slices.Clip(w.signs[w.told:])
	w.told = len(w.signs)
	return fresh
}

// Signs lists what was said so far.
func (w *Watch) Signs() []Sign { return slices.Clone(w.signs) }

// net is a net under watch.
type net struct {
	Member
	stop    func() // watching it
	weights snapshot
	leaps   int      // looks in a row at which updates were as large as the weights
	layers  []*layer // that are rectified, of all programs so far
	of      map[*program][]*layer
	last    *program // that ran last
	unread  bool     // what its gradients say of units
	none    int      // runs in a row that left a gradient of 0
	looks   int      // at the gradient
	peak    float64  // largest norm of the gradient at a look
}

func newNet(m Member) *net {
	return &net{Member: m, weights: newSnapshot(m.Net), of: map[*program][]*layer{}}
}

// program is a program that trains nets under watch.
type program struct {
	*nn.Program
	nets   []*net
	feeds  []*feed
	losses losses
}

// ran looks at what a run leaves but for gradients, which may be on their way to other ranks.
func (w *Watch) ran(n *net, p *nn.Program) {
	if w.over {
		return
	}
	k := w.programs[p]
	if k == nil {
		k = &program{Program: p, feeds: newFeeds(p), losses: newLosses(p.Batch(), w.whole && w.step == 0)}
		w.programs[p] = k
	}
	if !slices.Contains(k.nets, n) {
		k.nets = append(k.nets, n)
		n.meet(k)
	}
	n.last, n.unread = k, true
	if n == k.nets[0] { // else the run was that of another net, too
		w.fed(k)
		w.lossOf(k)
	}
}

// contest says that programs train different nets: as in a GAN, one may then be better
// off when the other is worse, and a loss that rises says nothing.
func (w *Watch) contest() bool {
	for _, p := range w.programs {
		if len(p.nets) != len(w.nets) {
			return true
		}
	}
	return false
}
