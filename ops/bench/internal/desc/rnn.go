package desc

import (
	"fmt"

	"github.com/cascade-hpc/cascade/ops"
)

// RNNSizes take the place of numbers of a descriptor where they are not 0.
type RNNSizes struct{ Layers, Steps, Batch int }

// RNN reads lXtXmbX_sicX_slcX_dhcX_dicX_nS, of which only sic is needed: there is one
// layer and one step unless said otherwise, slc and dhc are sic, and dic is dhc. The
// cell is for the caller to set. Several layers, and states of another size than the
// layer, are unimplemented.
func RNN(text string, instead RNNSizes) (d ops.RNNDesc, name string, err error) {
	w, err := split(text, "l", "t", "mb", "sic", "slc", "dhc", "dic")
	if err != nil {
		return d, "", err
	}
	state := w.ints["sic"]
	hidden := w.ints.get("dhc", state)
	d = ops.RNNDesc{
		T: instead.steps(w.ints), N: w.ints.batch(instead.Batch), IC: w.ints.get("slc", state), HC: hidden, Bias: true,
	}
	layers := w.ints.get("l", 1)
	if instead.Layers > 0 {
		layers = instead.Layers
	}
	switch after := w.ints.get("dic", hidden); {
	case state == 0:
		err = fmt.Errorf("sic is needed")
	case layers == 0 || d.T == 0 || d.IC == 0 || d.HC == 0:
		err = fmt.Errorf("l%d t%d slc%d dhc%d: each must be at least 1", layers, d.T, d.IC, d.HC)
	case layers > 1:
		err = fmt.Errorf("%w: %d layers: a primitive is one", ErrUnimplemented, layers)
	case state != hidden || after != hidden:
		err = fmt.Errorf("%w: states of %d before and %d after, where a layer of %d has as many", ErrUnimplemented, state, after, hidden)
	}
	if err != nil {
		return d, w.name, fmt.Errorf("%q: %w", text, err)
	}
	return d, w.name, nil
}

func (s RNNSizes) steps(f fields) int {
	if s.Steps > 0 {
		return s.Steps
	}
	return f.get("t", 1)
}
