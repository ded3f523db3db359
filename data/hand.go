package data

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/philox"
)

// hand is what one worker makes rows with.
type hand struct {
	rows    []Row // before and after each transform
	scratch source.Columns
	draws   philox.Stream
}

func newHand(c *chain) *hand {
	h := &hand{rows: make([]Row, len(c.stages))}
	h.scratch.Reset(c.scratch, 1)
	for s, fields := range c.stages {
		h.rows[s] = Row{fields: fields, memory: make([][]byte, len(fields)), rand: &h.draws}
	}
	return h
}

// place gives the row of a slot its memory, stage by stage.
func (h *hand) place(c *chain, b *Batch, slot int) {
	for s, homes := range c.homes {
		memory := h.rows[s].memory
		for f, home := range homes {
			switch home.where {
			case inBatch:
				memory[f] = b.columns.Row(home.field, slot)
			case inScratch:
				memory[f] = h.scratch.Row(home.field, 0)
			default:
				memory[f] = nil
			}
		}
	}
}

// take reads a row from its block into the first stage.
func (p *plan) take(h *hand, s *slot, row int) error {
	memory := h.rows[0].memory
	for f := range p.chain.read {
		c := &p.chain.read[f]
		stored := s.block.columns.Row(c.index, s.row)
		switch {
		case c.as == asFloat32 || c.kind == source.Float32 && c.as == asStored:
			x := elementsOf[float32](memory[f])
			source.Float32s(x, stored, c.kind)
			if !c.check {
				continue
			}
			if i := firstNotFinite(x); i >= 0 {
				return notFiniteError(p.src.Locate(c.name, row), p.chain.stages[0][f], i, x[i])
			}
		case c.as == asInt64:
			if err := source.Int64s(elementsOf[int64](memory[f]), stored, c.kind); err != nil {
				return fmt.Errorf("data: %s: %w", p.src.Locate(c.name, row), err)
			}
		case c.kind == source.Bytes:
			memory[f] = stored
		default:
			if i := firstNotFiniteStored(stored, c.kind); c.check && i >= 0 {
				return fmt.Errorf("data: %s: %w: element %v", p.src.Locate(c.name, row), source.ErrNotFinite, unravel(i, p.chain.stages[0][f].Shape))
			}
			copy(memory[f], stored)
		}
	}
	return nil
}

// apply takes the row through a transform.
func (h *hand) apply(c *chain, t, epoch, row int) error {
	src, dst := &h.rows[t], &h.rows[t+1]
	src.Index, src.Epoch, dst.Index, dst.Epoch = row, epoch, row, epoch
	for f, from := range c.carried[t+1] {
		if from >= 0 {
			dst.memory[f] = src.memory[from]
		}
	}
	return c.maps[t].Apply(dst, src)
}

// checkResult looks for what the transforms made of finite numbers.
func (c *chain) checkResult(r *Row) error {
	for f, field := range r.fields {
		if field.Kind != source.Float32 {
			continue
		}
		x := elementsOf[float32](r.memory[f])
		if i := firstNotFinite(x); i >= 0 {
			return fmt.Errorf("after the transforms, field %q: %w: element %v is %g", field.Name, source.ErrNotFinite, unravel(i, field.Shape), x[i])
		}
	}
	return nil
}
