package shard

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/internal/rawfile"
	"github.com/cascade-hpc/cascade/data/source"
)

// fromBytes opens a shard in memory.
func fromBytes(b []byte) (*Source, error) {
	f := &File{raw: rawfile.Of("memory", b)}
	if err := f.load(); err != nil {
		return nil, err
	}
	s := &Source{fields: f.description.fields}
	p := part{file: f, rows: source.Range{To: f.Rows()}}
	for i := range s.fields {
		p.columns = append(p.columns, i)
	}
	s.parts = []part{p}
	return s, nil
}

// rowsOf reads all rows of a shard in memory.
func rowsOf(b []byte) (*source.Columns, error) {
	s, err := fromBytes(b)
	if err != nil {
		return nil, err
	}
	c := new(source.Columns)
	return c, s.Read(c, source.Range{To: s.Rows()})
}

func same(a, b *source.Columns) bool {
	if !slices.EqualFunc(a.Fields(), b.Fields(), source.Field.Equal) || a.Rows() != b.Rows() {
		return false
	}
	for i := range a.Fields() {
		for r := range a.Rows() {
			if !bytes.Equal(a.Row(i, r), b.Row(i, r)) {
				return false
			}
		}
	}
	return true
}

// damaged holds that bytes give an error for which there is a name, or the rows.
func damaged(t *testing.T, good *source.Columns, b []byte) (refused bool) {
	t.Helper()
	got, err := rowsOf(b)
	if err != nil {
		require.True(t, errors.Is(err, source.ErrCorrupt) || errors.Is(err, source.ErrFormat), "%v", err)
		return true
	}
	require.True(t, same(good, got), "other rows without an error")
	return false
}

func TestEveryFlippedBitIsNoticed(t *testing.T) {
	for name, o := range map[string]Options{"plain": {BlockRows: 3}, "compressed": {BlockRows: 3, Zstd: 3}} {
		t.Run(name, func(t *testing.T) {
			b := shardBytes(t, o, 8)
			good, err := rowsOf(b)
			require.NoError(t, err)
			refused := 0
			for at := range b {
				b[at] ^= 1 << (at % 8)
				if damaged(t, good, b) {
					refused++
				}
				b[at] ^= 1 << (at % 8)
			}
			// What may change is the padding: 9 sections and the description.
			assert.Greater(t, refused, len(b)-10*(align-1))
		})
	}
}

func TestEveryTruncationIsNoticed(t *testing.T) {
	b := shardBytes(t, Options{BlockRows: 3}, 8)
	for n := range b {
		_, err := rowsOf(b[:n])
		require.True(t, errors.Is(err, source.ErrCorrupt) || errors.Is(err, source.ErrFormat), "%d bytes: %v", n, err)
	}
	_, err := rowsOf(append(b, 0))
	assert.ErrorIs(t, err, source.ErrCorrupt, "a byte too many")
}

func TestRandomBytesInPlaceOfOthersAreNoticed(t *testing.T) {
	b := shardBytes(t, Options{BlockRows: 3}, 8)
	good, err := rowsOf(b)
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		bad := bytes.Clone(b)
		at := rng.IntN(len(bad))
		for i := at; i < min(at+1+rng.IntN(100), len(bad)); i++ {
			bad[i] = byte(rng.Uint32())
		}
		damaged(t, good, bad)
	}
}

// Numbers that a table with a right checksum may still declare.
func TestAbsurdNumbersAreRefused(t *testing.T) {
	b := shardBytes(t, Options{BlockRows: 3}, 8)
	const record = 8 + 3*24 // ECAL, pdg, jpeg
	for _, tc := range []struct {
		name  string
		at    int // in the table
		value uint64
		says  string
	}{
		{"no rows in a block", 0, 0, "block 0 has 0 rows"},
		{"more rows in a block than there are", 0, 9, "block 0 has 9 rows; 8 of 8 are left"},
		{"rows beyond counting", record, 1 << 63, "block 1 has 9223372036854775808 rows; 5 of 8 are left"},
		{"fewer rows in all", 2 * record, 1, `block 2, field "ECAL"`},
		{"more bytes than the rows take", 16, 721, "721 bytes for 3 rows of ECAL float32 (3, 4, 5), which take 720"},
		{"a section beyond memory", 16, 1 << 40, "take 1099511627776 bytes; at most 1 GiB"},
		{"a section beyond the file", 8 + 48, 1 << 30, `field "jpeg"`},
		{"stored bytes that are negative", 8, 1 << 63, "hold 720"},
		{"strings without room for their ends", 8 + 48 + 8, 23, "23 bytes for 3 rows of jpeg bytes, which take 24"},
		{"a coding there is not", 8 + 16, 7 << 32, "coding 7 is unknown"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			bad := remade(t, b, func(text, table []byte) ([]byte, []byte) {
				putUint64(table, tc.at, tc.value)
				return text, table
			})
			_, err := fromBytes(bad)
			require.ErrorIs(t, err, source.ErrCorrupt)
			assert.ErrorContains(t, err, tc.says)
		})
	}
}

func TestAbsurdDescriptionsAreRefused(t *testing.T) {
	b := shardBytes(t, Options{BlockRows: 3}, 8)
	for _, tc := range []struct{ name, from, to, says string }{
		{"no JSON", "{", "<", "invalid character"},
		{"more behind it", `"42"},`, `"42"}}} {`, "more behind its end"},
		{"a member that is unknown", `"rows"`, `"lines"`, `unknown field "lines"`},
		{"rows that are negative", `"rows":8`, `"rows":-8`, "-8 rows"},
		{"rows beyond counting", `"rows":8`, `"rows":1e30`, "cannot unmarshal"},
		{"another number of rows", `"rows":8`, `"rows":9`, "3 blocks have 8 rows"},
		{"a kind there is not", `"int16"`, `"int17"`, `field "pdg": unsupported element type "int17"`},
		{"another kind", `"int16"`, `"int64"`, "6 bytes for 3 rows of pdg int64, which take 24"},
		{"an axis of zero", "[3,4,5]", "[3,4,0]", "every axis must be at least 1"},
		{"rows beyond memory", "[3,4,5]", "[2147483647,2147483647,2147483647]", "more elements than can be addressed"},
		{"a row beyond memory", "[3,4,5]", "[2147483647]", "at most 1 GiB"},
		{"the same name twice", `"pdg"`, `"ECAL"`, "two fields"},
		{"an attribute of an unknown type", `"int64","value":"42"`, `"int65","value":"42"`, `attribute "seed": type "int65"`},
		{"an attribute that is no number", `"value":"42"`, `"value":"4 2"`, `attribute "seed"`},
		{"an attribute of a field", `"string","value":"GeV"`, `"float64","value":"GeV"`, `field "ECAL": attribute "unit"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			bad := remade(t, b, func(text, table []byte) ([]byte, []byte) {
				require.True(t, json.Valid(text))
				require.Contains(t, string(text), tc.from)
				return []byte(strings.Replace(string(text), tc.from, tc.to, 1)), table
			})
			_, err := fromBytes(bad)
			require.ErrorIs(t, err, source.ErrCorrupt)
			assert.ErrorContains(t, err, tc.says)
		})
	}
}

func TestAnotherVersionIsRefusedByName(t *testing.T) {
	b := shardBytes(t, Options{}, 2)
	head := append([]byte(Magic), 2, 0, 0, 0)
	sum := checksum(head)
	copy(b, append(head, byte(sum), byte(sum>>8), byte(sum>>16), byte(sum>>24)))
	_, err := fromBytes(b)
	require.ErrorIs(t, err, source.ErrFormat)
	assert.ErrorContains(t, err, "version 2")
}

func TestADamagedBlockIsNamed(t *testing.T) {
	b := shardBytes(t, Options{BlockRows: 3}, 8)
	b[headSize+align+5] ^= 4
	s, err := fromBytes(b)
	require.NoError(t, err)
	var c source.Columns
	err = s.Read(&c, source.Range{From: 1, To: 2})
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, `shard: memory: field "ECAL", rows [0, 3): damaged file: the 720 bytes at byte 64 have checksum`)
	assert.NoError(t, s.Read(&c, source.Range{From: 3, To: 8}), "the other blocks are whole")
}
