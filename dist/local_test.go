package dist

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRanksThatDisagreeAreTold(t *testing.T) {
	x := make([]float32, 8)
	for _, test := range []struct {
		name string
		call func(c *Comm) error
		says string
	}{
		{"length", func(c *Comm) error { return Allreduce(c, x[:4+c.Rank()], Sum) }, "rank 0 calls Allreduce 4 float32 by sum, rank 1 calls Allreduce 5 float32 by sum"},
		{"type", func(c *Comm) error {
			if c.Rank() == 1 {
				return Bcast(c, make([]int64, 8), 0)
			}
			return Bcast(c, x, 0)
		}, "rank 0 calls Bcast 8 float32 at 0, rank 1 calls Bcast 8 int64 at 0"},
		{"root", func(c *Comm) error { return Reduce(c, x, Sum, c.Rank()) }, "by sum at 0, rank 1 calls Reduce 8 float32 by sum at 1"},
		{"operation", func(c *Comm) error { return Allreduce(c, x, Sum+Op(c.Rank())) }, "by sum, rank 1 calls Allreduce 8 float32 by max"},
		{"collective", func(c *Comm) error {
			if c.Rank() == 1 {
				return c.Barrier()
			}
			return Allreduce(c, x, Sum)
		}, "rank 0 calls Allreduce 8 float32 by sum, rank 1 calls Barrier"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := Run(2, func(c *Comm) error {
				err := test.call(c)
				if !errors.Is(err, ErrMismatch) {
					return errors.New("this rank was not told")
				}
				if err := c.Barrier(); err != nil {
					return err
				}
				return err
			})
			assert.ErrorIs(t, err, ErrMismatch)
			assert.ErrorContains(t, err, test.says)
		})
	}
}

// TestARankThatLeaves: the others wait for it no longer, whether it failed, was done, or
// gave the group up.
func TestARankThatLeaves(t *testing.T) {
	broken := errors.New("out of memory")
	for _, test := range []struct {
		name  string
		leave func(c *Comm) error
		says  string
		is    error
	}{
		{"with an error", func(*Comm) error { return broken }, "rank 1: out of memory", broken},
		{"with nothing", func(*Comm) error { return nil }, "a rank has left: rank 1 has returned", ErrLeft},
		{"with Abort", func(c *Comm) error { c.Abort(1, "my disk is full"); return nil }, "a rank has left: rank 1: my disk is full", ErrLeft},
	} {
		for _, late := range []time.Duration{0, 20 * time.Millisecond} {
			t.Run(test.name, func(t *testing.T) {
				err := Run(3, func(c *Comm) error {
					if err := c.Barrier(); err != nil {
						return err
					}
					if c.Rank() == 1 {
						time.Sleep(late)
						return test.leave(c)
					}
					err := Allreduce(c, make([]float32, 100), Sum)
					assert.ErrorContains(t, err, test.says)
					assert.ErrorIs(t, err, ErrLeft)
					return err
				})
				assert.ErrorIs(t, err, test.is)
			})
		}
	}
}

// TestPartsOutliveARank: who is not in a group may go.
func TestPartsOutliveARank(t *testing.T) {
	require.NoError(t, Run(3, func(c *Comm) error {
		part, err := c.Split(min(c.Rank(), 1), 0)
		if err != nil || c.Rank() == 0 {
			return err
		}
		time.Sleep(10 * time.Millisecond)
		return part.Barrier()
	}))
}

// TestSumsAreInTheOrderOfRanks: float32 shows the order.
func TestSumsAreInTheOrderOfRanks(t *testing.T) {
	parts := []float32{1e8, 3, -1e8, 5}
	want := float32(0)
	for _, v := range parts {
		want += v
	}
	require.NoError(t, Run(4, func(c *Comm) error {
		x := make([]float32, 333)
		for i := range x {
			x[i] = parts[c.Rank()]
		}
		err := Allreduce(c, x, Sum)
		for _, v := range x {
			assert.Equal(t, want, v)
		}
		return err
	}))
}

func TestBFloat16Rounds(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, test := range []struct{ from, to float32 }{
		{0, 0},
		{1, 1},
		{-2.5, -2.5},
		{1 + 1.0/256, 1},
		{1 + 3.0/256, 1 + 4.0/256},
		{1 + 1.01/256, 1 + 2.0/256},
		{3.4e38, inf},
		{-3.4e38, -inf},
		{inf, inf},
		{math.SmallestNonzeroFloat32, 0},
	} {
		assert.Equal(t, test.to, ToBFloat16(test.from).Float32(), "%g", test.from)
	}
	nan := math.Float32frombits(0x7f800001)
	assert.True(t, math.IsNaN(float64(ToBFloat16(nan).Float32())), "a NaN whose payload is in the half that is dropped")
	assert.True(t, math.Signbit(float64(ToBFloat16(float32(math.Copysign(0, -1))).Float32())))
}

// TestBFloat16SumsAreRoundedOnce: 256 and eight ones are 264; rounded after each it would
// stay 256, whose neighbour is 258.
func TestBFloat16SumsAreRoundedOnce(t *testing.T) {
	require.NoError(t, Run(9, func(c *Comm) error {
		x := []BFloat16{ToBFloat16(1)}
		if c.Rank() == 0 {
			x[0] = ToBFloat16(256)
		}
		err := Allreduce(c, x, Sum)
		assert.Equal(t, float32(264), x[0].Float32())
		return err
	}))
}

func TestStartsAndWaitsAllocateNothing(t *testing.T) {
	require.NoError(t, Run(2, func(c *Comm) error {
		x, err := Alloc[float32](5000)
		if err != nil {
			return err
		}
		r, err := AllreduceInit(c, x, Sum)
		if err != nil {
			return err
		}
		const runs = 20
		per := testing.AllocsPerRun(runs, func() {
			r.Start()
			err = errors.Join(err, r.Wait())
		})
		assert.Zero(t, per)
		return err
	}))
}

func TestRunRefuses(t *testing.T) {
	assert.ErrorIs(t, Run(0, func(*Comm) error { return nil }), ErrArgument)
}
