package train

import (
	"fmt"
	"maps"
	"math"

	"github.com/cascade-hpc/cascade/internal/safetensors"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
)

// State is all that a training has come to: nets with their running statistics,
// optimizers, averages of weights, and the place in the course of epochs. It is what a
// checkpoint holds.
type State struct {
	Members  []Member
	Position Position
	// Metadata are strings to be kept with it, such as the seed and the settings of the
	// training. They share the file with the checkpoint's own, whose names Save refuses.
	Metadata map[string]string

	sums   []float64 // of the metrics in steps that are not reported yet
	done   int       // number of those steps
	plan   string    // Loop.planID
	steps  int       // of that epoch, all in all; 0 before the first run
	best   float64   // lowest value of Loop.Best so far
	bestBy string    // Loop.Best
}

// Member is a net with the optimizer that trains it, nil for a net that nothing
// trains. The names of the nets of a state must differ.
type Member struct {
	Net       *nn.Net
	Optimizer *optim.Optimizer
	// Average is of the weights of Net, nil for none. A phase of a plan that averages
	// begins it anew and updates it; otherwise updates are the Step's, for an EMA say.
	Average *optim.Average
}

// Position is a place in a training.
type Position struct {
	Epoch int    // from 0
	Step  int    // of the epoch, from 0
	Total uint64 // steps from the start of the training
}

// Save writes the state as one safetensors file: a tensor NET/PATH for each parameter
// and running statistic, NET/optimizer/SLOT for each buffer of an optimizer and
// NET/average/SLOT for those of an average, and the rest as metadata. A file of the name
// is replaced when the new one is whole and on disk, and kept on any error. Within
// [optim.Average.With] of a member's average it is optim.ErrInUse.
func (s *State) Save(path string) error {
	if err := s.save(path); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	return nil
}

// save is Save for what has the package's name in its errors already.
func (s *State) save(path string) error {
	if err := s.check(); err != nil {
		return fmt.Errorf("checkpoint: %s: %w", path, err)
	}
	metadata := s.own()
	for key, value := range s.Metadata {
		if own, ok := metadata[key]; ok {
			return fmt.Errorf("checkpoint: %s: the metadata entry %q (%q) would replace the checkpoint's own (%q)", path, key, value, own)
		}
	}
	maps.Copy(metadata, s.Metadata)
	if err := safetensors.Save(path, metadata, s.tensors()...); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// tensors are what a checkpoint has beside its metadata.
func (s *State) tensors() (all []safetensors.Tensor) {
	add := func(name string, shape []int, data []float32) {
		all = append(all, safetensors.Of(name, shape, data))
	}
	for _, m := range s.Members {
		for _, p := range m.Net.Params() {
			add(m.Net.Name()+"/"+p.Path, p.Shape, p.Data)
		}
		for _, slot := range m.slots() {
			add(m.key(slot.Name), []int{len(slot.Data)}, slot.Data)
		}
		for _, slot := range m.averages() {
			add(m.averageKey(slot.Name), []int{len(slot.Data)}, slot.Data)
		}
	}
	return all
}

// check refuses a state that cannot be saved or loaded.
func (s *State) check() error {
	names := map[string]bool{}
	for i, m := range s.Members {
		if m.Net == nil {
			return fmt.Errorf("member %d of %d has no net", i+1, len(s.Members))
		}
		if names[m.Net.Name()] {
			return fmt.Errorf("two nets are called %q", m.Net.Name())
		}
		names[m.Net.Name()] = true
		if m.Average != nil && m.Average.InUse() {
			return fmt.Errorf("net %q holds its average for now: %w", m.Net.Name(), optim.ErrInUse)
		}
	}
	return nil
}

// key is the name of something of the optimizer.
func (m Member) key(what string) string { return m.Net.Name() + "/optimizer/" + what }

// averageKey is the name of something of the average.
func (m Member) averageKey(what string) string { return m.Net.Name() + "/average/" + what }

func (m Member) averages() []optim.Slot {
	if m.Average == nil {
		return nil
	}
	return m.Average.State()
}

func (m Member) slots() []optim.Slot {
	if m.Optimizer == nil {
		return nil
	}
	return m.Optimizer.State()
}

// Load goes back to what Save wrote. Members must be the nets and optimizers that
// were saved, in any state; Metadata and Position are replaced. After an error
// nothing is changed; the error lists every tensor that does not fit.
func (s *State) Load(path string) error {
	if err := s.load(path); err != nil {
		return fmt.Errorf("train: checkpoint: %w", err)
	}
	return nil
}

func (s *State) load(path string) error {
	if err := s.check(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	metadata, err := nn.ReadMetadata(path)
	if err != nil {
		return err
	}
	r := reader{path: path, metadata: metadata}
	next, counts := r.state(s.Members)
	if r.err != nil {
		return r.err
	}
	slots, averages, err := s.restore(path)
	if err != nil {
		return err
	}
	for i, m := range s.Members {
		if err := m.restore(slots[i], averages[i], counts[i]); err != nil {
			return fmt.Errorf("%s: net %q: %w", path, m.Net.Name(), err)
		}
	}
	*s = next
	return nil
}

// restore brings the optimizer and the average back to where they stood.
func (m Member) restore(slots, averages []optim.Slot, c count) error {
	if m.Optimizer != nil {
		if err := m.Optimizer.Restore(slots, c.steps); err != nil {
			return err
		}
		if err := c.set(m.Optimizer); err != nil {
			return err
		}
	}
	if m.Average == nil {
		return nil
	}
	return m.Average.Restore(averages, c.updates)
}

// restore fills the nets' parameters and returns the slots of the optimizers and of the
// averages.
func (s *State) restore(path string) (slots, averages [][]optim.Slot, err error) {
	var targets []safetensors.Target
	slots, averages = make([][]optim.Slot, len(s.Members)), make([][]optim.Slot, len(s.Members))
	fresh := func(key string, slot optim.Slot) optim.Slot {
		data := make([]float32, len(slot.Data))
		targets = append(targets, safetensors.Target{Name: key, Shape: []int{len(data)}, Data: data})
		return optim.Slot{Name: slot.Name, Data: data}
	}
	for i, m := range s.Members {
		for _, p := range m.Net.Params() {
			targets = append(targets, safetensors.Target{Name: m.Net.Name() + "/" + p.Path, Shape: p.Shape, Data: p.Data})
		}
		for _, slot := range m.slots() {
			slots[i] = append(slots[i], fresh(m.key(slot.Name), slot))
		}
		for _, slot := range m.averages() {
			averages[i] = append(averages[i], fresh(m.averageKey(slot.Name), slot))
		}
	}
	_, err = safetensors.Restore(path, targets)
	return slots, averages, err
}

// finite is an error if a parameter or running statistic is NaN or infinite.
func (s *State) finite() error {
	for _, m := range s.Members {
		for _, p := range m.Net.Params() {
			for _, v := range p.Data {
				if !finite(float64(v)) {
					return fmt.Errorf("parameter %q of net %q holds %g", p.Path, m.Net.Name(), v)
				}
			}
		}
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
