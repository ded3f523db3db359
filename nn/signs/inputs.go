package signs

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/ops"
)

// What is said of inputs, of values in a channel or of a feature.
const (
	batches = 3    // that are looked at
	large   = 30   // root mean square that is too large
	tiny    = 1e-3 // largest magnitude that is too small
	offset  = 100  // mean, relative to the deviation, that is too far from 0
	few     = 64   // values that are too few to tell the deviation
)

// feed is an input of a program.
type feed struct {
	nn.Input
	size     int       // of a sample
	unit     string    // what its channels are called
	channels []moments // nil if nobody wants them
	inner    int       // neighbours in memory that belong to one channel
	runs     int
}

func newFeeds(p *nn.Program) (list []*feed) {
	for _, in := range p.Inputs() {
		f := &feed{Input: in, size: 1}
		for _, d := range in.Dims {
			f.size *= d
		}
		if in.Raw && len(in.Dims) > 0 {
			f.share()
		}
		list = append(list, f)
	}
	return list
}

// share divides a sample into channels: the first axis of images and vectors, the last of
// sequences.
func (f *feed) share() {
	axis := 0
	f.unit = "channel"
	if len(f.Dims) <= 2 {
		axis, f.unit = len(f.Dims)-1, "feature"
	}
	f.channels, f.inner = make([]moments, f.Dims[axis]), 1
	for _, d := range f.Dims[axis+1:] {
		f.inner *= d
	}
	for i := range f.channels {
		f.channels[i] = moments{low: math.Inf(1), high: math.Inf(-1)}
	}
}

// moments describe values.
type moments struct{ n, sum, squares, low, high float64 }

func (m *moments) add(x []float32) {
	for _, f := range x {
		v := float64(f)
		m.sum += v
		m.squares += v * v
		m.low = min(m.low, v)
		m.high = max(m.high, v)
	}
	m.n += float64(len(x))
}

func (m *moments) mean() float64 { return m.sum / m.n }
func (m *moments) rms() float64  { return math.Sqrt(m.squares / m.n) }
func (m *moments) deviation() float64 {
	return math.Sqrt(max(m.squares/m.n-m.mean()*m.mean(), 0))
}

// binary says that all values are one of two, as those of a mask are. It is then, and
// only then, that the variance is all that the range allows (Bhatia and Davis, 2000).
func (m *moments) binary() bool {
	d := m.deviation()
	return d*d > 0.999*(m.high-m.mean())*(m.mean()-m.low)
}

// far says that the values differ little for how far they are from 0.
func (m *moments) far() bool {
	return m.n >= few && m.low < m.high && math.Abs(m.mean()) > offset*m.deviation() && !m.binary()
}

func (m *moments) String() string {
	return fmt.Sprintf("mean %.4g, deviation %.3g, from %.4g to %.4g", m.mean(), m.deviation(), m.low, m.high)
}

// fed looks at the inputs of the last run.
func (w *Watch) fed(p *program) {
	for _, f := range p.feeds {
		first := f.runs < batches
		if !first && !w.look {
			continue
		}
		x, err := p.Input(f.Name)
		if err != nil {
			continue
		}
		if !finite(ops.SquaredNorm(x)) {
			w.lostInput(p)
			continue
		}
		if f.runs++; !first || f.channels == nil {
			continue
		}
		for at, c := 0, 0; at < len(x); at, c = at+f.inner, (c+1)%len(f.channels) {
			f.channels[c].add(x[at : at+f.inner])
		}
		if f.runs == batches {
			w.judge(p, f)
		}
	}
}

// judge says what is wrong with the first batches of an input, if anything is.
func (w *Watch) judge(p *program, f *feed) {
	wide, shift := 0, -1
	all := moments{low: math.Inf(1), high: math.Inf(-1)}
	for i := range f.channels {
		m := &f.channels[i]
		if m.rms() > f.channels[wide].rms() {
			wide = i
		}
		if shift < 0 && m.far() {
			shift = i
		}
		all.low, all.high = min(all.low, m.low), max(all.high, m.high)
	}
	subject := fmt.Sprintf("%s %s", p.Name(), f.Name)
	begin := fmt.Sprintf("the input %q of %q", f.Name, p.Name())
	const normal = "layers are made for values of about mean 0 and deviation 1"
	switch peak := max(-all.low, all.high); {
	case f.size > 1 && all.low == all.high:
		w.say(Inputs, subject, "%s is %g in all places of the first %d batches: was it filled, or bound?", begin, all.low, batches)
	case f.channels[wide].rms() > large:
		w.say(Inputs, subject, "%s is not normalised: %s %d has %v: %s, and the largest learning rate that is stable falls with the square of the values: divide them", begin, f.unit, wide, &f.channels[wide], normal)
	case peak > 0 && peak < tiny:
		w.say(Inputs, subject, "%s is tiny: all values lie within ±%.2g: %s, and gradients of the first layer are smaller by as much: multiply them", begin, peak, normal)
	case shift >= 0:
		w.say(Inputs, subject, "%s is not centred: %s %d has %v: %s: subtract the mean and divide by the deviation", begin, f.unit, shift, &f.channels[shift], normal)
	}
}
