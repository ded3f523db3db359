package data

import (
	"errors"
	"fmt"
)

// filling is what a batch is made of while workers fill it.
type filling struct {
	slots    []slot
	refused  []error // of each slot
	segments []segment
	laid     int // slots that have a row
	pending  int // segments that are not filled
	complete bool
	skipped  int
	err      error // why the batch cannot be delivered
}

// slot is where the row of a slot comes from; no block is padding.
type slot struct {
	block *block
	row   int // of the block
}

// segment is a run of slots that one worker fills, all of one window.
type segment struct {
	from, to int
	window   *window // nil in padding
	reached  int     // the blocks of the slots before it are decoded
	taken    bool
}

// ready says whether all blocks of the segment are decoded.
func (g *segment) ready(slots []slot) bool {
	for ; g.reached < g.to; g.reached++ {
		if b := slots[g.reached].block; b != nil && b.state != decoded {
			return false
		}
	}
	return true
}

// settle judges a batch whose slots are all filled: it sets the mask, and finds
// stand-ins for the rows that are skipped. It depends on the slots alone, not on
// who filled them.
func (p *plan) settle(b *Batch) {
	good := -1
	for i, err := range b.refused {
		b.Mask[i] = 0
		if b.Rows[i] >= 0 && err == nil {
			b.Mask[i] = 1
			b.Valid++
			if good < 0 {
				good = i
			}
		}
		if err == nil {
			continue
		}
		if last := (lasting{}); !p.skips || errors.As(err, &last) {
			b.err = err
			return
		}
		b.skipped++
	}
	for i, err := range b.refused {
		switch {
		case err == nil:
		case good < 0:
			b.clear(i)
		default:
			b.copySlot(i, good)
		}
	}
}

// firstRefused is why the first of the rows was skipped.
func (b *Batch) firstRefused() error {
	for _, err := range b.refused {
		if err != nil {
			return err
		}
	}
	return nil
}

// fill makes the rows of a segment.
func (p *plan) fill(h *hand, b *Batch, g *segment) {
	for i := g.from; i < g.to; i++ {
		s := &b.slots[i]
		if s.block == nil {
			b.clear(i)
			b.refused[i] = nil
			continue
		}
		b.refused[i] = s.block.refused(s.row)
		if b.refused[i] == nil {
			b.refused[i] = p.make(h, b, i)
		}
	}
}

// make makes the row of one slot. A panic, of a transform say, is an error that
// says where.
func (p *plan) make(h *hand, b *Batch, i int) (err error) {
	c, s := p.chain, &b.slots[i]
	row := s.block.rows.From + s.row
	step := -1
	defer func() {
		if r := recover(); r != nil {
			err = lasting{p.rowError(row, step, fmt.Errorf("panic: %v", r))}
		}
	}()
	h.place(c, b, i)
	if err := p.take(h, s, row); err != nil {
		return err
	}
	for step = range c.maps {
		h.draws = drawsOf(p.order.seed, b.Position.Epoch, step, row)
		if err := h.apply(c, step, b.Position.Epoch, row); err != nil {
			return p.rowError(row, step, err)
		}
	}
	last := &h.rows[len(c.maps)]
	if c.check && len(c.maps) > 0 {
		if err := c.checkResult(last); err != nil {
			return p.rowError(row, step, err)
		}
	}
	for f, strings := range b.strings {
		if strings != nil {
			strings[i] = append(strings[i][:0], last.memory[f]...)
		}
	}
	return nil
}

// rowError says for which row a transform, or taking the row from its block if
// step is -1, went wrong.
func (p *plan) rowError(row, step int, err error) error {
	where := p.src.Locate(p.chain.read[0].name, row)
	if step < 0 {
		return fmt.Errorf("data: %s: %w", where, err)
	}
	return fmt.Errorf("data: %s: Map %d (%T): %w", where, step+1, p.chain.maps[step], err)
}
