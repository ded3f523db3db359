package data

import "github.com/cascade-hpc/cascade/data/source"

// cache keeps decoded blocks over epochs, the first that fit. It throws nothing
// out: where epochs go through all blocks, any other choice keeps no more of
// them. The engine that uses it guards it.
type cache struct {
	limit, used int64
	columns     []*source.Columns // of each block
}

func newCache(limit int64, blocks int) *cache {
	c := &cache{limit: limit}
	if limit > 0 {
		c.columns = make([]*source.Columns, blocks)
	}
	return c
}

func (c *cache) get(id int) *source.Columns {
	if c.columns == nil {
		return nil
	}
	return c.columns[id]
}

// put keeps columns if there is room; they must then never be written again.
func (c *cache) put(id int, columns *source.Columns) bool {
	n := columns.Bytes()
	if c.columns == nil || c.used+n > c.limit {
		return false
	}
	c.columns[id] = columns
	c.used += n
	return true
}
