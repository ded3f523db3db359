package ops

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tally counts how often each part is done, and whether a worker is ever busy
// twice at once.
type tally struct {
	done []atomic.Int32
	busy []atomic.Int32
	bad  atomic.Int32
}

func newTally(parts, workers int) *tally {
	return &tally{done: make([]atomic.Int32, parts), busy: make([]atomic.Int32, workers)}
}

func (t *tally) Part(worker, part int) {
	if worker < 0 || worker >= len(t.busy) || t.busy[worker].Add(1) != 1 {
		t.bad.Add(1)
		return
	}
	t.done[part].Add(1)
	t.busy[worker].Add(-1)
}

func TestPoolDoesEveryPartOnce(t *testing.T) {
	for _, workers := range []int{1, 2, 3, 7, 40} {
		for _, parts := range []int{0, 1, 2, 6, 7, 8, 1000} {
			t.Run(fmt.Sprintf("%d parts by %d", parts, workers), func(t *testing.T) {
				pool := NewPool(workers)
				defer pool.Close()
				assert.Equal(t, workers, pool.Workers())
				count := newTally(parts, workers)
				const runs = 20
				for range runs {
					pool.Run(parts, count)
				}
				assert.Zero(t, count.bad.Load(), "worker numbers are wrong, or used twice at once")
				for i := range count.done {
					require.EqualValues(t, runs, count.done[i].Load(), "part %d", i)
				}
			})
		}
	}
}

// TestPoolLosesNoWorker runs tasks at all distances around the block time, where workers
// fall asleep just when they are called. All parts of a task meet, so that it ends only
// if nobody oversleeps.
func TestPoolLosesNoWorker(t *testing.T) {
	for _, blockTime := range []time.Duration{NoBlockTime, time.Microsecond, 20 * time.Microsecond} {
		t.Run(fmt.Sprint(max(blockTime, 0)), func(t *testing.T) {
			pool, err := PoolOptions{Workers: 3, BlockTime: blockTime}.New()
			require.NoError(t, err)
			defer pool.Close()
			for i := range 1000 {
				var m meeting
				m.wait.Add(3)
				pool.Run(3, &m)
				for start := time.Now(); time.Since(start) < time.Duration(i%40)*time.Microsecond; {
				}
			}
		})
	}
}

func TestPoolRunsNothingForNegativeParts(t *testing.T) {
	checkPools()[1].Run(-1, newTally(0, 2))
}

func TestPoolHasAWorkerAtLeast(t *testing.T) {
	pool := NewPool(-3)
	defer pool.Close()
	assert.Equal(t, 1, pool.Workers())
}

// meeting is a task whose parts wait for one another: it ends only if as many
// workers as parts are at work at once.
type meeting struct{ wait sync.WaitGroup }

func (m *meeting) Part(int, int) {
	m.wait.Done()
	m.wait.Wait()
}

func TestPoolWorkersWorkAtOnce(t *testing.T) {
	for _, workers := range []int{2, 5, 6, 7, 40} {
		pool := NewPool(workers)
		for _, parts := range []int{2, workers - 1, workers} {
			var m meeting
			m.wait.Add(parts)
			pool.Run(parts, &m)
		}
		pool.Close()
	}
}

func TestPoolTakesTasksFromManyGoroutines(t *testing.T) {
	pool := checkPools()[2]
	counts := make([]*tally, 8)
	var all sync.WaitGroup
	for i := range counts {
		counts[i] = newTally(50, 3)
		all.Go(func() { pool.Run(50, counts[i]) })
	}
	all.Wait()
	for _, c := range counts {
		assert.Zero(t, c.bad.Load())
		for i := range c.done {
			require.EqualValues(t, 1, c.done[i].Load())
		}
	}
}

// TestPoolOfACrowd: workers that stay awake let others work, where there are more of
// them than processors.
func TestPoolOfACrowd(t *testing.T) {
	const workers = 9
	pool, err := PoolOptions{Workers: workers, BlockTime: InfiniteBlockTime}.New()
	require.NoError(t, err)
	defer pool.Close()
	count := newTally(workers, workers)
	for range 200 {
		var m meeting
		m.wait.Add(workers)
		pool.Run(workers, &m)
		pool.Run(workers, count)
	}
	assert.Zero(t, count.bad.Load())
}

func TestPoolRunDoesNotAllocate(t *testing.T) {
	count := newTally(20, 3)
	assert.Zero(t, testing.AllocsPerRun(100, func() { checkPools()[2].Run(20, count) }))
}
