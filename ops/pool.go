package ops

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
)

// Pool is a set of persistent workers that share the parts of a task. Every part
// writes memory of its own, and no sum crosses from one to another but in an order
// that the shapes alone decide: results are the same bits for any pool.
type Pool struct {
	workers int
	mu      sync.Mutex // one task at a time
	wake    []chan struct{}
	done    sync.WaitGroup
	task    Task
	parts   int64
	next    atomic.Int64
}

// Task is work in parts that may run at once. Part does part number part on
// behalf of worker number worker; workers are numbered from 0 to Workers()-1 and
// never run two parts at the same time.
type Task interface{ Part(worker, part int) }

// NewPool starts a pool of n workers, the caller of Run being one of them. Close
// it when it is no longer needed.
func NewPool(n int) *Pool {
	n = max(n, 1)
	p := &Pool{workers: n, wake: make([]chan struct{}, n)}
	for w := 1; w < n; w++ {
		p.wake[w] = make(chan struct{}, 1)
		go p.serve(w)
	}
	return p
}

// Workers is the number of workers.
func (p *Pool) Workers() int { return p.workers }

// Run does all parts of the task and returns when the last is done. It does not
// allocate. Tasks must not call Run on the same pool.
func (p *Pool) Run(parts int, t Task) {
	if parts <= 0 {
		return
	}
	if parts == 1 || p.workers == 1 {
		for i := range parts {
			t.Part(0, i)
		}
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	helpers := min(p.workers, parts) - 1
	p.task, p.parts = t, int64(parts)
	p.next.Store(0)
	p.done.Add(helpers)
	for w := 1; w <= helpers; w++ {
		p.wake[w] <- struct{}{}
	}
	p.drain(0)
	p.done.Wait()
	p.task = nil
}

// Close stops the workers. The pool must be idle and is not to be used again.
func (p *Pool) Close() {
	for _, c := range p.wake[1:] {
		close(c)
	}
}

func (p *Pool) serve(worker int) {
	for range p.wake[worker] {
		p.drain(worker)
		p.done.Done()
	}
}

func (p *Pool) drain(worker int) {
	for {
		part := p.next.Add(1) - 1
		if part >= p.parts {
			return
		}
		p.task.Part(worker, int(part))
	}
}

var defaultPool struct {
	mu      sync.Mutex
	pool    *Pool
	threads int
}

// Default returns the pool of the process, started at the first call with
// CASCADE_NUM_THREADS workers, else as many as SetThreads asked for, else
// GOMAXPROCS.
func Default() *Pool {
	defaultPool.mu.Lock()
	defer defaultPool.mu.Unlock()
	if defaultPool.pool == nil {
		defaultPool.pool = NewPool(threads(os.Getenv("CASCADE_NUM_THREADS"), defaultPool.threads))
	}
	return defaultPool.pool
}

// likelyWorkers is the number of workers that a primitive made now will probably be
// executed by. No result may depend on it.
func likelyWorkers() int {
	defaultPool.mu.Lock()
	defer defaultPool.mu.Unlock()
	if defaultPool.pool != nil {
		return defaultPool.pool.Workers()
	}
	return threads(os.Getenv("CASCADE_NUM_THREADS"), defaultPool.threads)
}

// SetThreads sets the number of workers of the default pool. It must come before
// the pool's first use. CASCADE_NUM_THREADS wins over it.
func SetThreads(n int) error {
	defaultPool.mu.Lock()
	defer defaultPool.mu.Unlock()
	if n < 1 {
		return fmt.Errorf("ops: %d threads asked for: at least 1 is needed", n)
	}
	if defaultPool.pool != nil {
		return fmt.Errorf("ops: the default pool already runs with %d workers: set the number of threads before the first program is compiled", defaultPool.pool.Workers())
	}
	defaultPool.threads = n
	return nil
}

// threads chooses a worker count from the environment variable's text and the
// number asked for in Go, 0 for none.
func threads(env string, asked int) int {
	if n, err := strconv.Atoi(env); err == nil && n > 0 {
		return n
	}
	if asked > 0 {
		return asked
	}
	return runtime.GOMAXPROCS(0)
}
