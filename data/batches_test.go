package data

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestShuffleIsAPermutation(t *testing.T) {
	for _, n := range []int{-1, 0, 1, 2, 17, 1000} {
		for _, block := range []int{-1, 0, 1, 2, 16, 999, 1000, 1001, math.MaxInt} {
			order := Shuffle(3, 5, n, block)
			sorted := slices.Sorted(slices.Values(order))
			require.Len(t, sorted, max(n, 0))
			for i, v := range sorted {
				require.Equal(t, i, v, "n %d, block %d", n, block)
			}
		}
	}
}

func TestShuffleDependsOnItsArgumentsAlone(t *testing.T) {
	base := Shuffle(1, 0, 1000, 1)
	assert.Equal(t, base, Shuffle(1, 0, 1000, 1))
	assert.NotEqual(t, base, Shuffle(2, 0, 1000, 1), "seed")
	assert.NotEqual(t, base, Shuffle(1, 1, 1000, 1), "epoch")
	// Frozen: a change would break the resuming of runs begun before it.
	assert.Equal(t, []int{9, 5, 8, 3, 2, 1, 0, 6, 4, 7}, Shuffle(42, 7, 10, 1))
	assert.Equal(t, []int{9, 6, 7, 8, 3, 4, 5, 0, 1, 2}, Shuffle(42, 0, 10, 3))
}

func TestShuffleKeepsBlocksTogether(t *testing.T) {
	order := Shuffle(1, 2, 1003, 16)
	assert.False(t, slices.IsSorted(order))
	for i := 0; i+1 < len(order); i++ {
		if order[i]%16 != 15 && order[i] != 1002 {
			require.Equal(t, order[i]+1, order[i+1])
		}
	}
}

// Each row must be equally likely in each place.
func TestShuffleIsUniform(t *testing.T) {
	const n, epochs = 8, 8000
	var count [n][n]int
	for e := range epochs {
		for place, row := range Shuffle(1, e, n, 1) {
			count[place][row]++
		}
	}
	for place := range n {
		for row := range n {
			assert.InDelta(t, epochs/n, count[place][row], 160, "row %d in place %d", row, place) // over five standard deviations
		}
	}
}

func TestEveryRowIsDealtOncePerEpoch(t *testing.T) {
	src := counting(t, 103)
	for _, plan := range []Plan{
		{Batch: 10},
		{Batch: 10, Shuffle: true, Seed: 4},
		{Batch: 10, Shuffle: true, Seed: 4, Block: 4},
		{Batch: 10, Shuffle: true, Block: 1000},
		{Batch: 200, Shuffle: true},
		{Batch: 1},
		{Batch: 10, Shuffle: true, Rows: Range{90, 103}},
		{Batch: 10, Shuffle: true, DropLast: true},
		{Batch: 103, DropLast: true},
	} {
		t.Run(fmt.Sprintf("%+v", plan), func(t *testing.T) {
			b, err := NewBatches(src, plan)
			require.NoError(t, err)
			rows := plan.Rows
			if rows == (Range{}) {
				rows = Range{0, 103}
			}
			dst := map[string][]float32{"x": make([]float32, 6*plan.Batch), "y": make([]float32, plan.Batch)}
			for epoch := range 2 {
				var seen []int
				for step := range b.Steps() {
					n, err := b.Read(epoch, step, dst)
					require.NoError(t, err)
					require.Equal(t, b.Size(step), n)
					index, err := b.Index(nil, epoch, step)
					require.NoError(t, err)
					for i := range n {
						require.Equal(t, float32(index[i]), dst["y"][i])
						require.Equal(t, float32(index[i])+0.625, dst["x"][6*i+5])
					}
					seen = append(seen, index...)
				}
				slices.Sort(seen)
				if plan.DropLast {
					require.Len(t, seen, 103/plan.Batch*plan.Batch)
					require.Len(t, slices.Compact(seen), 103/plan.Batch*plan.Batch)
					continue
				}
				require.Len(t, seen, rows.Len())
				for i, row := range seen {
					require.Equal(t, rows.From+i, row)
				}
			}
		})
	}
}

// Steps asked for in any order, from several goroutines, with other Batches in
// between, give what an unbroken run gave.
func TestResumingAnywhere(t *testing.T) {
	src := counting(t, 101)
	plan := Plan{Batch: 8, Seed: 9, Shuffle: true, Block: 3}
	read := func(b *Batches, epoch, step int) []float32 {
		dst := make([]float32, 8)
		n, err := b.Read(epoch, step, map[string][]float32{"y": dst})
		assert.NoError(t, err)
		return dst[:n]
	}
	unbroken, err := NewBatches(src, plan)
	require.NoError(t, err)
	var want [3][][]float32
	for epoch := range want {
		for step := range unbroken.Steps() {
			want[epoch] = append(want[epoch], read(unbroken, epoch, step))
		}
	}
	resumed, err := NewBatches(src, plan)
	require.NoError(t, err)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 60 {
				epoch, step := (i*7+g)%3, (i*5+g)%unbroken.Steps()
				assert.Equal(t, want[epoch][step], read(resumed, epoch, step))
			}
		})
	}
	wg.Wait()
}

// spy counts the reads that reach a source.
type spy struct {
	Source
	reads [][2]int
}

func (s *spy) ReadRows(field string, dst []float32, first, count int) error {
	s.reads = append(s.reads, [2]int{first, count})
	return s.Source.ReadRows(field, dst, first, count)
}

func TestNeighboursAreReadTogetherAndForwards(t *testing.T) {
	s := &spy{Source: counting(t, 64)}
	dst := map[string][]float32{"y": make([]float32, 32)}
	read := func(plan Plan) [][2]int {
		b, err := NewBatches(s, plan)
		require.NoError(t, err)
		s.reads = nil
		_, err = b.Read(0, 0, dst)
		require.NoError(t, err)
		return s.reads
	}
	assert.Equal(t, [][2]int{{0, 32}}, read(Plan{Batch: 32}))
	blocked := read(Plan{Batch: 32, Shuffle: true, Block: 8})
	assert.LessOrEqual(t, len(blocked), 4)
	single := read(Plan{Batch: 32, Shuffle: true})
	for _, reads := range [][][2]int{blocked, single} {
		assert.True(t, slices.IsSortedFunc(reads, func(p, q [2]int) int { return p[0] - q[0] }))
	}
}

func TestBatchesRefuse(t *testing.T) {
	src := counting(t, 10)
	for _, tc := range []struct {
		name string
		plan Plan
		says string
	}{
		{"no batch size", Plan{}, "a batch of 0 rows"},
		{"negative batch", Plan{Batch: -1}, "a batch of -1 rows"},
		{"rows past the end", Plan{Batch: 1, Rows: Range{0, 11}}, "rows [0, 11) of 10"},
		{"rows before the start", Plan{Batch: 1, Rows: Range{-1, 5}}, "rows [-1, 5) of 10"},
		{"an empty range", Plan{Batch: 1, Rows: Range{10, 10}}, "rows [10, 10) of 10"},
		{"nothing left", Plan{Batch: 11, DropLast: true}, "a batch of 11 rows from 10 rows, and DropLast leaves none"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := NewBatches(src, tc.plan)
			require.ErrorIs(t, err, ErrRange)
			assert.ErrorContains(t, err, tc.says)
		})
	}
	b, err := NewBatches(src, Plan{Batch: 4})
	require.NoError(t, err)
	ok := map[string][]float32{"y": make([]float32, 4)}
	for _, bad := range []struct{ epoch, step int }{{0, 3}, {0, -1}, {-1, 0}, {math.MaxInt, 0}} {
		_, err := b.Read(bad.epoch, bad.step, ok)
		assert.ErrorIs(t, err, ErrRange, "%v", bad)
	}
	assert.Equal(t, []int{4, 2, 0, 0}, []int{b.Size(0), b.Size(2), b.Size(3), b.Size(-1)})
	_, err = b.Read(0, 0, map[string][]float32{"z": nil})
	assert.ErrorIs(t, err, ErrMissing)
	_, err = b.Read(0, 0, map[string][]float32{"x": make([]float32, 23)})
	assert.ErrorIs(t, err, ErrRange)
	assert.ErrorContains(t, err, `the destination of "x" holds 23 elements; 4 rows (2, 3) need 24`)
	_, err = b.Read(0, 2, map[string][]float32{"x": make([]float32, 12)})
	assert.NoError(t, err, "the last, short batch needs less room")
}

func TestErrorsOfTheSourceArePassedOn(t *testing.T) {
	s := &failing{Source: counting(t, 10)}
	b, err := NewBatches(s, Plan{Batch: 4})
	require.NoError(t, err)
	_, err = b.Read(0, 1, map[string][]float32{"y": make([]float32, 4)})
	assert.ErrorIs(t, err, errDisk)
}

var errDisk = errors.New("disk on fire")

type failing struct{ Source }

func (failing) ReadRows(string, []float32, int, int) error { return errDisk }

func TestNotFiniteRowsAreReported(t *testing.T) {
	eachTestdata(t, func(t *testing.T, dir string) {
		src, err := OpenHDF5Source(paths(dir, "nan.h5", "shower_0.h5"), "ECAL", "target")
		require.NoError(t, err)
		defer src.Close()
		for _, tc := range []struct {
			name, field string
			step        int
			want        string
		}{
			{"NaN inside a row", "ECAL", 1, `nan.h5: data set "ECAL", row 2: not a finite number: element [1 2 3] is NaN`},
			{"infinity", "target", 2, `nan.h5: data set "target", row 4: not a finite number: element [1] is +Inf`},
		} {
			t.Run(tc.name, func(t *testing.T) {
				dst := map[string][]float32{tc.field: make([]float32, 2*60)}
				b, err := NewBatches(src, Plan{Batch: 2})
				require.NoError(t, err)
				_, err = b.Read(0, tc.step, dst)
				require.ErrorIs(t, err, ErrNotFinite)
				assert.ErrorContains(t, err, tc.want)
				_, err = b.Read(0, 0, dst)
				require.NoError(t, err, "other batches are fine")
				b, err = NewBatches(src, Plan{Batch: 2, AllowNotFinite: true})
				require.NoError(t, err)
				_, err = b.Read(0, tc.step, dst)
				require.NoError(t, err)
			})
		}
	})
	src, err := Memory(Column{Field{"y", nil}, []float32{0, float32(math.Inf(-1))}})
	require.NoError(t, err)
	b, err := NewBatches(src, Plan{Batch: 2})
	require.NoError(t, err)
	_, err = b.Read(0, 0, map[string][]float32{"y": make([]float32, 2)})
	assert.ErrorContains(t, err, `data: field "y", row 1: not a finite number: -Inf`)
}

func TestFirstNotFinite(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for n := range 1100 {
		x := slices.Repeat([]float32{math.MaxFloat32}, n)
		require.Equal(t, -1, firstNotFinite(x))
		if n > 0 {
			x[n-1] = inf
			require.Equal(t, n-1, firstNotFinite(x))
			x[n/2] = nan
			require.Equal(t, n/2, firstNotFinite(x))
		}
	}
}

func TestBatchesDoNotAllocate(t *testing.T) {
	b, err := NewBatches(counting(t, 1000), Plan{Batch: 64, Shuffle: true})
	require.NoError(t, err)
	dst := map[string][]float32{"x": make([]float32, 64*6), "y": make([]float32, 64)}
	step := 0
	read := func() {
		if _, err := b.Read(0, step%b.Steps(), dst); err != nil {
			panic(err)
		}
		step++
	}
	read() // makes the order of the epoch
	assert.Zero(t, testing.AllocsPerRun(100, read))
}

func FuzzMerge(f *testing.F) {
	f.Add([]byte{3, 4, 5, 1, 2, 9})
	f.Fuzz(func(t *testing.T, b []byte) {
		index := make([]int, len(b))
		for i, v := range b {
			index[i] = int(v)
		}
		got := make([]int, len(b))
		last := -1
		for _, r := range merge(nil, index) {
			require.GreaterOrEqual(t, r.row, last)
			last = r.row
			for i := range r.count {
				got[r.slot+i] = r.row + i
			}
		}
		require.Equal(t, index, got)
	})
}
