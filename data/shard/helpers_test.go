package shard

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// everyKind has a field of each kind of number, with shapes of all ranks, and one
// of bytes.
var everyKind = func() []source.Field {
	shapes := [][]int{{2, 3}, {}, {5}, {1, 2, 1}}
	var fields []source.Field
	for k := source.Float32; k < source.Bytes; k++ {
		fields = append(fields, source.Field{Name: k.String(), Kind: k, Shape: shapes[int(k)%len(shapes)]})
	}
	return append(fields, source.Field{Name: "jpeg", Kind: source.Bytes})
}()

var showers = []source.Field{{Name: "ECAL", Shape: []int{3, 4, 5}}, {Name: "pdg", Kind: source.Int16}}

// fill makes rows that can be told from all others: first counts them.
func fill(c *source.Columns, fields []source.Field, first, rows int) {
	c.Reset(fields, rows)
	for i, f := range fields {
		for r := range rows {
			if f.Kind == source.Bytes {
				c.Append(i, text(first+r))
				continue
			}
			row := c.Row(i, r)
			for at := range row {
				row[at] = byte((first + r) * (at + 3 + i))
			}
		}
	}
}

// text is the string of a row; some are empty.
func text(row int) []byte {
	return []byte(strings.Repeat(fmt.Sprintf("<%d>", row), row%4))
}

// write writes rows in pieces of growing size.
func write(t testing.TB, o Options, path string, fields []source.Field, first, rows int) {
	t.Helper()
	w, err := o.Create(path, fields...)
	require.NoError(t, err)
	var c source.Columns
	for at, piece := 0, 1; at < rows; at, piece = at+piece, piece+1 {
		piece = min(piece, rows-at)
		fill(&c, fields, first+at, piece)
		require.NoError(t, w.AppendColumns(&c))
	}
	require.NoError(t, w.SetAttr("model", "Grüße"))
	require.NoError(t, w.SetAttr("seed", 42))
	require.NoError(t, w.SetAttr("threshold", 1e-6))
	require.NoError(t, w.SetFieldAttr(fields[0].Name, "unit", "GeV"))
	require.NoError(t, w.Close())
}

func names(fields []source.Field) []string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Name)
	}
	return out
}

// requireRows holds that c has the rows of fill from first on.
func requireRows(t testing.TB, c *source.Columns, fields []source.Field, first, rows int) {
	t.Helper()
	var want source.Columns
	fill(&want, fields, first, rows)
	require.Equal(t, rows, c.Rows())
	for i := range fields {
		for r := range rows {
			require.Equal(t, string(want.Row(i, r)), string(c.Row(i, r)), "field %q, row %d", fields[i].Name, first+r)
		}
	}
}

func open(t testing.TB, fields []source.Field, paths ...string) *Source {
	t.Helper()
	s, err := Open(paths, names(fields)...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func listDir(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// shardBytes is a small shard of showers in memory.
func shardBytes(t testing.TB, o Options, rows int) []byte {
	path := filepath.Join(t.TempDir(), "a.shard")
	write(t, o, path, append(showers, source.Field{Name: "jpeg", Kind: source.Bytes}), 0, rows)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return b
}

// remade puts another description and table into a shard, with checksums that
// are right: what only a program with a mistake, or with bad intent, writes.
func remade(t testing.TB, b []byte, change func(text, table []byte) ([]byte, []byte)) []byte {
	e, err := decodeEnd(b[len(b)-endSize:], int64(len(b)))
	require.NoError(t, err)
	d := b[e.description:]
	text, table := change(append([]byte(nil), d[:e.length]...), append([]byte(nil), d[e.length:len(d)-endSize]...))
	e.length, e.descriptionSum, e.tableSum = int64(len(text)), checksum(text), checksum(table)
	out := append([]byte(nil), b[:e.description]...)
	return append(append(append(out, text...), table...), e.encode()...)
}

func putUint64(b []byte, at int, v uint64) { binary.LittleEndian.PutUint64(b[at:], v) }
