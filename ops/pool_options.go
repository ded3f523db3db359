package ops

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// PoolOptions are the choices of a pool. The zero value has the defaults.
type PoolOptions struct {
	// Workers is their number. 0 is as many as Affinity lists cores, else GOMAXPROCS,
	// which Go sets from the cores and the limits that the process was given.
	Workers int

	// Affinity says to which core each worker is pinned. It needs Linux. One hardware
	// thread of every core is used before the second of any.
	//
	//	none       to none, the default: on a shared machine the system knows better
	//	compact    the cores of a NUMA node one after the other, then the next node's
	//	scatter    the NUMA nodes by turns
	//	0-3,8,10   worker 0 to core 0, ..., worker 4 to core 8, worker 5 to core 10
	//
	// compact and scatter use the cores that the process may use, from the first again
	// where there are more workers. The goroutine that calls Run is worker 0, and
	// pinned meanwhile.
	Affinity string

	// BlockTime is how long a worker without work stays awake before it sleeps. To
	// wake it takes 10 µs and more, longer than many primitives run; but one that is awake
	// keeps its core from others. 0 is the default of [DefaultBlockTime], or
	// [NoBlockTime] for a pool of more workers than there are cores for.
	BlockTime time.Duration
}

const (
	// DefaultBlockTime is a few times what usually lies between two primitives, and
	// little beside a step.
	DefaultBlockTime = 200 * time.Microsecond
	// NoBlockTime lets a worker without work sleep at once.
	NoBlockTime time.Duration = -1
	// InfiniteBlockTime never lets a worker sleep. It is for machines that do nothing
	// else.
	InfiniteBlockTime time.Duration = math.MaxInt64
)

// New starts a pool. Close it when it is no longer needed.
func (o PoolOptions) New() (*Pool, error) {
	workers, cores, err := o.resolve()
	if err != nil {
		return nil, fmt.Errorf("ops: pool: %w", err)
	}
	return newPool(workers, o.blockTime(workers), cores), nil
}

// FromEnvironment returns the options with what the environment variables say in
// place of what they say themselves: CASCADE_NUM_THREADS for Workers, CASCADE_AFFINITY
// for Affinity, and CASCADE_BLOCKTIME for BlockTime, as a duration in Go's notation
// (200us), 0, or infinite.
func (o PoolOptions) FromEnvironment() (PoolOptions, error) {
	if text := os.Getenv("CASCADE_NUM_THREADS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return o, fmt.Errorf("ops: CASCADE_NUM_THREADS is %q: a number of threads of at least 1 is expected", text)
		}
		o.Workers = n
	}
	if text := os.Getenv("CASCADE_BLOCKTIME"); text != "" {
		t, err := parseBlockTime(text)
		if err != nil {
			return o, fmt.Errorf("ops: CASCADE_BLOCKTIME is %q: a duration like 200us, 0 or infinite is expected", text)
		}
		o.BlockTime = t
	}
	if text := os.Getenv("CASCADE_AFFINITY"); text != "" {
		o.Affinity = text
		if _, _, err := o.resolve(); err != nil {
			return o, fmt.Errorf("ops: CASCADE_AFFINITY is %q: %w", text, err)
		}
	}
	return o, nil
}

func parseBlockTime(text string) (time.Duration, error) {
	if strings.EqualFold(text, "infinite") {
		return InfiniteBlockTime, nil
	}
	t, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, err
	case t < 0:
		return 0, fmt.Errorf("%v is negative", t)
	case t == 0:
		return NoBlockTime, nil
	}
	return t, nil
}

// resolve settles the number of workers and their cores, nil for none.
func (o PoolOptions) resolve() (workers int, cores []int, err error) {
	if o.Workers < 0 {
		return 0, nil, fmt.Errorf("%d workers asked for: at least 1 is needed", o.Workers)
	}
	workers = o.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	switch o.Affinity {
	case "", "none":
		return workers, nil, nil
	case "compact", "scatter":
		cores, err = spreadCores(o.Affinity == "compact", workers)
		return workers, cores, err
	}
	if cores, err = listedCores(o.Affinity, o.Workers); err != nil {
		return 0, nil, err
	}
	return len(cores), cores, nil
}

// blockTime settles that of a pool; 0 is none.
func (o PoolOptions) blockTime(workers int) time.Duration {
	if o.BlockTime == 0 && workers <= processors() {
		return DefaultBlockTime
	}
	return max(o.BlockTime, 0)
}
