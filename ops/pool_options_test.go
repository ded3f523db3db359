package ops

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// clearEnvironment makes sure that only the test sets the pool's variables.
func clearEnvironment(t *testing.T) {
	for _, name := range []string{"CASCADE_NUM_THREADS", "CASCADE_AFFINITY", "CASCADE_BLOCKTIME"} {
		t.Setenv(name, "")
	}
}

func TestFromEnvironment(t *testing.T) {
	asked := PoolOptions{Workers: 3, BlockTime: time.Second}
	for _, tc := range []struct {
		name, variable, value string
		want                  PoolOptions
	}{
		{"nothing set", "CASCADE_NUM_THREADS", "", asked},
		{"threads win", "CASCADE_NUM_THREADS", "5", PoolOptions{Workers: 5, BlockTime: time.Second}},
		{"block time wins", "CASCADE_BLOCKTIME", "1ms", PoolOptions{Workers: 3, BlockTime: time.Millisecond}},
		{"block time none", "CASCADE_BLOCKTIME", "0", PoolOptions{Workers: 3, BlockTime: NoBlockTime}},
		{"block time without end", "CASCADE_BLOCKTIME", "infinite", PoolOptions{Workers: 3, BlockTime: InfiniteBlockTime}},
		{"affinity none", "CASCADE_AFFINITY", "none", PoolOptions{Workers: 3, Affinity: "none", BlockTime: time.Second}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			clearEnvironment(t)
			t.Setenv(tc.variable, tc.value)
			o, err := asked.FromEnvironment()
			require.NoError(t, err)
			assert.Equal(t, tc.want, o)
		})
	}
}

func TestFromEnvironmentRefuses(t *testing.T) {
	for _, tc := range []struct{ name, variable, value, want string }{
		{"threads that are no number", "CASCADE_NUM_THREADS", "many", `CASCADE_NUM_THREADS is "many": a number of threads of at least 1`},
		{"no threads", "CASCADE_NUM_THREADS", "0", `CASCADE_NUM_THREADS is "0"`},
		{"negative threads", "CASCADE_NUM_THREADS", "-2", `CASCADE_NUM_THREADS is "-2"`},
		{"block time without a unit", "CASCADE_BLOCKTIME", "200", `CASCADE_BLOCKTIME is "200": a duration like 200us, 0 or infinite`},
		{"negative block time", "CASCADE_BLOCKTIME", "-1s", `CASCADE_BLOCKTIME is "-1s"`},
		{"affinity that is no word of ours", "CASCADE_AFFINITY", "close", `CASCADE_AFFINITY is "close": none, compact, scatter or a list of cores like 0-3,8 is expected`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			clearEnvironment(t)
			t.Setenv(tc.variable, tc.value)
			_, err := PoolOptions{}.FromEnvironment()
			assert.ErrorContains(t, err, tc.want)
		})
	}
}

func TestNewPoolOptions(t *testing.T) {
	_, err := PoolOptions{Workers: -1}.New()
	require.EqualError(t, err, "ops: pool: -1 workers asked for: at least 1 is needed")
	_, err = PoolOptions{Affinity: "everywhere"}.New()
	require.ErrorContains(t, err, "ops: pool: none, compact, scatter or a list of cores")
	p, err := PoolOptions{}.New()
	require.NoError(t, err)
	defer p.Close()
	assert.Equal(t, runtime.GOMAXPROCS(0), p.Workers())
	assert.NoError(t, p.Err())
}

func TestBlockTime(t *testing.T) {
	n := processors()
	assert.Equal(t, DefaultBlockTime, PoolOptions{}.blockTime(n))
	assert.Zero(t, PoolOptions{}.blockTime(n+1), "waiting awake would keep others from work")
	assert.Zero(t, PoolOptions{BlockTime: NoBlockTime}.blockTime(n))
	assert.Equal(t, time.Hour, PoolOptions{BlockTime: time.Hour}.blockTime(n+1), "asked for")
}

// withoutDefault lets a test start a default pool of its own.
func withoutDefault(t *testing.T) {
	clearEnvironment(t)
	defaultPool.mu.Lock()
	pool, options := defaultPool.pool, defaultPool.options
	defaultPool.pool, defaultPool.options = nil, PoolOptions{}
	defaultPool.mu.Unlock()
	t.Cleanup(func() {
		if p := defaultPool.pool; p != nil {
			p.Close()
		}
		defaultPool.pool, defaultPool.options = pool, options
	})
}

func TestSetDefault(t *testing.T) {
	withoutDefault(t)
	require.ErrorContains(t, SetDefault(PoolOptions{Workers: -1}), "-1 workers asked for")
	require.NoError(t, SetDefault(PoolOptions{Workers: 3}))
	assert.Equal(t, 3, likelyWorkers())
	pool := Default()
	assert.Equal(t, 3, pool.Workers())
	assert.Same(t, pool, Default(), "there is one")
	assert.ErrorContains(t, SetDefault(PoolOptions{Workers: 2}), "already runs with 3 workers")
}

// TestDefaultTellsWhatIsWrong: a mistyped variable is an error, and no reason to stop.
func TestDefaultTellsWhatIsWrong(t *testing.T) {
	withoutDefault(t)
	t.Setenv("CASCADE_NUM_THREADS", "2,")
	pool := Default()
	require.ErrorContains(t, pool.Err(), `CASCADE_NUM_THREADS is "2,"`)
	assert.Equal(t, processors(), likelyWorkers())
	count := newTally(9, pool.Workers())
	pool.Run(9, count)
	assert.EqualValues(t, 1, count.done[8].Load())
}
