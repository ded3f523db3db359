package source

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// letters is a source of a letter in Bytes and its number, that counts and can be
// closed once.
type letters struct {
	from, rows int
	closed     error
}

var letterFields = []Field{{Name: "letter", Kind: Bytes}, {Name: "n", Kind: Uint16}}

func (l *letters) Fields() []Field  { return letterFields }
func (l *letters) Rows() int        { return l.rows }
func (l *letters) Extents() []Range { return Cut(l.rows, 2) }
func (l *letters) Counts() Counts   { return Counts{StoredBytes: int64(l.rows)} }
func (l *letters) Close() error     { return l.closed }

func (l *letters) Locate(field string, row int) string {
	return fmt.Sprintf("%d: %s %d", l.from, field, row)
}

func (l *letters) Read(dst *Columns, rows Range) error {
	dst.Reset(letterFields, rows.Len())
	for row := rows.From; row < rows.To; row++ {
		n := l.from + row
		dst.Append(0, []byte{'a' + byte(n)})
		copy(dst.Row(1, row-rows.From), BytesOf([]uint16{uint16(n)}))
	}
	return nil
}

func TestConcatIsOneSourceOfAllRows(t *testing.T) {
	c, err := Concat(&letters{rows: 3}, &letters{from: 3, rows: 1}, &letters{from: 4, rows: 4})
	require.NoError(t, err)
	assert.Equal(t, 8, c.Rows())
	assert.Equal(t, []Range{{0, 2}, {2, 3}, {3, 4}, {4, 6}, {6, 8}}, c.Extents())
	assert.Equal(t, []Range{{0, 3}, {3, 4}, {4, 8}}, c.(Parted).Parts())
	assert.Equal(t, "3: n 0", c.Locate("n", 3))
	assert.Equal(t, int64(8), c.(Counter).Counts().StoredBytes)
	var dst Columns
	for from := range 9 {
		for to := from; to <= 8; to++ {
			require.NoError(t, c.Read(&dst, Range{from, to}))
			require.Equal(t, to-from, dst.Rows())
			for row := range dst.Rows() {
				require.Equal(t, string(rune('a'+from+row)), string(dst.Row(0, row)))
				require.Equal(t, BytesOf([]uint16{uint16(from + row)}), dst.Row(1, row))
			}
		}
	}
	assert.ErrorIs(t, c.Read(&dst, Range{7, 9}), ErrRange)
}

func TestConcatClosesAllAndSaysWhatFailed(t *testing.T) {
	first, second := errors.New("first"), errors.New("second")
	c, err := Concat(&letters{closed: first}, &letters{}, &letters{closed: second})
	require.NoError(t, err)
	err = c.Close()
	assert.ErrorIs(t, err, first)
	assert.ErrorIs(t, err, second)
}

func TestConcatRefusesOtherFields(t *testing.T) {
	_, err := Concat()
	assert.ErrorIs(t, err, ErrMissing)
	m, err := Memory(Column{Name: "n", Data: []float32{1}})
	require.NoError(t, err)
	_, err = Concat(&letters{rows: 1}, m)
	assert.ErrorIs(t, err, ErrShape)
	assert.ErrorContains(t, err, "source 1")
}
