package dist

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// queued is how many reductions may be started ahead of the one under way; who starts
// more waits.
const queued = 1024

// carrier does the calls of a rank one after the other, in the order in which they are
// made: blocking ones in the caller's goroutine, those that are started in one of its own.
type carrier struct {
	alone   bool // all calls are to be made by its own goroutine, which is locked to a thread
	inside  bool // this is that goroutine, in a call
	mu      sync.Mutex
	pending atomic.Int64 // started, and not done
	busy    atomic.Int64 // nanoseconds in what was started
	once    sync.Once
	queue   chan *Request
	does    *activity // nil where nobody watches
	monitor *monitor  // of the other ranks, or nil
}

func newCarrier(alone bool) *carrier {
	return &carrier{alone: alone, queue: make(chan *Request, queued)}
}

// call makes a blocking call behind all that was started.
func (k *carrier) call(name string, f func() error) error {
	if k.inside {
		return f()
	}
	if !k.alone && k.pending.Load() == 0 {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.does.enter(name)
		defer k.does.leave()
		return f()
	}
	r := &Request{name: name, work: func(*Comm) error { return f() }, done: make(chan struct{}, 1)}
	k.start(r)
	<-r.done
	return r.err
}

// start queues a call.
func (k *carrier) start(r *Request) {
	k.once.Do(func() { go k.work() })
	k.pending.Add(1)
	k.queue <- r
}

// work makes the queued calls. A thread of its own keeps what a library expects of
// calling threads, and a long call from holding up the goroutines of others.
func (k *carrier) work() {
	runtime.LockOSThread()
	for r := range k.queue {
		k.mu.Lock()
		k.does.enter(r.name)
		r.run()
		k.does.leave()
		k.busy.Add(int64(r.end.Sub(r.begin)))
		k.mu.Unlock()
		k.pending.Add(-1)
		r.done <- struct{}{}
	}
}

// close lets the goroutine end when the queue is empty. Nothing may be started any more.
func (k *carrier) close() { close(k.queue) }
