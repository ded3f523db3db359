package optim

import (
	"fmt"
	"slices"
)

// Slot is a buffer of an optimizer's state, with an element for each parameter.
type Slot struct {
	Name string // momentum_buffer, square_avg, exp_avg and exp_avg_sq, as in PyTorch; gradient_sum
	Data []float32
}

// The names of slots.
const (
	momentumBuffer = "momentum_buffer"
	squareAvg      = "square_avg"
	expAvg         = "exp_avg"
	expAvgSq       = "exp_avg_sq"
	gradientSum    = "gradient_sum" // of the steps since the last update, with Options.Accumulate
)

// State is what a checkpoint saves beside [Optimizer.Steps], the rates and the weights. The
// buffers are the optimizer's own: they are to be read between steps.
func (o *Optimizer) State() []Slot { return slices.Clone(o.state) }

// Restore goes back to a saved state and number of steps: what follows is the
// same bits as if there had been no interruption. The slots may come in any
// order and are copied. After an error nothing is changed.
func (o *Optimizer) Restore(state []Slot, steps int64) error {
	if steps < 0 {
		return fmt.Errorf("optim: cannot restore after %d steps", steps)
	}
	if err := restore(o.state, state); err != nil {
		return err
	}
	o.steps = steps
	return nil
}

// Reset forgets all steps: averages are zero, and the next step is the first. Rates
// stay as they are.
func (o *Optimizer) Reset() {
	for _, slot := range o.state {
		clear(slot.Data)
	}
	o.steps = 0
}

// restore copies saved slots to those of the same names, or none of them.
func restore(to, saved []Slot) error {
	found := make(map[string][]float32, len(saved))
	for _, slot := range saved {
		found[slot.Name] = slot.Data
	}
	if len(found) != len(to) || len(saved) != len(to) {
		return fmt.Errorf("optim: cannot restore %d slots %q: %q are expected", len(saved), names(saved), names(to))
	}
	for _, slot := range to {
		data, ok := found[slot.Name]
		if !ok {
			return fmt.Errorf("optim: cannot restore slots %q: %q is missing", names(saved), slot.Name)
		}
		if len(data) != len(slot.Data) {
			return fmt.Errorf("optim: cannot restore slot %q: it has %d elements and there must be %d", slot.Name, len(data), len(slot.Data))
		}
	}
	for _, slot := range to {
		copy(slot.Data, found[slot.Name])
	}
	return nil
}

func names(state []Slot) []string {
	names := make([]string, len(state))
	for i, slot := range state {
		names[i] = slot.Name
	}
	return names
}
