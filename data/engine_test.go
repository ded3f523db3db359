package data

import (
	"context"
	"errors"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/philox"
)

// In the bubble of synctest, time stands still while anybody works: waits come out
// as computed. The bubble also fails the test if a goroutine outlives Close.

// TestWaitShareUnderASlowSource reads 10 ms for each batch with one worker, and
// trains for as long as the table says.
func TestWaitShareUnderASlowSource(t *testing.T) {
	const read = 10 * time.Millisecond
	for _, tc := range []struct {
		train time.Duration
		share float64 // (read - train) / read
	}{{0, 1}, {4 * time.Millisecond, 0.6}, {9 * time.Millisecond, 0.1}, {12 * time.Millisecond, 0}} {
		synctest.Test(t, func(t *testing.T) {
			src := newTable(4000, 10)
			src.slow = read
			l, err := all(src).Map(nothing{}, 1).Prefetch(3).Batch(10, Drop).Loader()
			require.NoError(t, err)
			for range 200 {
				_, err := l.Next(t.Context())
				require.NoError(t, err)
				time.Sleep(tc.train)
			}
			s := l.Stats()
			require.NoError(t, l.Close())
			assert.InDelta(t, tc.share, s.WaitShare(), 0.01, "training for %v", tc.train)
			assert.Equal(t, 200, s.Batches)
			if tc.share > 0 {
				assert.Equal(t, 200*read, s.Elapsed, "the disk sets the pace")
				assert.Less(t, s.QueueDepth(), 0.1)
			} else {
				assert.Equal(t, 199*tc.train+read, s.Elapsed)
				assert.Greater(t, s.QueueDepth(), 1.0)
			}
			rate := 10.0 * 45 / read.Seconds()
			assert.InDelta(t, rate, s.ReadRate(), 0.1*rate)
		})
	}
}

func TestStatsSinceAreOfTheTimeBetween(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := newTable(1000, 10)
		src.slow = 10 * time.Millisecond
		l, err := all(src).Map(nothing{}, 1).Batch(10, Drop).Loader()
		require.NoError(t, err)
		defer l.Close()
		for range 5 {
			_, err := l.Next(t.Context())
			require.NoError(t, err)
		}
		before := l.Stats()
		assert.InDelta(t, 1, before.WaitShare(), 1e-9)
		time.Sleep(time.Second) // the queue fills
		for range 2 {
			_, err := l.Next(t.Context())
			require.NoError(t, err)
		}
		s := l.Stats().Since(before)
		assert.Equal(t, time.Second, s.Elapsed)
		assert.Zero(t, s.Waited)
		assert.Equal(t, 2, s.Batches)
		assert.InDelta(t, 1.97, s.QueueDepth(), 1e-6, "ready after 10 ms and 20 ms")
	})
}

func TestStatsString(t *testing.T) {
	s := Stats{
		Elapsed: time.Second, Waited: time.Millisecond, Capacity: 3, Skipped: 4, Decoded: 3, Reused: 1,
		Reading:   source.Counts{StoredBytes: 12e6, ReadNanos: 1e8, DecodedBytes: 89e6, DecodeNanos: 1e8},
		depthTime: 29 * time.Second, measured: 10 * time.Second,
	}
	assert.Equal(t, "data: 120 MB/s read, 890 MB/s decoded, queue 2.9/3, waits 0.1%, 25% reused, 4 rows skipped", s.String())
	assert.Equal(t, "data: 0 MB/s read, queue 0.0/2, waits 0.0%", Stats{Capacity: 2}.String())
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	for _, steps := range []int{0, 1, 7} {
		synctest.Test(t, func(t *testing.T) {
			src := newTable(500, 10)
			src.slow = time.Second
			l, err := all(src).Shuffle(1, 5000).Map(jitter{}, 4).Batch(10, Drop).Loader()
			require.NoError(t, err)
			for range steps {
				_, err := l.Next(t.Context())
				require.NoError(t, err)
			}
			require.NoError(t, l.Seek(Position{Row: 100}))
			if steps > 0 {
				_, err := l.Next(t.Context())
				require.NoError(t, err)
			}
			require.NoError(t, l.Close())
			require.NoError(t, l.Close(), "again")
			_, err = l.Next(t.Context())
			require.ErrorIs(t, err, os.ErrClosed)
			require.ErrorIs(t, l.Seek(Position{}), os.ErrClosed)
			assert.False(t, src.closed, "From leaves the source open")
		})
	}
}

// TestAnyUseComesToAnEnd does what users may do in any order. In the bubble a
// deadlock is an error.
func TestAnyUseComesToAnEnd(t *testing.T) {
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) {
			r := philox.NewStream(seed, 0)
			src := newTable(1+r.Intn(300), 1+r.Intn(40))
			src.slow = time.Duration(r.Intn(3)) * time.Millisecond
			ranks := 1 + r.Intn(4)
			p := all(src).Shard(r.Intn(ranks), ranks).Map(jitter{}, 1+r.Intn(4)).Prefetch(1 + r.Intn(4))
			p = p.Batch(1+r.Intn(60), Pad).Cache(int64(r.Intn(2) * r.Intn(8000)))
			if r.Intn(3) > 0 {
				p = p.Shuffle(seed, int64(1+r.Intn(12_000)))
			}
			l, err := p.Loader()
			require.NoError(t, err)
			for range 80 {
				at := Position{Epoch: r.Intn(3), Row: r.Intn(src.rows + 1)}
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(r.Intn(20))*time.Millisecond)
				switch r.Intn(12) {
				case 0:
					require.NoError(t, l.Seek(at))
				case 1:
					_, err = l.At(t.Context(), at.Epoch, r.Intn(l.Steps()))
				case 2:
					if _, err = l.Next(ctx); errors.Is(err, context.DeadlineExceeded) {
						err = nil
					}
				case 3:
					time.Sleep(time.Duration(r.Intn(20)) * time.Millisecond)
				default:
					want := l.Position()
					var b *Batch
					if b, err = l.Next(t.Context()); err == nil {
						require.Equal(t, want, b.Position)
						require.Equal(t, b.Next, l.Position())
					}
				}
				require.NoError(t, err)
				cancel()
			}
			require.NoError(t, l.Close())
		})
	}
}

func TestNextHonoursItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := newTable(100, 10)
		src.slow = time.Minute
		l, err := all(src).Map(nothing{}, 1).Batch(10, Drop).Loader()
		require.NoError(t, err)
		defer l.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, err = l.Next(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, time.Second, time.Since(began))
		_, err = l.Next(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		b, err := l.Next(t.Context())
		require.NoError(t, err)
		assert.Equal(t, Position{}, b.Position, "the batch is there to be asked for again")
	})
}

// TestMemoryStaysWithinTheBudget looks at each read at what blocks hold.
func TestMemoryStaysWithinTheBudget(t *testing.T) {
	for _, tc := range []struct {
		name   string
		budget int64
		extent int
		batch  int
	}{
		{"many blocks in a window", 20_000, 5, 8},
		{"one block in a window", 2 * 50 * (tableRow + placeBytes), 50, 8},
		{"blocks larger than the budget", 100, 50, 8},
		{"batches of many windows", 5000, 5, 700},
	} {
		t.Run(tc.name, func(t *testing.T) {
			src := newTable(1000, tc.extent)
			l := loader(t, all(src).Shuffle(3, tc.budget).Map(jitter{}, 3).Batch(tc.batch, Pad))
			var most atomic.Int64
			made := make(chan struct{})
			src.onRead = func(source.Range) {
				<-made
				l.engine.mu.Lock()
				defer l.engine.mu.Unlock()
				most.Store(max(most.Load(), l.engine.used))
			}
			l.engine = newEngine(l.plan, l.at, l.batches, l.meter, l.cache)
			close(made)
			for range 3 * l.Steps() {
				_, err := l.Next(t.Context())
				require.NoError(t, err)
			}
			require.NoError(t, l.Close())
			assert.Positive(t, most.Load())
			assert.LessOrEqual(t, most.Load(), tc.budget+int64(tc.extent)*tableRow)
		})
	}
}

// TestStringsMayBeLongerThanThought: the first extent is no measure of the others,
// and there is no room for the blocks of a window; batches come all the same.
func TestStringsMayBeLongerThanThought(t *testing.T) {
	src := newTable(600, 10)
	src.longer = 3
	l := loader(t, From(src).Raw("name").Shuffle(1, 10_000).Map(nothing{}, 3).Batch(16, Pad))
	seen := map[int]bool{}
	for b, err := range l.Epoch(t.Context()) {
		require.NoError(t, err)
		for i, row := range b.Rows {
			if row >= 0 {
				require.Equal(t, row, rowOf(t, b.Bytes("name", i)))
				require.GreaterOrEqual(t, len(b.Bytes("name", i)), 3*row)
				seen[row] = true
			}
		}
	}
	assert.Len(t, seen, 600)
}

func TestABlockIsReadOnceInAnEpoch(t *testing.T) {
	src := newTable(1000, 10)
	l := loader(t, all(src).Shuffle(3, 6000).Batch(10, Drop))
	for range 2 * l.Steps() {
		_, err := l.Next(t.Context())
		require.NoError(t, err)
	}
	require.NoError(t, l.Close())
	assert.LessOrEqual(t, src.reads.Load(), int64(2000+2*100), "two epochs, and two windows ahead")
}

func TestWhatFitsIsReadOnce(t *testing.T) {
	for name, p := range map[string]func(Pipeline) Pipeline{
		"half the budget": func(p Pipeline) Pipeline { return p.Shuffle(3, 2*1000*(tableRow+placeBytes)) },
		"the cache":       func(p Pipeline) Pipeline { return p.Shuffle(3, 6000).Cache(1000 * tableRow) },
	} {
		t.Run(name, func(t *testing.T) {
			src := newTable(1000, 10)
			l := loader(t, p(all(src)).Batch(10, Drop))
			src.reads.Store(0) // a few, to see how long strings are
			for range 5 {
				require.Equal(t, upTo(1000), sorted(epoch(t, l)...))
			}
			assert.Equal(t, int64(1000), src.reads.Load())
			assert.Greater(t, l.Stats().ReuseShare(), 0.75)
		})
	}
}

func TestCacheKeepsWhatFits(t *testing.T) {
	src := newTable(1000, 10)
	l := loader(t, all(src).Shuffle(3, 6000).Cache(500*tableRow).Batch(10, Drop))
	for range 4 {
		require.Equal(t, upTo(1000), sorted(epoch(t, l)...))
	}
	require.NoError(t, l.Seek(Position{}))
	require.Equal(t, upTo(1000), sorted(epoch(t, l)...), "and over a Seek")
	require.NoError(t, l.Close())
	assert.LessOrEqual(t, l.cache.used, int64(500*tableRow))
	assert.Less(t, src.reads.Load(), int64(1000+4*500+400))
}

// TestNextDoesNotAllocate lets a loader settle for some epochs first.
func TestNextDoesNotAllocate(t *testing.T) {
	const rows = 4096
	src, err := source.Memory(
		source.Column{Name: "x", Shape: []int{2, 2}, Data: make([]float32, 4*rows)},
		source.Column{Name: "id", Data: make([]float32, rows)},
	)
	require.NoError(t, err)
	small := source.Cut(rows, 32)
	for name, p := range map[string]Pipeline{
		"as stored": From(cut{src, small}),
		"shuffled":  From(cut{src, small}).Shuffle(1, 40_000).Map(jitter{}, 2),
		"cached":    From(cut{src, small}).Shuffle(1, 40_000).Cache(40_000),
	} {
		t.Run(name, func(t *testing.T) {
			p = p.Fields("x").Ints("id").Batch(50, Drop)
			p.budget = 40_000
			l := loader(t, p)
			for range 10 * l.Steps() {
				_, err := l.Next(t.Context())
				require.NoError(t, err)
			}
			assert.Zero(t, testing.AllocsPerRun(5*l.Steps(), func() {
				_, err := l.Next(context.Background())
				require.NoError(t, err)
			}))
		})
	}
}

// cut is a source in other extents.
type cut struct {
	source.Source
	extents []source.Range
}

func (c cut) Extents() []source.Range { return c.extents }

func TestBatchMemoryIsAlignedAndLeftAlone(t *testing.T) {
	l := loader(t, all(newTable(1000, 10)).Shuffle(1, 5000).Prefetch(3).Batch(7, Drop))
	memories := map[*float32]bool{}
	for range 500 {
		b, err := l.Next(t.Context())
		require.NoError(t, err)
		x := b.Float32("x")
		memories[unsafe.SliceData(x)] = true
		require.Zero(t, uintptr(unsafe.Pointer(unsafe.SliceData(x)))%64)
		require.Zero(t, uintptr(unsafe.Pointer(unsafe.SliceData(b.Int64("id"))))%64)
		rows := requireWhole(t, b)
		time.Sleep(20 * time.Microsecond) // workers go on
		require.Equal(t, rows, requireWhole(t, b))
	}
	assert.LessOrEqual(t, len(memories), 4, "of the batches that Prefetch asks for and one in use")
}
