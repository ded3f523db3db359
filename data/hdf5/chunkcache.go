package hdf5

import (
	"container/list"
	"sync"
)

// chunkCache keeps decoded chunks of which only some rows were asked for: the
// next read is likely to want others. Chunks that are read whole go past it. Of a
// chunk that several goroutines want at once, one decodes and the others wait.
type chunkCache struct {
	limit int // bytes

	mu      sync.Mutex // guards the rest
	used    int
	entries map[chunkKey]*cachedChunk
	order   list.List // of *cachedChunk, the one used last in front
}

// cacheBytes is what the data sets of a source share.
const cacheBytes = 64 << 20

type chunkKey struct {
	set   *chunked
	index int
}

type cachedChunk struct {
	key   chunkKey
	place *list.Element
	users int // guarded by the cache
	once  sync.Once
	data  []byte // as decoded; not to be changed
	err   error
}

func newChunkCache(limit int) *chunkCache {
	return &chunkCache{limit: limit, entries: map[chunkKey]*cachedChunk{}}
}

// borrow returns a decoded chunk, to be given back.
func (c *chunkCache) borrow(key chunkKey) *cachedChunk {
	e, memory := c.enter(key)
	e.once.Do(func() {
		if memory == nil {
			memory = make([]byte, key.set.grid.chunkBytes)
		}
		e.data, e.err = memory, key.set.decode(memory, key.index)
	})
	return e
}

// enter finds or makes the entry of a chunk; a new one may take over the memory
// of one that made room for it.
func (c *chunkCache) enter(key chunkKey) (e *cachedChunk, memory []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e = c.entries[key]; e != nil {
		e.users++
		c.order.MoveToFront(e.place)
		return e, nil
	}
	size := key.set.grid.chunkBytes
	c.used += size
	if memory = c.evict(); len(memory) != size {
		memory = nil
	}
	e = &cachedChunk{key: key, users: 1}
	e.place = c.order.PushFront(e)
	c.entries[key] = e
	return e, memory
}

// giveBack ends the use of a chunk. One that failed is forgotten, so that
// another attempt is made when the file is open again.
func (c *chunkCache) giveBack(e *cachedChunk) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.users--
	if e.err != nil && c.entries[e.key] == e {
		c.remove(e)
	}
}

// evict forgets chunks that nobody uses until the limit is kept, and returns the
// memory of the last of them. A chunk beyond the limit stays until another one
// comes, since the next rows are probably in it.
func (c *chunkCache) evict() (memory []byte) {
	for place := c.order.Back(); place != nil && c.used > c.limit; {
		e := place.Value.(*cachedChunk)
		place = place.Prev()
		if e.users == 0 {
			c.remove(e)
			memory = e.data
		}
	}
	return memory
}

func (c *chunkCache) remove(e *cachedChunk) {
	c.order.Remove(e.place)
	delete(c.entries, e.key)
	c.used -= e.key.set.grid.chunkBytes
}
