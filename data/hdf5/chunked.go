package hdf5

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cascade-hpc/cascade/data/internal/filter"
	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// chunked reads chunks by their addresses, which it lists before the first read,
// and decodes them in the goroutine that asks.
type chunked struct {
	h        *handle
	name     string
	grid     grid
	pipeline *filter.Pipeline // nil without filters
	none     uint32           // the mask of a chunk to which no filter was applied
	rawEdges bool
	fill     []byte // an element as it would be stored, nil for zero

	mu    sync.Mutex // held while listing
	table atomic.Pointer[[]h5.Chunk]
}

func (c *chunked) chunks() ([]h5.Chunk, error) {
	if t := c.table.Load(); t != nil {
		return *t, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := c.table.Load(); t != nil {
		return *t, nil
	}
	lib, err := c.h.library()
	if err != nil {
		return nil, err
	}
	list, err := c.grid.list(lib, c.name)
	if err == nil {
		err = c.h.still() // the list is made by name, and rows are read from what was opened
	}
	if err == nil {
		err = checkOverlap(list)
	}
	if err != nil {
		return nil, err
	}
	c.table.Store(&list)
	return list, nil
}

// read fills dst with rows in the file's byte order.
func (c *chunked) read(dst []byte, rows source.Range) error {
	list, err := c.chunks()
	if err != nil {
		return err
	}
	height := c.grid.chunk[0]
	for at := rows.From; at < rows.To; {
		band := at / height
		first := at - band*height
		count := c.together(list, band, first, rows.To-at)
		part := dst[:count*c.grid.rowBytes]
		for k := range c.grid.band {
			index := band*c.grid.band + k
			if err := c.place(part, list[index], index, first, count); err != nil {
				return fmt.Errorf("chunk %d, of the rows [%d, %d): %w", index, band*height, min((band+1)*height, c.grid.shape[0]), err)
			}
		}
		dst, at = dst[len(part):], at+count
	}
	return nil
}

// together is how many of count rows, from row first of a band on, are read at
// once: those of the band, and of bands after it that follow each other in the
// file as they do in memory. It is what makes chunks of a label each, 16 bytes,
// read at 2.3 GB/s instead of 23 MB/s.
func (c *chunked) together(list []h5.Chunk, band, first, count int) int {
	g := &c.grid
	rows := g.chunk[0] - first
	follows := func(i int) bool {
		return list[i].Address == list[i-1].Address+uint64(g.chunkBytes) && int(list[i].Size) == g.chunkBytes && c.isRaw(list[i], i, false)
	}
	if g.whole && list[band].Address < h5.Lost && c.isRaw(list[band], band, false) {
		for i := band + 1; rows < count && follows(i); i++ {
			rows += g.chunk[0]
		}
	}
	return min(rows, count)
}

// place puts into dst, which is count rows, what a chunk has of them. Row first
// of the chunk is the first of dst.
func (c *chunked) place(dst []byte, chunk h5.Chunk, index, first, count int) error {
	g := &c.grid
	switch box := g.box(index%g.band, min(count, g.chunk[0])); {
	case chunk.Address == h5.NoAddress:
		box.fill(dst, c.fill)
		return nil
	case chunk.Address == h5.Lost:
		return fmt.Errorf("%w: the index does not tell where it is", source.ErrCorrupt)
	case c.isRaw(chunk, index, box.clipped):
		return c.placeRaw(dst, chunk, &box, first)
	case g.whole && count == g.chunk[0]:
		return c.decode(dst, index)
	case first+count < min(g.chunk[0], g.shape[0]-index/g.band*g.chunk[0]) || first > 0:
		e := c.h.chunks.borrow(chunkKey{c, index})
		defer c.h.chunks.giveBack(e)
		if e.err == nil {
			box.copy(dst, e.data[first*g.sliceBytes:])
		}
		return e.err
	default: // all that the chunk has
		b := borrowBuffer(g.chunkBytes)
		defer b.giveBack()
		if err := c.decode(b.bytes, index); err != nil {
			return err
		}
		box.copy(dst, b.bytes)
		return nil
	}
}

// isRaw says whether a chunk is stored as it is in memory.
func (c *chunked) isRaw(chunk h5.Chunk, index int, clipped bool) bool {
	if c.pipeline == nil || chunk.Mask&c.none == c.none {
		return true
	}
	g := &c.grid
	return c.rawEdges && (clipped || (index/g.band+1)*g.chunk[0] > g.shape[0])
}

// placeRaw reads only the rows that are wanted, and if it can, to where they are
// wanted.
func (c *chunked) placeRaw(dst []byte, chunk h5.Chunk, box *box, first int) error {
	g := &c.grid
	if int(chunk.Size) != g.chunkBytes {
		return fmt.Errorf("%w: %d bytes are stored, not %d", source.ErrCorrupt, chunk.Size, g.chunkBytes)
	}
	at := chunk.Address + uint64(first*g.sliceBytes)
	if g.whole {
		return c.h.readAt(dst, at)
	}
	b := borrowBuffer(box.extent[0] * g.sliceBytes)
	defer b.giveBack()
	if err := c.h.readAt(b.bytes, at); err != nil {
		return err
	}
	box.copy(dst, b.bytes)
	return nil
}

// decode reads a filtered chunk and decodes it into dst.
func (c *chunked) decode(dst []byte, index int) error {
	chunk := (*c.table.Load())[index]
	// No filter makes a chunk much longer than it was.
	if most := c.grid.chunkBytes + c.grid.chunkBytes/8 + 4096; int(chunk.Size) > most {
		return fmt.Errorf("%w: %d bytes are stored for %d", source.ErrCorrupt, chunk.Size, c.grid.chunkBytes)
	}
	b := borrowBuffer(int(chunk.Size))
	defer b.giveBack()
	if err := c.h.readAt(b.bytes, chunk.Address); err != nil {
		return err
	}
	start := time.Now()
	err := c.pipeline.Decode(dst, b.bytes, chunk.Mask)
	c.h.meter.addDecode(start)
	if err != nil {
		return fmt.Errorf("%w: %w", source.ErrCorrupt, err)
	}
	return nil
}
