package data

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data/source"
)

// chain is the way of a row from a block to a slot of a batch: read as asked for,
// then through the transforms. Where it can be, memory of the slot serves all
// along, so that nothing is copied at the end.
type chain struct {
	read    []column
	maps    []Transform
	stages  [][]source.Field // after each number of transforms; the last are those of a batch
	homes   [][]home         // of each field of each stage
	scratch []source.Field   // memory for stages that the batch has no place for
	carried [][]int          // stage by stage: the field of the stage before with the same string, or -1
	check   bool             // refuse NaN and infinities
}

// column is where a field of the first stage comes from.
type column struct {
	name  string
	index int // in the source
	kind  source.Kind
	as    as
	check bool // integers are always finite
}

// home is where a row keeps a field: in the batch or in a worker's scratch; nil
// strings have none.
type home struct {
	where where
	field int
}

type where uint8

const (
	nowhere where = iota
	inBatch
	inScratch
)

func newChain(p Pipeline, src source.Source) (*chain, error) {
	c := &chain{maps: p.maps, check: !p.any}
	fields := make([]source.Field, len(p.asked))
	for i, a := range p.asked {
		k, err := source.Find(src.Fields(), a.name)
		if err != nil {
			return nil, fmt.Errorf("data: %w", err)
		}
		f := src.Fields()[k]
		c.read = append(c.read, column{a.name, k, f.Kind, a.as, c.check && mayBeInfinite(f.Kind)})
		if fields[i], err = wanted(f, a.as); err != nil {
			return nil, err
		}
	}
	c.stages = append(c.stages, fields)
	for i, t := range p.maps {
		out, err := t.Fields(c.stages[i])
		if err == nil {
			err = source.CheckFields(out)
		}
		if err != nil {
			return nil, fmt.Errorf("data: Map %d (%T): %w", i+1, t, err)
		}
		c.stages = append(c.stages, out)
	}
	c.settle()
	return c, nil
}

// mayBeInfinite says whether the kind has NaN and infinities.
func mayBeInfinite(k source.Kind) bool {
	return k == source.Float32 || k == source.Float64 || k == source.Float16 || k == source.BFloat16
}

// wanted is a field of the source as it was asked for.
func wanted(f source.Field, how as) (source.Field, error) {
	if f.Kind == source.Bytes && how != asStored {
		return f, fmt.Errorf("data: field %q: %w: it is stored as strings of bytes, not numbers; ask for it with Raw", f.Name, source.ErrType)
	}
	switch how {
	case asFloat32:
		f.Kind = source.Float32
	case asInt64:
		f.Kind = source.Int64
	}
	return f, nil
}

// settle finds a home for every field of every stage, from the last one on.
func (c *chain) settle() {
	c.homes = make([][]home, len(c.stages))
	c.carried = make([][]int, len(c.stages))
	for s := len(c.stages) - 1; s >= 0; s-- {
		for i, f := range c.stages[s] {
			c.homes[s] = append(c.homes[s], c.homeOf(s, i, f))
			c.carried[s] = append(c.carried[s], c.carriedFrom(s, f))
		}
	}
}

func (c *chain) homeOf(stage, i int, f source.Field) home {
	switch {
	case f.Kind == source.Bytes:
		return home{}
	case stage == len(c.stages)-1:
		return home{inBatch, i}
	}
	for k, g := range c.stages[stage+1] {
		if g.Name == f.Name && g.RowBytes() == f.RowBytes() {
			return c.homes[stage+1][k]
		}
	}
	c.scratch = append(c.scratch, f)
	return home{inScratch, len(c.scratch) - 1}
}

func (c *chain) carriedFrom(stage int, f source.Field) int {
	if stage > 0 && f.Kind == source.Bytes {
		for k, g := range c.stages[stage-1] {
			if g.Equal(f) {
				return k
			}
		}
	}
	return -1
}

// fields are those of a batch.
func (c *chain) fields() []source.Field { return c.stages[len(c.stages)-1] }
