package data

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// sized makes x of any number of elements, kept, cut or filled up with ones.
type sized struct{ n int }

func (s sized) Fields(in []source.Field) ([]source.Field, error) {
	out := append([]source.Field{}, in...)
	i, err := source.Find(in, "x")
	if err == nil {
		out[i].Shape = []int{s.n}
	}
	return out, err
}

func (s sized) Apply(dst, src *Row) error {
	x, y := src.Float32("x"), dst.Float32("x")
	for i := copy(y, x); i < len(y); i++ {
		y[i] = 1
	}
	return nil
}

// swap drops x, and makes "length" and "greeting" of "name".
type swap struct{}

func (swap) Fields([]source.Field) ([]source.Field, error) {
	return []source.Field{{Name: "greeting", Kind: source.Bytes}, {Name: "length", Kind: source.Int64}, {Name: "name", Kind: source.Bytes}}, nil
}

func (swap) Apply(dst, src *Row) error {
	dst.SetBytes("greeting", append([]byte("hello, "), src.Bytes("name")...))
	dst.Int64("length")[0] = int64(len(src.Bytes("name")))
	return nil
}

func TestTransformsOfOtherSizes(t *testing.T) {
	for _, sizes := range [][]int{{4}, {6}, {2}, {6, 4}, {6, 6, 3}, {2, 5, 2, 7}} {
		p := all(newTable(60, 7)).Shuffle(1, 1000)
		for _, n := range sizes {
			p = p.Map(sized{n}, 3)
		}
		l := loader(t, p.Batch(8, Drop))
		for b, err := range l.Epoch(t.Context()) {
			require.NoError(t, err)
			last := sizes[len(sizes)-1]
			for i, row := range b.Rows {
				want := []float32{float32(10 * row), float32(10*row + 1), float32(10*row + 2), float32(10*row + 3)}
				for _, n := range sizes {
					want = want[:min(n, len(want))]
					for len(want) < n {
						want = append(want, 1)
					}
				}
				require.Equal(t, want, b.Float32("x")[i*last:(i+1)*last], "%v", sizes)
				require.Equal(t, int64(row), b.Int64("id")[i])
				require.Equal(t, row, rowOf(t, b.Bytes("name", i)))
			}
		}
	}
}

func TestTransformsOfStrings(t *testing.T) {
	l := loader(t, all(newTable(30, 7)).Map(nothing{}, 1).Map(swap{}, 1).Map(nothing{}, 2).Batch(8, Pad))
	for b, err := range l.Epoch(t.Context()) {
		require.NoError(t, err)
		require.Len(t, b.Fields(), 3)
		for i, row := range b.Rows {
			if row < 0 {
				require.Empty(t, b.Bytes("greeting", i))
				continue
			}
			name := string(b.Bytes("name", i))
			require.Equal(t, row, rowOf(t, b.Bytes("name", i)))
			require.Equal(t, "hello, "+name, string(b.Bytes("greeting", i)))
			require.Equal(t, int64(len(name)), b.Int64("length")[i])
		}
	}
}

// TestMemoryIsSharedWhereItCanBe: rows of the same number of bytes live in the
// batch all along.
func TestMemoryIsSharedWhereItCanBe(t *testing.T) {
	homes := func(maps ...Transform) []where {
		p := all(newTable(10, 5)).Batch(1, Drop)
		for _, m := range maps {
			p = p.Map(m, 1)
		}
		l := loader(t, p)
		var x []where
		for _, stage := range l.plan.chain.homes {
			x = append(x, stage[0].where)
		}
		return x
	}
	assert.Equal(t, []where{inBatch}, homes())
	assert.Equal(t, []where{inBatch, inBatch, inBatch}, homes(nothing{}, jitter{}))
	assert.Equal(t, []where{inScratch, inBatch}, homes(sized{9}))
	assert.Equal(t, []where{inScratch, inScratch, inBatch, inBatch}, homes(nothing{}, sized{9}, nothing{}))
}

func TestRawKeepsTheStoredKind(t *testing.T) {
	l := loader(t, From(newTable(10, 5)).Raw("x", "id").Batch(5, Drop))
	assert.Equal(t, source.Float64, l.Fields()[0].Kind)
	b, err := l.Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []float64{10, 11, 12, 13}, elementsOf[float64](b.Stored("x"))[4:8])
	assert.Equal(t, []int32{0, 1, 2, 3, 4}, elementsOf[int32](b.Stored("id")))
}
