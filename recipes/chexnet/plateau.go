package main

import (
	"encoding/json"
	"fmt"

	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/train"
)

// plateau divides the learning rate by ten whenever the loss on the images for validation
// has not fallen for some epochs. CheXNet's does each time it has not. What it remembers
// is in the metadata of the state, so that checkpoints keep it.
type plateau struct {
	patience int // epochs
	state    *train.State
	rule     *optim.Optimizer
}

const plateauKey = "plateau"

// course is what a plateau remembers.
type course struct {
	Epoch  int     `json:"epoch"`  // the last that was counted
	Best   float64 `json:"best"`   // the lowest loss
	Waited int     `json:"waited"` // epochs since then, or since the rate was lowered
	Rate   float64 `json:"rate"`   // in that epoch
}

// after counts an epoch, from 1, and returns its learning rate. An epoch that is counted
// already, because its end is done again after an interruption, changes nothing.
func (p plateau) after(epoch int, loss float64) (rate float64, err error) {
	var c course
	if text, ok := p.state.Metadata[plateauKey]; ok {
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			return 0, fmt.Errorf("the metadata entry %q of the checkpoint: %w", plateauKey, err)
		}
	}
	if epoch <= c.Epoch {
		return c.Rate, nil
	}
	first := c.Epoch == 0
	c.Epoch, c.Rate = epoch, p.rule.LR()
	if first || loss < c.Best {
		c.Best, c.Waited = loss, 0
	} else if c.Waited++; c.Waited >= p.patience {
		c.Waited = 0
		p.rule.SetLR(c.Rate / 10)
	}
	text, err := json.Marshal(c)
	if err != nil {
		return 0, fmt.Errorf("a validation loss of %g: %w", loss, err)
	}
	p.state.Metadata[plateauKey] = string(text)
	return c.Rate, nil
}
