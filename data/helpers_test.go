package data

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// table is a source whose every number says what it is: "x" of a row holds the
// numbers 10·row … 10·row+3, "id" the row, "pixel" its low byte, "name" its name.
type table struct {
	rows    int
	extents []source.Range
	parts   []source.Range
	slow    time.Duration // of each Read
	damaged map[int]error // rows that cannot be read
	nan     map[int]bool  // rows of "x" that hold NaN

	longer int // by so many bytes each name is longer than the one before
	onRead func(rows source.Range)

	reads  atomic.Int64 // rows read
	mu     sync.Mutex
	live   int // Reads under way
	most   int
	closed bool
}

func newTable(rows, extent int) *table {
	return &table{rows: rows, extents: source.Cut(rows, extent)}
}

var tableFields = []source.Field{
	{Name: "x", Shape: []int{2, 2}, Kind: source.Float64},
	{Name: "id", Kind: source.Int32},
	{Name: "pixel", Shape: []int{3}, Kind: source.Uint8},
	{Name: "name", Kind: source.Bytes},
}

func (t *table) Fields() []source.Field  { return tableFields }
func (t *table) Rows() int               { return t.rows }
func (t *table) Extents() []source.Range { return t.extents }
func (t *table) Close() error            { t.closed = true; return nil }

func (t *table) Locate(field string, row int) string {
	return fmt.Sprintf("table: field %q, row %d", field, row)
}

func (t *table) Read(dst *source.Columns, rows source.Range) error {
	if err := rows.Check(t.rows); err != nil {
		return err
	}
	t.enter()
	defer t.leave()
	time.Sleep(t.slow)
	if t.onRead != nil {
		t.onRead(rows)
	}
	dst.Reset(tableFields, rows.Len())
	for row := rows.From; row < rows.To; row++ {
		if err := t.damaged[row]; err != nil {
			return fmt.Errorf("table: row %d: %w", row, err)
		}
		i := row - rows.From
		x := elementsOf[float64](dst.Row(0, i))
		for k := range x {
			x[k] = float64(10*row + k)
		}
		if t.nan[row] {
			x[2] = math.NaN()
		}
		elementsOf[int32](dst.Row(1, i))[0] = int32(row)
		for k := range 3 {
			dst.Row(2, i)[k] = byte(row)
		}
		dst.Append(3, fmt.Appendf(nil, "row %d%*s", row, row*t.longer, ""))
	}
	t.reads.Add(int64(rows.Len()))
	return nil
}

func (t *table) enter() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.live++
	t.most = max(t.most, t.live)
}

func (t *table) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.live--
}

// filed is a table of files.
type filed struct{ *table }

func (f filed) Parts() []source.Range { return f.parts }

// all asks for everything that a table has.
func all(src source.Source) Pipeline {
	return From(src).Fields("x").Ints("id").Raw("pixel", "name")
}

func loader(t testing.TB, p Pipeline) *Loader {
	t.Helper()
	l, err := p.Loader()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	return l
}

// requireWhole holds a batch against what a table holds, and returns its rows.
func requireWhole(t testing.TB, b *Batch) []int {
	t.Helper()
	var rows []int
	valid := 0
	for i, row := range b.Rows {
		x, id, pixel, name := b.Float32("x")[4*i:4*i+4], b.Int64("id")[i], b.Uint8("pixel")[3*i:3*i+3], string(b.Bytes("name", i))
		if row < 0 {
			require.Zero(t, b.Mask[i])
			require.Equal(t, []float32{0, 0, 0, 0}, x)
			require.Zero(t, id)
			require.Equal(t, []byte{0, 0, 0}, pixel)
			require.Empty(t, name)
			continue
		}
		require.Equal(t, float32(1), b.Mask[i])
		require.Equal(t, []float32{float32(10 * row), float32(10*row + 1), float32(10*row + 2), float32(10*row + 3)}, x)
		require.Equal(t, int64(row), id)
		require.Equal(t, []byte{byte(row), byte(row), byte(row)}, pixel)
		require.Equal(t, fmt.Sprintf("row %d", row), name)
		rows = append(rows, row)
		valid++
	}
	require.Equal(t, valid, b.Valid)
	return rows
}

// epoch goes through an epoch and returns its rows, batch by batch.
func epoch(t testing.TB, l *Loader) [][]int {
	t.Helper()
	var batches [][]int
	for b, err := range l.Epoch(t.Context()) {
		require.NoError(t, err)
		batches = append(batches, requireWhole(t, b))
	}
	return batches
}

// sorted is the rows of all batches in ascending order.
func sorted(batches ...[]int) []int {
	rows := slices.Concat(batches...)
	slices.Sort(rows)
	return rows
}

// upTo is 0 … n-1.
func upTo(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// rowOf is the row that a name of a table stands for.
func rowOf(t testing.TB, name []byte) int {
	t.Helper()
	var row int
	_, err := fmt.Sscanf(string(name), "row %d", &row)
	require.NoError(t, err)
	return row
}
