package source

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// words is a source of four rows of Bytes and a number, in two files.
type words struct{}

var wordFields = []Field{{Name: "word", Kind: Bytes}, {Name: "n", Kind: Uint8}}

func (words) Fields() []Field  { return wordFields }
func (words) Rows() int        { return 4 }
func (words) Extents() []Range { return Cut(4, 3) }
func (words) Parts() []Range   { return Cut(4, 2) }
func (words) Close() error     { return nil }

func (words) Locate(field string, row int) string { return fmt.Sprintf("%s %d", field, row) }

func (words) Read(dst *Columns, r Range) error {
	dst.Reset(wordFields, r.Len())
	for row := r.From; row < r.To; row++ {
		dst.Append(0, []byte([]string{"a", "", "ccc", "dd"}[row]))
		dst.Row(1, row-r.From)[0] = byte(row)
	}
	return nil
}

func TestPickKeepsTheRowsOfItsList(t *testing.T) {
	src, err := Pick(words{}, []int{0, 1, 3})
	require.NoError(t, err)
	assert.Equal(t, 3, src.Rows())
	assert.Equal(t, []Range{{0, 2}, {2, 3}}, src.Extents())
	assert.Equal(t, []Range{{0, 2}, {2, 3}}, src.(Parted).Parts())
	assert.Equal(t, "word 3", src.Locate("word", 2))
	var c Columns
	for _, tc := range []struct {
		rows  Range
		words []string
	}{
		{Range{0, 2}, []string{"a", ""}},
		{Range{1, 3}, []string{"", "dd"}},
		{Range{0, 3}, []string{"a", "", "dd"}},
		{Range{2, 2}, nil},
	} {
		require.NoError(t, src.Read(&c, tc.rows))
		require.Equal(t, tc.rows.Len(), c.Rows())
		for i, w := range tc.words {
			assert.Equal(t, w, string(c.Row(0, i)))
			assert.Equal(t, []int{0, 1, 3}[tc.rows.From+i], int(c.Row(1, i)[0]))
		}
	}
	assert.ErrorIs(t, src.Read(&c, Range{2, 4}), ErrRange)
}

func TestPickLeavesOutWhatIsEmpty(t *testing.T) {
	src, err := Pick(words{}, []int{3})
	require.NoError(t, err)
	assert.Equal(t, []Range{{0, 1}}, src.Extents())
	assert.Equal(t, []Range{{0, 1}}, src.(Parted).Parts())
}

func TestPickRefuses(t *testing.T) {
	for _, rows := range [][]int{{4}, {-1}, {1, 1}, {2, 1}} {
		_, err := Pick(words{}, rows)
		assert.ErrorIs(t, err, ErrRange, "%v", rows)
	}
	_, err := Pick(words{}, nil)
	assert.ErrorIs(t, err, ErrShape)
}
