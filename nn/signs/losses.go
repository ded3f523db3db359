package signs

import "math"

// What is said of losses.
const (
	opening = 10   // runs whose largest loss is what a loss begins with,
	sober   = 64   // and samples whose largest loss is what it is before much was learned
	recent  = 20   // runs that count as the last ones
	mostly  = 0.75 // share of them in which the loss
	grown   = 2    // is so many times what it began with,
	burst   = 10   // or so many times what it was before much was learned,
	atOnce  = 5    // or runs in a row in which it
	far     = 100  // is so many times as large
	learnt  = 0.1  // share of what it began with that is so little that nothing remains to be learnt
)

// losses is the course of a program's loss. Single losses may be as large as they like:
// targets with long tails have a few.
type losses struct {
	judged bool // it is known from its beginning
	early  int  // runs that make sober samples
	runs   int
	first  float64
	sober  float64 // largest of the early ones
	start  float64 // largest of the opening
	last   float64
	mean   float64 // of the recent ones, weighted
	before float64 // the mean ahead of the last
	high   float64 // share of the recent ones that are too large, weighted alike
	beyond int     // runs in a row of a loss that is far too large
}

func newLosses(batch int, judged bool) losses {
	return losses{judged: judged, early: min((sober+batch-1)/batch, opening)}
}

// add takes in a loss that is finite.
func (l *losses) add(v float64) {
	l.runs++
	if l.runs == 1 {
		l.first, l.sober, l.start, l.mean = v, v, v, v
	}
	l.last, l.before = v, l.mean
	l.mean += (v - l.mean) / recent
	if l.runs <= l.early {
		l.sober = max(l.sober, v)
	}
	if l.runs <= opening {
		l.start = max(l.start, v)
		return
	}
	high := 0.0
	if v > grown*l.start || v > burst*l.sober {
		high = 1
	}
	l.high += (high - l.high) / recent
	l.beyond = inARow(l.beyond, v > far*l.sober)
}

// diverges says so. Of losses that begin at 0 or less there is no saying what is large.
func (l *losses) diverges() bool {
	return l.judged && l.sober > 0 && (l.high > mostly || l.beyond >= atOnce)
}

// remains says that the loss still is of the size of what it began with, which may be small
// by chance or large by the very trouble.
func (l *losses) remains() bool { return l.mean > learnt*min(l.sober, 3*l.first) && l.mean > 0 }

func inARow(n int, again bool) int {
	if again {
		return n + 1
	}
	return 0
}

// lossOf looks at the loss of the last run.
func (w *Watch) lossOf(p *program) {
	out, err := p.Output("loss")
	if err != nil || len(out) == 0 {
		return
	}
	v := float64(out[0])
	if !finite(v) {
		w.lost(p, v)
		return
	}
	l := &p.losses
	l.add(v)
	if l.diverges() && !w.contest() {
		w.say(LearningRate, p.Name(), "the loss of %q has grown from %.4g to %.4g in %d runs: the learning rate%s is beyond what is stable: a tenth of it, a warm-up or clipped gradients may help",
			p.Name(), l.first, l.mean, l.runs, p.rates())
	}
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
