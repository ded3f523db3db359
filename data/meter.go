package data

import (
	"sync"
	"time"

	"github.com/cascade-hpc/cascade/data/source"
)

// meter counts what a loader does. Stats may be asked for at any time.
type meter struct {
	capacity int
	counter  source.Counter // nil where the source does not count
	before   source.Counts  // of the source when the loader was made

	mu     sync.Mutex
	began  time.Time // of the first Next
	marked time.Time // up to here the queue was measured
	depth  int
	stats  Stats
}

func newMeter(src source.Source, capacity int) *meter {
	m := &meter{capacity: capacity}
	if c, ok := src.(source.Counter); ok {
		m.counter, m.before = c, c.Counts()
	}
	return m
}

// enter notes that the user asks for a batch.
func (m *meter) enter() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	if m.began.IsZero() {
		m.began, m.marked = now, now
	}
	return now
}

// leave notes the end of that call, and what was delivered if anything was.
func (m *meter) leave(entered time.Time, waited bool, b *Batch) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	m.advance(now)
	m.stats.Elapsed = now.Sub(m.began)
	if waited {
		m.stats.Waited += now.Sub(entered)
	}
	if b != nil {
		m.stats.Batches++
		m.stats.Skipped += b.skipped
	}
}

// queued notes how many batches are ready.
func (m *meter) queued(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.began.IsZero() {
		m.advance(time.Now())
	}
	m.depth = n
}

func (m *meter) advance(now time.Time) {
	m.stats.depthTime += time.Duration(m.depth) * now.Sub(m.marked)
	m.stats.measured += now.Sub(m.marked)
	m.marked = now
}

// decode notes that a block was read.
func (m *meter) decode(bytes int64, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stats.Decoded += bytes
	m.stats.Reading.DecodedBytes += bytes
	m.stats.Reading.StoredBytes += bytes
	m.stats.Reading.ReadNanos += took.Nanoseconds()
}

// reuse notes that a block need not be read.
func (m *meter) reuse(bytes int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stats.Reused += bytes
}

func (m *meter) read() Stats {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.stats
	s.Ready, s.Capacity = m.depth, m.capacity
	if m.counter != nil {
		s.Reading = m.counter.Counts().Add(negative(m.before))
	}
	return s
}

func negative(c source.Counts) source.Counts {
	return source.Counts{StoredBytes: -c.StoredBytes, DecodedBytes: -c.DecodedBytes, ReadNanos: -c.ReadNanos, DecodeNanos: -c.DecodeNanos}
}
