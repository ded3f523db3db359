package train

import (
	"encoding/json"
	"fmt"
	"maps"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn/optim"
)

// Share gives the state of rank 0 to all ranks of a group: weights, running statistics,
// optimizers, averages, position and metadata. Only rank 0 has to load a checkpoint. All
// ranks must call it with members that are declared alike. Loop.Run does it for Loop.Comm.
func (s *State) Share(c *dist.Comm) error {
	if err := s.share(c); err != nil {
		return fmt.Errorf("train: state of rank 0: %w", err)
	}
	return nil
}

func (s *State) share(c *dist.Comm) error {
	if c.Size() == 1 {
		return nil
	}
	if err := s.check(); err != nil {
		return err
	}
	metadata := s.own()
	maps.Copy(metadata, s.Metadata)
	if err := shareStrings(c, &metadata); err != nil {
		return err
	}
	r := reader{path: "what rank 0 sent", metadata: metadata}
	next, counts := r.state(s.Members)
	if r.err != nil {
		return r.err
	}
	for i, m := range s.Members {
		if err := m.share(c, counts[i]); err != nil {
			return fmt.Errorf("net %q: %w", m.Net.Name(), err)
		}
	}
	*s = next
	return nil
}

// shareStrings replaces the map by that of rank 0.
func shareStrings(c *dist.Comm, m *map[string]string) error {
	text, err := json.Marshal(*m)
	if err != nil {
		return err
	}
	length := []int64{int64(len(text))}
	if err := dist.Bcast(c, length, 0); err != nil {
		return err
	}
	if c.Rank() != 0 {
		text = make([]byte, length[0])
	}
	if err := dist.BcastBytes(c, text, 0); err != nil {
		return err
	}
	clear(*m)
	return json.Unmarshal(text, m)
}

// share makes a member that of rank 0, whose optimizer and average stood at a count.
func (m Member) share(c *dist.Comm, at count) error {
	for _, buffer := range [][]float32{m.Net.Weights(), m.Net.Statistics()} {
		if err := dist.Bcast(c, buffer, 0); err != nil {
			return err
		}
	}
	slots, err := shareSlots(c, m.slots())
	if err != nil {
		return err
	}
	averages, err := shareSlots(c, m.averages())
	if err != nil {
		return err
	}
	return m.restore(slots, averages, at)
}

func shareSlots(c *dist.Comm, slots []optim.Slot) ([]optim.Slot, error) {
	for _, slot := range slots {
		if err := dist.Bcast(c, slot.Data, 0); err != nil {
			return nil, err
		}
	}
	return slots, nil
}
