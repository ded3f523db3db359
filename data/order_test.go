package data

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

const tableRow = 48 // bytes of a row of a table in memory, or a few less

func TestEpochDeliversEveryRowOnce(t *testing.T) {
	for _, rows := range []int{1, 5, 64, 1000} {
		for _, extent := range []int{1, 7, 100} {
			for _, budget := range []int64{1, 3000, 0} {
				for _, ranks := range []int{1, 3, 4} {
					t.Run(fmt.Sprint(rows, extent, budget, ranks), func(t *testing.T) {
						src := newTable(rows, extent)
						for e := range 2 {
							var got []int
							for rank := range ranks {
								l := loader(t, all(src).Shuffle(3, budget).Shard(rank, ranks).Batch(6, Pad))
								require.NoError(t, l.Seek(Position{Epoch: e}))
								batches := epoch(t, l)
								require.Len(t, batches, l.Steps())
								require.Equal(t, Position{Epoch: e + 1}, l.Position())
								got = append(got, slices.Concat(batches...)...)
							}
							require.Equal(t, upTo(rows), sorted(got))
						}
					})
				}
			}
		}
	}
}

func TestOrderDependsOnSeedAndEpochOnly(t *testing.T) {
	src := newTable(500, 8)
	flat := func(p Pipeline, epochs int) []int {
		l := loader(t, p)
		var rows []int
		for range epochs {
			rows = append(rows, slices.Concat(epoch(t, l)...)...)
		}
		return rows
	}
	p := all(src).Shuffle(1, 20*8*tableRow)
	want := flat(p.Batch(7, Pad), 2)
	assert.NotEqual(t, upTo(500), want[:500])
	assert.NotEqual(t, want[:500], want[500:], "epochs differ")
	assert.Equal(t, want, flat(p.Batch(64, Pad), 2), "whatever the size of batches")
	assert.Equal(t, want, flat(p.Batch(1000, Pad), 2), "batches larger than windows")
	assert.Equal(t, want, flat(p.Batch(7, Pad).Map(nothing{}, 5).Prefetch(7).Cache(1<<20), 2), "whatever the workers")
	assert.NotEqual(t, want, flat(all(src).Shuffle(2, 20*8*tableRow).Batch(7, Pad), 2), "seeds differ")
	assert.Equal(t, upTo(500), flat(all(src).Batch(7, Pad), 1), "as stored without Shuffle")
}

// TestOrderStaysWhatItIs holds the order of one pipeline: a training that was
// interrupted under an earlier version must find its rows again.
func TestOrderStaysWhatItIs(t *testing.T) {
	l := loader(t, From(newTable(40, 4)).Ints("id").Shuffle(42, 2*6*4*tableRow).Batch(10, Drop))
	require.NoError(t, l.Seek(Position{Epoch: 1}))
	b, err := l.Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []int{4, 35, 5, 12, 31, 9, 32, 14, 28, 10}, b.Rows)
}

// nothing is a transform that changes nothing.
type nothing struct{}

func (nothing) Fields(in []source.Field) ([]source.Field, error) { return in, nil }
func (nothing) Apply(_, _ *Row) error                            { return nil }

// TestRanksTakeTurns compares ranks with one that does all of their batches.
func TestRanksTakeTurns(t *testing.T) {
	for _, shuffled := range []bool{false, true} {
		p := all(newTable(333, 10))
		if shuffled {
			p = p.Shuffle(7, 3000)
		}
		whole := loader(t, p.Batch(12, Pad))
		var ranks []*Loader
		for r := range 3 {
			ranks = append(ranks, loader(t, p.Shard(r, 3).Batch(4, Pad)))
		}
		for range 2 * whole.Steps() {
			b, err := whole.Next(t.Context())
			require.NoError(t, err)
			var got [3][]int
			for r, l := range ranks {
				part, err := l.Next(t.Context())
				require.NoError(t, err)
				require.Equal(t, b.Position, part.Position)
				require.Equal(t, b.Next, part.Next)
				got[r] = requireWhole(t, part)
			}
			if !shuffled {
				require.Equal(t, requireWhole(t, b), slices.Concat(got[:]...), "each a slice of neighbours")
			}
			require.Equal(t, sorted(requireWhole(t, b)), sorted(got[:]...))
		}
	}
}

// TestRanksDecodeTheirShare counts the rows that each of several ranks reads.
func TestRanksDecodeTheirShare(t *testing.T) {
	const rows, extent = 64 * 16 * 4, 16
	for _, ranks := range []int{2, 4, 8} {
		total := 0
		for r := range ranks {
			src := newTable(rows, extent)
			l := loader(t, all(src).Shuffle(5, 2*64*extent*(tableRow+placeBytes)).Shard(r, ranks).Batch(8, Drop))
			require.Equal(t, 64, l.plan.order.lanes)
			for range l.Steps() {
				_, err := l.Next(t.Context())
				require.NoError(t, err)
			}
			require.NoError(t, l.Close())
			total += int(src.reads.Load())
		}
		// Each reads ahead two windows of the next epoch at most.
		assert.LessOrEqual(t, total, rows+rows/2+extent*16, "%d ranks", ranks)
	}
}

// TestShuffleMixesFarAndNear: how far rows move from where they are stored, and
// that neighbours in the order are not neighbours in the file.
func TestShuffleMixesFarAndNear(t *testing.T) {
	const rows = 10_000
	l := loader(t, From(newTable(rows, 10)).Ints("id").Shuffle(1, 2*100*10*(tableRow+placeBytes)).Batch(100, Drop))
	far, near, sum := 0, 0, 0.0
	last, at := -100, 0
	for b, err := range l.Epoch(t.Context()) {
		require.NoError(t, err)
		for _, row := range b.Rows {
			if d := row - last; d >= -10 && d <= 10 {
				near++
			}
			if d := row - at; d < -rows/4 || d > rows/4 {
				far++
			}
			sum += float64(row) * float64(at)
			last = row
			at++
		}
	}
	assert.InDelta(t, 0.5625*rows, far, 0.05*rows, "as for random pairs: (3/4)² lie further apart than a quarter")
	assert.Less(t, near, rows/50)
	mean := float64(rows-1) / 2
	correlation := (sum/rows - mean*mean) / (float64(rows) * rows / 12)
	assert.InDelta(t, 0, correlation, 0.1)
}

// TestEveryFirstRowIsLikely is a chi-squared test of the row that epochs begin with.
func TestEveryFirstRowIsLikely(t *testing.T) {
	const rows, draws = 32, 32 * 200
	s, err := newSelection(newTable(rows, 4), Part(0, 1))
	require.NoError(t, err)
	o := newOrder(s, true, 9, tableRow, 1<<20)
	var count [rows]int
	var e epochOrder
	var d deal
	for epoch := range draws {
		o.arrange(&e, epoch)
		o.deal(&d, &e, 0)
		p := d.at(0)
		count[o.blocks[d.ids[p.block]].From+int(p.row)]++
	}
	chi2 := 0.0
	for _, c := range count {
		chi2 += (float64(c) - 200) * (float64(c) - 200) / 200
	}
	assert.Less(t, chi2, 61.1, "31 degrees of freedom, p = 0.001")
}

func TestLargeSourcesNeedNoOrderOfAllRows(t *testing.T) {
	s := &selection{first: []int{0}}
	for i := range 1 << 14 {
		s.add(source.Range{From: i << 16, To: (i + 1) << 16}) // 2^30 rows
	}
	o := newOrder(s, true, 1, 64, 128<<20)
	var e epochOrder
	var d deal
	o.arrange(&e, 3)
	w := e.find(900_000_000)
	o.deal(&d, &e, w)
	assert.LessOrEqual(t, d.end-d.start, 2<<20)
	assert.LessOrEqual(t, d.start, 900_000_000)
	assert.Greater(t, d.end, 900_000_000)
}
