package data

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// TestResumeBatchByBatch goes on after each batch of two epochs in a new loader
// and compares all batches that follow.
func TestResumeBatchByBatch(t *testing.T) {
	for _, policy := range []Policy{Drop, Pad} {
		p := all(newTable(97, 5)).Shuffle(11, 2000).Shard(1, 2).Map(jitter{}, 0).Batch(7, policy)
		whole := loader(t, p)
		type seen struct {
			rows []int
			x    []float32
			next Position
		}
		var want []seen
		for range 2 * whole.Steps() {
			b, err := whole.Next(t.Context())
			require.NoError(t, err)
			want = append(want, seen{append([]int{}, b.Rows...), append([]float32{}, b.Float32("x")...), b.Next})
		}
		for stop := range want {
			l := loader(t, p)
			require.NoError(t, l.Seek(want[stop].next))
			for i := stop + 1; i < len(want); i++ {
				b, err := l.Next(t.Context())
				require.NoError(t, err)
				require.Equal(t, want[i], seen{b.Rows, b.Float32("x"), b.Next}, "batch %d after a stop at %d", i, stop)
			}
		}
	}
}

// TestResumeWithOtherRanks stops in mid-epoch and goes on with other numbers of
// ranks and sizes of batches: together they see the rest once.
func TestResumeWithOtherRanks(t *testing.T) {
	for _, shuffled := range []bool{false, true} {
		for _, ranks := range []int{1, 2, 3, 5, 8} {
			for _, batch := range []int{1, 4, 100} {
				t.Run(fmt.Sprint(shuffled, ranks, batch), func(t *testing.T) {
					p := all(newTable(203, 6))
					if shuffled {
						p = p.Shuffle(2, 2500)
					}
					var rows []int
					var at Position
					for rank := range 4 {
						l := loader(t, p.Shard(rank, 4).Batch(9, Pad))
						for range 3 {
							b, err := l.Next(t.Context())
							require.NoError(t, err)
							rows = append(rows, requireWhole(t, b)...)
						}
						at = l.Position()
					}
					require.Equal(t, Position{Row: 108}, at)
					for rank := range ranks {
						l := loader(t, p.Shard(rank, ranks).Batch(batch, Pad))
						require.NoError(t, l.Seek(at))
						for _, more := range epoch(t, l) {
							rows = append(rows, more...)
						}
						require.Equal(t, Position{Epoch: 1}, l.Position())
					}
					assert.Equal(t, upTo(203), sorted(rows))
				})
			}
		}
	}
}

// jitter adds random numbers to x.
type jitter struct{}

func (jitter) Fields(in []source.Field) ([]source.Field, error) { return in, nil }

func (jitter) Apply(dst, _ *Row) error {
	x := dst.Float32("x")
	for i := range x {
		x[i] += dst.Rand().Float32()
	}
	return nil
}

func TestWorkersDoNotChangeBits(t *testing.T) {
	batches := func(workers int) (x [][]float32) {
		src := newTable(301, 9)
		src.damaged = map[int]error{17: source.ErrCorrupt, 200: source.ErrCorrupt}
		src.nan = map[int]bool{90: true}
		l := loader(t, all(src).Shuffle(4, 1500).Map(jitter{}, workers).Map(jitter{}, workers).Skip(1000).Batch(13, Pad))
		for range 3 * l.Steps() {
			b, err := l.Next(t.Context())
			require.NoError(t, err)
			x = append(x, append(append([]float32{}, b.Float32("x")...), b.Mask...))
		}
		return x
	}
	one := batches(1)
	assert.Equal(t, one, batches(5))
	assert.Equal(t, one, batches(2))
}

// TestTransformsDrawAfresh: epochs, rows and places in the pipeline have numbers
// of their own.
func TestTransformsDrawAfresh(t *testing.T) {
	l := loader(t, From(newTable(50, 5)).Fields("x").Map(zero{}, 1).Map(jitter{}, 1).Batch(50, Drop))
	twice := loader(t, From(newTable(50, 5)).Fields("x").Map(zero{}, 1).Map(zero{}, 1).Map(jitter{}, 1).Batch(50, Drop))
	drawn := map[float32]int{}
	for range 3 {
		for _, loader := range []*Loader{l, twice} {
			b, err := loader.Next(t.Context())
			require.NoError(t, err)
			for _, v := range b.Float32("x") {
				drawn[v]++
			}
		}
	}
	assert.Greater(t, len(drawn), 3*2*200-5, "a few of 2^24 numbers may meet")
}

// zero clears x.
type zero struct{}

func (zero) Fields(in []source.Field) ([]source.Field, error) { return in, nil }
func (zero) Apply(dst, _ *Row) error                          { clear(dst.Float32("x")); return nil }

func TestAtStreamsAndJumps(t *testing.T) {
	src := newTable(100, 10)
	l := loader(t, all(src).Shuffle(1, 2000).Batch(10, Drop))
	other := loader(t, all(src).Shuffle(1, 2000).Batch(10, Drop))
	for _, at := range [][2]int{{0, 0}, {0, 1}, {0, 2}, {3, 9}, {4, 0}, {0, 5}, {0, 5}, {0, 4}} {
		b, err := l.At(t.Context(), at[0], at[1])
		require.NoError(t, err)
		require.Equal(t, Position{Epoch: at[0], Row: 10 * at[1]}, b.Position)
		require.NoError(t, other.Seek(b.Position))
		want, err := other.Next(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want.Rows, b.Rows)
	}
	_, err := l.At(t.Context(), 0, 10)
	assert.ErrorIs(t, err, source.ErrRange)
	assert.ErrorIs(t, l.Seek(Position{Epoch: -1}), source.ErrRange)
	assert.ErrorIs(t, l.Seek(Position{Row: 101}), source.ErrRange)
	assert.ErrorIs(t, l.Seek(Position{Epoch: 1 << 32}), source.ErrRange)
	require.NoError(t, l.Seek(Position{Row: 95}))
	assert.Equal(t, Position{Epoch: 1}, l.Position(), "no whole batch is left")
}
