package data

import (
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

func TestTheFirstBadRowIsAnErrorAtItsStep(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(src *table)
		p      func(p Pipeline) Pipeline
		want   error
		says   string
	}{
		{"damaged", func(s *table) { s.damaged = map[int]error{45: source.ErrCorrupt} }, nil, source.ErrCorrupt, "row 45"},
		{"NaN", func(s *table) { s.nan = map[int]bool{45: true} }, nil, source.ErrNotFinite, `field "x", row 45: not a finite number: element [1 0] is NaN`},
		{"refused", nil, func(p Pipeline) Pipeline { return p.Map(refuse{45, errBad}, 1) }, errBad, `field "x", row 45: Map 1 (data.refuse): bad`},
		{"panic", nil, func(p Pipeline) Pipeline { return p.Map(refuse{45, nil}, 1) }, nil, "Map 1 (data.refuse): panic: row 45"},
		{"infinite result", nil, func(p Pipeline) Pipeline { return p.Map(blow{45}, 1) }, source.ErrNotFinite, `field "x", row 45: Map 1 (data.blow): after the transforms, field "x": not a finite number: element [0 1] is +Inf`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			src := newTable(100, 5)
			if tc.change != nil {
				tc.change(src)
			}
			p := all(src).Batch(10, Drop)
			if tc.p != nil {
				p = tc.p(p)
			}
			l := loader(t, p)
			for step := range 4 {
				b, err := l.Next(t.Context())
				require.NoError(t, err)
				require.Equal(t, Position{Row: 10 * step}, b.Position)
			}
			for range 2 { // again and again
				_, err := l.Next(t.Context())
				if tc.want != nil {
					require.ErrorIs(t, err, tc.want)
				}
				require.ErrorContains(t, err, tc.says)
			}
			assert.Equal(t, Position{Row: 40}, l.Position())
			src.damaged, src.nan = nil, nil
			require.NoError(t, l.Seek(Position{Row: 50}))
			b, err := l.Next(t.Context())
			require.NoError(t, err)
			assert.Equal(t, 50, b.Rows[0])
		})
	}
}

var errBad = errors.New("bad")

// refuse fails at a row, with an error or a panic.
type refuse struct {
	row int
	err error
}

func (refuse) Fields(in []source.Field) ([]source.Field, error) { return in, nil }

func (r refuse) Apply(dst, _ *Row) error {
	if dst.Index == r.row && r.err == nil {
		panic("row 45")
	}
	if dst.Index == r.row {
		return r.err
	}
	return nil
}

// blow divides by zero.
type blow struct{ row int }

func (blow) Fields(in []source.Field) ([]source.Field, error) { return in, nil }

func (b blow) Apply(dst, _ *Row) error {
	if x := dst.Float32("x"); dst.Index == b.row {
		x[1] /= x[0] - x[0]
	}
	return nil
}

func TestSkipFillsWithAGoodRow(t *testing.T) {
	src := newTable(60, 5)
	src.damaged = map[int]error{3: source.ErrCorrupt, 21: source.ErrCorrupt}
	src.nan = map[int]bool{7: true, 20: true}
	l := loader(t, all(src).Map(refuse{59, errBad}, 2).Skip(5).Batch(10, Pad))
	var skipped, delivered []int
	for b, err := range l.Epoch(t.Context()) {
		require.NoError(t, err)
		for i, row := range b.Rows {
			id := int(b.Int64("id")[i])
			require.Equal(t, float32(10*id), b.Float32("x")[4*i])
			require.Equal(t, byte(id), b.Uint8("pixel")[3*i])
			require.Equal(t, id, rowOf(t, b.Bytes("name", i)))
			if b.Mask[i] == 1 {
				require.Equal(t, row, id)
				delivered = append(delivered, row)
				continue
			}
			skipped = append(skipped, row)
			require.Equal(t, float32(1), b.Mask[slices.Index(b.Rows, id)], "a copy of a good row of the batch")
		}
	}
	assert.Equal(t, []int{3, 7, 20, 21, 59}, skipped)
	assert.Len(t, delivered, 55)
	assert.Equal(t, 5, l.Stats().Skipped)

	_, err := l.Next(t.Context()) // row 3 of the next epoch
	require.ErrorIs(t, err, ErrSkipped)
	assert.ErrorIs(t, err, source.ErrCorrupt, "of the batch that broke the limit, the first")
	assert.ErrorContains(t, err, "7 where Skip allows 5")
}

func TestSkipWithoutAGoodRowIsPadding(t *testing.T) {
	src := newTable(4, 2)
	src.damaged = map[int]error{2: source.ErrCorrupt, 3: source.ErrCorrupt}
	l := loader(t, all(src).Skip(2).Batch(2, Pad))
	b, err := l.Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []int{0, 1}, requireWhole(t, b))
	b, err = l.Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 0, b.Valid)
	assert.Equal(t, []int{2, 3}, b.Rows)
	assert.Equal(t, make([]float32, 8), b.Float32("x"))
	assert.Empty(t, b.Bytes("name", 0))
}

func TestSkipIsForDataOnly(t *testing.T) {
	src := newTable(20, 5)
	src.damaged = map[int]error{7: os.ErrClosed}
	l := loader(t, all(src).Skip(100).Batch(10, Pad))
	_, err := l.Next(t.Context())
	require.ErrorIs(t, err, os.ErrClosed)
	require.NotErrorIs(t, err, ErrSkipped)
	l = loader(t, all(newTable(20, 5)).Map(refuse{7, nil}, 1).Skip(100).Batch(10, Pad))
	_, err = l.Next(t.Context())
	assert.ErrorContains(t, err, "panic: row 45")
}

// TestSkipSavesTheRowsAroundADamagedOne: of an extent only the rows that cannot be
// read alone are lost.
func TestSkipSavesTheRowsAroundADamagedOne(t *testing.T) {
	src := newTable(100, 50)
	src.damaged = map[int]error{10: source.ErrCorrupt}
	l := loader(t, all(src).Shuffle(1, 0).Skip(1).Batch(100, Pad))
	b, err := l.Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 99, b.Valid)
}

func TestIntsRefuseWhatIsNoInteger(t *testing.T) {
	src := newTable(20, 5)
	src.nan = map[int]bool{13: true}
	l := loader(t, From(src).Ints("x").Batch(10, Drop))
	b, err := l.Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []int64{90, 91, 92, 93}, b.Int64("x")[36:])
	_, err = l.Next(t.Context())
	require.ErrorIs(t, err, source.ErrRange)
	assert.ErrorContains(t, err, `table: field "x", row 13: out of range: element 2 is NaN, not an integer`)
}

func TestAllowNotFiniteLetsThemThrough(t *testing.T) {
	src := newTable(20, 5)
	src.nan = map[int]bool{13: true}
	l := loader(t, From(src).Fields("x").AllowNotFinite().Batch(20, Drop))
	b, err := l.Next(t.Context())
	require.NoError(t, err)
	assert.True(t, b.Float32("x")[13*4+2] != b.Float32("x")[13*4+2])
}
