package optim

import "fmt"

// LR is the learning rate of the next step.
func (o *Optimizer) LR() float64 { return o.rates.lr }

// SetLR sets the learning rate from the next step on; 0 leaves the weights alone
// and goes on averaging gradients.
func (o *Optimizer) SetLR(lr float64) { o.rates.lr = lr }

// WeightDecay is the weight decay λ of the next step.
func (o *Optimizer) WeightDecay() float64 { return o.rates.decay }

// SetWeightDecay sets it from the next step on. Error: not a number from 0 on.
func (o *Optimizer) SetWeightDecay(decay float64) error {
	if !(decay >= 0 && decay <= largest) {
		return fmt.Errorf("optim: %s: a weight decay of %g: a finite number from 0 on is expected", o.name, decay)
	}
	o.rates.decay = decay
	return nil
}

// Momentum is the share of the past of the next step: the field Momentum of a rule,
// or Beta1.
func (o *Optimizer) Momentum() float64 { return o.rates.momentum }

// SetMomentum sets it from the next step on. Errors: not a number from 0 to less than
// 1; more than 0 for a rule that was made without momentum, and has no buffer for it.
func (o *Optimizer) SetMomentum(m float64) error {
	if !(m >= 0 && m < 1) {
		return fmt.Errorf("optim: %s: a momentum of %g: a number from 0 to less than 1 is expected", o.name, m)
	}
	if m > 0 && !o.hasMomentum() {
		return fmt.Errorf("optim: %s: a momentum of %g: it was made without momentum, which 0 is", o.name, m)
	}
	o.rates.momentum = m
	return nil
}

func (o *Optimizer) hasMomentum() bool {
	for _, slot := range o.state {
		if slot.Name == momentumBuffer || slot.Name == expAvg {
			return true
		}
	}
	return false
}

// Steps is the number of steps taken since the optimizer was made or reset. With
// Options.Accumulate it counts those that only add, too.
func (o *Optimizer) Steps() int64 { return o.steps }

// GradientNorm is the Euclidean norm of the gradient of all parameters in the last
// update, before clipping: a mean with Options.Accumulate. It is measured if
// Options.ClipNorm is set, and else 0.
func (o *Optimizer) GradientNorm() float64 { return o.norm }
