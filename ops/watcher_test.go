package ops

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// notebook is a watcher that writes everything down.
type notebook struct {
	mu   sync.Mutex
	time map[int]time.Duration // by worker
	told int
}

func (n *notebook) Worked(worker int, _ time.Time, took time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.time[worker] += took
	n.told++
}

// TestWatcher: who works is told of once for each phase, and nobody else.
func TestWatcher(t *testing.T) {
	nap := func(_ *call, _, _ int) { time.Sleep(time.Millisecond) }
	for _, pool := range checkPools() {
		p := newPhased(Info{}, phase{8, nap}, phase{1, nap}, phase{0, nap})
		n := &notebook{time: map[int]time.Duration{}}
		x := NewExec(pool, p)
		x.Watch = n
		begin := time.Now()
		p.Exec(x, nil, nil)
		took := time.Since(begin)
		require.LessOrEqual(t, n.told, min(pool.Workers(), 8)+1)
		total := time.Duration(0)
		for worker, busy := range n.time {
			assert.Less(t, worker, pool.Workers())
			assert.LessOrEqual(t, busy, took)
			total += busy
		}
		assert.GreaterOrEqual(t, total, 9*time.Millisecond, "parts that nobody told of")
	}
}
