package optim

import (
	"fmt"

	"github.com/cascade-hpc/cascade/ops"
)

// Params is what an optimizer updates; a built network is one.
type Params interface {
	// Weights is the one buffer of all parameters. What fills the space between
	// two tensors is zero, and stays so as long as its gradient is zero.
	Weights() []float32
	// Gradients is the buffer of the gradients, of the same length.
	Gradients() []float32
}

// blockSize is the number of elements that a worker updates at a time: 64 KiB of
// each buffer, so that the share of a step that starting a block takes is small
// and 200,000 parameters already occupy a dozen workers.
const blockSize = 1 << 14

// Optimizer updates one set of parameters by one rule. It is for one goroutine.
type Optimizer struct {
	rule   rule
	state  []Slot
	blocks []block
	lr     float64
	steps  int64
	pool   *ops.Pool
}

// rule is the arithmetic of an optimizer. A rule keeps the coefficients of the
// step at hand; all that lasts from step to step is in the blocks.
type rule interface {
	// slots names the state buffers, at most two.
	slots() []string
	// begin computes the coefficients of step number step, from 1.
	begin(lr float64, step int64)
	// update updates a block.
	update(b *block)
}

// block is one piece of the buffers. All its slices have one length, but for
// those of state that the rule does not have, which are nil.
type block struct {
	weights, gradients []float32
	state              [2][]float32
}

// Slot is a buffer of an optimizer's state, with an element for each parameter.
type Slot struct {
	Name string // PyTorch's: momentum_buffer, square_avg, exp_avg, exp_avg_sq
	Data []float32
}

func newOptimizer(p Params, r rule, lr float64) (*Optimizer, error) {
	weights, gradients := p.Weights(), p.Gradients()
	if len(weights) == 0 || len(weights) != len(gradients) {
		return nil, fmt.Errorf("optim: %d weights with %d gradients: there must be as many, and at least one", len(weights), len(gradients))
	}
	o := &Optimizer{rule: r, lr: lr, pool: ops.Default()}
	if err := o.pool.Err(); err != nil {
		return nil, fmt.Errorf("optim: %w", err)
	}
	for _, name := range r.slots() {
		o.state = append(o.state, Slot{Name: name, Data: ops.Alloc(len(weights))})
	}
	for begin := 0; begin < len(weights); begin += blockSize {
		end := min(begin+blockSize, len(weights))
		b := block{weights: weights[begin:end], gradients: gradients[begin:end]}
		for i, slot := range o.state {
			b.state[i] = slot.Data[begin:end]
		}
		o.blocks = append(o.blocks, b)
	}
	return o, nil
}

// Step updates the weights once, from the gradients as they are.
func (o *Optimizer) Step() {
	o.steps++
	o.rule.begin(o.lr, o.steps)
	o.pool.Run(len(o.blocks), (*pass)(o))
}

// pass is a step as the workers see it.
type pass Optimizer

func (p *pass) Part(_, part int) { p.rule.update(&p.blocks[part]) }

// LR is the learning rate of the next step.
func (o *Optimizer) LR() float64 { return o.lr }

// SetLR sets the learning rate from the next step on; 0 leaves the weights alone
// and goes on averaging gradients.
func (o *Optimizer) SetLR(lr float64) { o.lr = lr }

// Steps is the number of steps taken.
func (o *Optimizer) Steps() int64 { return o.steps }

// State is what a checkpoint saves beside [Optimizer.Steps] and the weights. The
// buffers are the optimizer's own: they are to be read between steps.
func (o *Optimizer) State() []Slot { return append([]Slot(nil), o.state...) }

// Restore goes back to a saved state and number of steps: what follows is the
// same bits as if there had been no interruption. The slots may come in any
// order and are copied. After an error nothing is changed.
func (o *Optimizer) Restore(state []Slot, steps int64) error {
	if steps < 0 {
		return fmt.Errorf("optim: cannot restore after %d steps", steps)
	}
	found := make(map[string][]float32, len(state))
	for _, slot := range state {
		found[slot.Name] = slot.Data
	}
	if len(found) != len(o.state) || len(state) != len(o.state) {
		return fmt.Errorf("optim: cannot restore %d slots %q: %q are expected", len(state), names(state), names(o.state))
	}
	for _, slot := range o.state {
		data, ok := found[slot.Name]
		if !ok {
			return fmt.Errorf("optim: cannot restore slots %q: %q is missing", names(state), slot.Name)
		}
		if len(data) != len(slot.Data) {
			return fmt.Errorf("optim: cannot restore slot %q: it has %d elements and there are %d parameters", slot.Name, len(data), len(slot.Data))
		}
	}
	for _, slot := range o.state {
		copy(slot.Data, found[slot.Name])
	}
	o.steps = steps
	return nil
}

func names(state []Slot) []string {
	names := make([]string, len(state))
	for i, slot := range state {
		names[i] = slot.Name
	}
	return names
}
