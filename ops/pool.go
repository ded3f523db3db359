package ops

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Pool is a set of persistent workers that share the parts of a task. Every part
// writes memory of its own, and no sum crosses from one to another but in an order
// that the shapes alone decide: results are the same bits for any pool.
//
// The caller of Run is worker 0. The others wait for the next task, at first awake
// and after their block time asleep; see [PoolOptions].
type Pool struct {
	workers   int
	blockTime time.Duration
	crowd     bool  // more workers than can work at once
	cores     []int // to which each worker is pinned; nil if none is
	err       error // what was wrong with the settings
	roofline  func() (Roofline, error)

	mu      sync.Mutex // one task at a time
	caller  waiter
	helpers []waiter
	ended   sync.WaitGroup
	closed  atomic.Bool

	task    Task
	watcher Watcher
	parts   int64
	_       [Align]byte // what follows is written by all workers
	next    atomic.Int64
	_       [Align]byte
	state   atomic.Uint64 // see turn
}

// Task is work in parts that may run at once. Part does part number part on
// behalf of worker number worker; workers are numbered from 0 to Workers()-1 and
// never run two parts at the same time.
type Task interface{ Part(worker, part int) }

// NewPool starts a pool of n workers, one at least, that are otherwise as by default.
// Close it when it is no longer needed. [PoolOptions.New] has more choices.
func NewPool(n int) *Pool {
	n = max(n, 1)
	return newPool(n, PoolOptions{}.blockTime(n), nil)
}

func newPool(n int, blockTime time.Duration, cores []int) *Pool {
	p := &Pool{workers: n, blockTime: blockTime, crowd: n > processors(), cores: cores, helpers: make([]waiter, n-1)}
	p.roofline = sync.OnceValues(func() (Roofline, error) { return measureRoofline(p) })
	p.caller.happened = func() bool { return uint32(p.state.Load()) == 0 }
	p.caller.wake = make(chan struct{}, 1)
	for i := range p.helpers {
		p.helpers[i].wake = make(chan struct{}, 1)
		p.ended.Go(func() { p.serve(i + 1) })
	}
	return p
}

// processors is the number of workers that can work at once.
func processors() int { return min(runtime.GOMAXPROCS(0), runtime.NumCPU()) }

// Workers is the number of workers.
func (p *Pool) Workers() int { return p.workers }

// Err is what was wrong with the settings of the default pool, which then works
// without any of them. A program cannot be compiled for such a pool.
func (p *Pool) Err() error { return p.err }

// Run does all parts of the task and returns when the last is done. It does not
// allocate. Tasks must not call Run on the same pool.
func (p *Pool) Run(parts int, t Task) { p.run(parts, t, nil) }

func (p *Pool) run(parts int, t Task, w Watcher) {
	if parts <= 0 {
		return
	}
	if p.cores != nil {
		before := pinCaller(p.cores[0])
		defer unpinCaller(&before)
	}
	if parts == 1 || p.workers == 1 {
		begin := begun(w)
		for i := range parts {
			t.Part(0, i)
		}
		tell(w, 0, begin)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.task, p.parts, p.watcher = t, int64(parts), w
	p.next.Store(0)
	p.state.Add(turn)
	p.call(0)
	p.drain(0)
	p.state.Add(turn)
	p.caller.wait(p.blockTime, p.crowd)
	p.task, p.watcher = nil, nil
}

// Close stops the workers. The pool must be idle and is not to be used again.
func (p *Pool) Close() {
	p.closed.Store(true)
	for i := range p.helpers {
		p.helpers[i].rouse()
	}
	p.ended.Wait()
}

func (p *Pool) drain(worker int) {
	part := p.next.Add(1) - 1
	if part >= p.parts {
		return
	}
	begin := begun(p.watcher)
	for ; part < p.parts; part = p.next.Add(1) - 1 {
		p.task.Part(worker, int(part))
	}
	tell(p.watcher, worker, begin)
}
