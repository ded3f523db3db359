package ops

import (
	"fmt"
	"sync"
)

var defaultPool struct {
	mu      sync.Mutex
	pool    *Pool
	options PoolOptions
}

// Default returns the pool of the process, started at the first call with the options
// of [SetDefault] and of the environment, which wins; see [PoolOptions.FromEnvironment].
// If there is something wrong with them, [Pool.Err] says what.
func Default() *Pool {
	defaultPool.mu.Lock()
	defer defaultPool.mu.Unlock()
	if defaultPool.pool == nil {
		defaultPool.pool = startDefault(defaultPool.options)
	}
	return defaultPool.pool
}

func startDefault(o PoolOptions) *Pool {
	o, err := o.FromEnvironment()
	if err == nil {
		var p *Pool
		if p, err = o.New(); err == nil {
			return p
		}
	}
	p := NewPool(processors())
	p.err = err
	return p
}

// likelyWorkers is the number of workers that a primitive made now will probably be
// executed by. No result may depend on it.
func likelyWorkers() int {
	defaultPool.mu.Lock()
	defer defaultPool.mu.Unlock()
	if defaultPool.pool != nil {
		return defaultPool.pool.Workers()
	}
	o, err := defaultPool.options.FromEnvironment()
	if err == nil {
		if workers, _, err := o.resolve(); err == nil {
			return workers
		}
	}
	return processors()
}

// SetDefault sets the options of the default pool. It must come before the pool's first
// use.
func SetDefault(o PoolOptions) error {
	defaultPool.mu.Lock()
	defer defaultPool.mu.Unlock()
	if _, _, err := o.resolve(); err != nil {
		return fmt.Errorf("ops: default pool: %w", err)
	}
	if p := defaultPool.pool; p != nil {
		return fmt.Errorf("ops: the default pool already runs with %d workers: set its options before the first program is compiled", p.Workers())
	}
	defaultPool.options = o
	return nil
}
