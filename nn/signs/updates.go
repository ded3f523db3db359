package signs

import (
	"fmt"
	"math"
	"strings"

	"github.com/cascade-hpc/cascade/nn"
)

// What is said of updates.
const (
	sampled = 4096 // elements of a tensor that a look compares, at most
	leap    = 0.5  // update, relative to the weights, that is too large,
	leaps   = 2    // if it is at so many looks in a row, in half of the layers
)

// snapshot remembers weights, to see what a step makes of them.
type snapshot struct {
	tensors []tensor
	taken   bool // and not yet compared with an update
	moved   bool // an update was seen
}

// tensor is a parameter, or evenly spaced elements of a large one.
type tensor struct {
	path   string
	weighs bool // it is no bias or scale, which may well begin at 0
	data   []float32
	stride int
	before []float32
	// usual is the size that weights have if results are to be as large as what they are
	// made of: 1/√fan-in. Weights that begin at 0 are measured by it.
	usual float64
}

func newSnapshot(n *nn.Net) (s snapshot) {
	for _, p := range n.Params() {
		if p.Grad == nil {
			continue // a running statistic
		}
		stride := (len(p.Data) + sampled - 1) / sampled
		s.tensors = append(s.tensors, tensor{
			path: p.Path, weighs: len(p.Shape) > 1, data: p.Data, stride: stride, before: make([]float32, (len(p.Data)+stride-1)/stride),
			usual: math.Sqrt(float64(p.Shape[0]) / float64(len(p.Data))),
		})
	}
	return s
}

// take remembers the weights, unless there are some that no update has changed since.
func (s *snapshot) take() {
	if s.taken {
		return
	}
	s.taken = true
	for _, t := range s.tensors {
		for i := range t.before {
			t.before[i] = t.data[i*t.stride]
		}
	}
}

// change is the size of an update relative to the size of the weights before it.
func (t *tensor) change() float64 {
	var update, size float64
	for i, b := range t.before {
		d := float64(t.data[i*t.stride]) - float64(b)
		update += d * d
		size += float64(b) * float64(b)
	}
	n := float64(len(t.before))
	return math.Sqrt(update/n) / max(math.Sqrt(size/n), t.usual)
}

// updated compares the weights with those before the step.
func (w *Watch) updated(n *net) {
	s := &n.weights
	if !s.taken {
		return
	}
	layers, leapt, worst, most := 0, 0, "", 0.0
	changed := false
	for i := range s.tensors {
		t := &s.tensors[i]
		r := t.change()
		changed = changed || r != 0
		if !t.weighs {
			continue
		}
		layers++
		if r > leap {
			leapt++
		}
		if r > most {
			worst, most = t.path, r
		}
	}
	if !changed {
		return // an optimizer that accumulates: the update comes in a later step
	}
	s.taken, s.moved = false, true
	n.leaps = inARow(n.leaps, leapt > 0 && 2*leapt >= layers)
	if n.leaps == leaps {
		w.say(LearningRate, n.Net.Name(), "each step changes the weights of net %q by more than %g%% of their size, those of %q by %.0f%%, where 0.1%% is usual: a learning rate of %.4g is too large: a tenth or a hundredth of it may help",
			n.Net.Name(), 100*leap, worst, 100*most, n.Optimizer.LR())
	}
}

// rates tells the learning rates of the nets of a program.
func (p *program) rates() string {
	parts := make([]string, len(p.nets))
	for i, n := range p.nets {
		parts[i] = fmt.Sprintf("%g", n.Optimizer.LR())
	}
	return " " + strings.Join(parts, " and ")
}
