package train

import (
	"fmt"
	"maps"
	"math"
	"strconv"

	"github.com/cascade-hpc/cascade/internal/safetensors"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
)

// State is all that a training has come to: nets with their running statistics,
// optimizers, and the place in the course of epochs. It is what a checkpoint holds.
type State struct {
	Members  []Member
	Position Position
	// Metadata are strings to be kept with it, such as the settings of the training.
	Metadata map[string]string

	sums []float64 // of the metrics of the epoch that is under way
}

// Member is a net with the optimizer that trains it. The names of the nets of a
// state must differ.
type Member struct {
	Net       *nn.Net
	Optimizer *optim.Optimizer
}

// Position is a place in a training.
type Position struct {
	Epoch int    // from 0
	Step  int    // of the epoch, from 0
	Total uint64 // steps from the start of the training
}

// The keys of a checkpoint's own metadata.
const (
	formatKey = "format"
	formatVal = "cascade checkpoint"
	epochKey  = "epoch"
	stepKey   = "step"
	totalKey  = "total_steps"
	sumsKey   = "metric_sums"
)

// Save writes the state as one safetensors file: a tensor NET/PATH for each parameter
// and running statistic, NET/optimizer/SLOT for each buffer of an optimizer, and the
// rest as metadata. A file of the name is replaced when the new one is whole and on
// disk, and kept on any error.
func (s *State) Save(path string) error {
	metadata := maps.Clone(s.Metadata)
	if metadata == nil {
		metadata = map[string]string{}
	}
	metadata[formatKey] = formatVal
	metadata[epochKey] = strconv.Itoa(s.Position.Epoch)
	metadata[stepKey] = strconv.Itoa(s.Position.Step)
	metadata[totalKey] = strconv.FormatUint(s.Position.Total, 10)
	metadata[sumsKey] = joinFloats(s.sums)
	var tensors []safetensors.Tensor
	for _, m := range s.Members {
		for _, p := range m.Net.Params() {
			tensors = append(tensors, safetensors.Of(m.Net.Name()+"/"+p.Path, p.Shape, p.Data))
		}
		for _, slot := range m.Optimizer.State() {
			tensors = append(tensors, safetensors.Of(m.slotName(slot.Name), []int{len(slot.Data)}, slot.Data))
		}
		metadata[m.key("steps")] = strconv.FormatInt(m.Optimizer.Steps(), 10)
		metadata[m.key("learning_rate")] = strconv.FormatFloat(m.Optimizer.LR(), 'g', -1, 64)
	}
	if err := safetensors.Save(path, metadata, tensors...); err != nil {
		return fmt.Errorf("train: checkpoint: %w", err)
	}
	return nil
}

func (m Member) key(what string) string      { return m.Net.Name() + "/optimizer/" + what }
func (m Member) slotName(slot string) string { return m.key(slot) }

// Load goes back to what Save wrote. Members must be the nets and optimizers that
// were saved, in any state; Metadata and Position are replaced. After an error
// nothing is changed; the error lists every tensor that does not fit.
func (s *State) Load(path string) error {
	metadata, err := nn.ReadMetadata(path)
	if err != nil {
		return fmt.Errorf("train: checkpoint: %w", err)
	}
	read := reader{path: path, metadata: metadata}
	if format := read.text(formatKey); format != formatVal {
		return fmt.Errorf("train: checkpoint: %s: its format is %q, not %q: it is no checkpoint", path, format, formatVal)
	}
	next := State{
		Members:  s.Members,
		Position: Position{Epoch: int(read.integer(epochKey)), Step: int(read.integer(stepKey)), Total: uint64(read.integer(totalKey))},
		sums:     read.floats(sumsKey),
	}
	steps, rates := make([]int64, len(s.Members)), make([]float64, len(s.Members))
	for i, m := range s.Members {
		steps[i], rates[i] = read.integer(m.key("steps")), read.float(m.key("learning_rate"))
	}
	if read.err != nil {
		return fmt.Errorf("train: checkpoint: %w", read.err)
	}
	slots, err := s.restore(path)
	if err != nil {
		return fmt.Errorf("train: checkpoint: %w", err)
	}
	for i, m := range s.Members {
		if err := m.Optimizer.Restore(slots[i], steps[i]); err != nil {
			return fmt.Errorf("train: checkpoint: %s: net %q: %w", path, m.Net.Name(), err)
		}
		m.Optimizer.SetLR(rates[i])
	}
	next.Metadata = metadata
	*s = next
	return nil
}

// restore fills the nets' parameters and returns the slots of the optimizers.
func (s *State) restore(path string) ([][]optim.Slot, error) {
	var targets []safetensors.Target
	slots := make([][]optim.Slot, len(s.Members))
	for i, m := range s.Members {
		for _, p := range m.Net.Params() {
			targets = append(targets, safetensors.Target{Name: m.Net.Name() + "/" + p.Path, Shape: p.Shape, Data: p.Data})
		}
		for _, slot := range m.Optimizer.State() {
			data := make([]float32, len(slot.Data))
			slots[i] = append(slots[i], optim.Slot{Name: slot.Name, Data: data})
			targets = append(targets, safetensors.Target{Name: m.slotName(slot.Name), Shape: []int{len(data)}, Data: data})
		}
	}
	_, err := safetensors.Restore(path, targets)
	return slots, err
}

// finite is an error if a weight of a net is NaN or infinite.
func (m Member) finite() error {
	for _, p := range m.Net.Params() {
		for _, v := range p.Data {
			if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
				return fmt.Errorf("parameter %q of net %q holds %g", p.Path, m.Net.Name(), v)
			}
		}
	}
	return nil
}
