package filter

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"io"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stored is a chunk of testdata/chunks.json: made by libhdf5 and the encoders of
// the plugins.
type stored struct {
	Name    string
	Element int
	Steps   []Step
	Mask    uint32
	Plain   []byte // deflated, to keep the file small
	Stored  []byte
}

func storedChunks(t testing.TB) []stored {
	t.Helper()
	b, err := os.ReadFile("testdata/chunks.json")
	require.NoError(t, err)
	var chunks []stored
	require.NoError(t, json.Unmarshal(b, &chunks))
	for i := range chunks {
		r, err := zlib.NewReader(bytes.NewReader(chunks[i].Plain))
		require.NoError(t, err)
		chunks[i].Plain, err = io.ReadAll(r)
		require.NoError(t, err)
	}
	return chunks
}

// decode decodes a copy of src, which Decode may overwrite.
func decode(p *Pipeline, dst, src []byte, mask uint32) error {
	return p.Decode(dst, slices.Clone(src), mask)
}

func TestChunksOfLibhdf5AreDecoded(t *testing.T) {
	for _, c := range storedChunks(t) {
		t.Run(c.Name, func(t *testing.T) {
			p, err := New(c.Steps, len(c.Plain), c.Element)
			require.NoError(t, err)
			dst := make([]byte, len(c.Plain))
			for range 2 { // the second time with used scratch memory
				clear(dst)
				require.NoError(t, decode(p, dst, c.Stored, c.Mask))
				require.True(t, bytes.Equal(c.Plain, dst))
			}
		})
	}
}

// What is cut short is an error: no chunk decodes from fewer bytes.
func TestCutChunksAreErrors(t *testing.T) {
	for _, c := range storedChunks(t) {
		t.Run(c.Name, func(t *testing.T) {
			p, err := New(c.Steps, len(c.Plain), c.Element)
			require.NoError(t, err)
			dst := make([]byte, len(c.Plain))
			for n := 0; n < len(c.Stored); n += 1 + n/64 {
				require.Error(t, decode(p, dst, c.Stored[:n], c.Mask), "%d bytes of %d", n, len(c.Stored))
			}
			require.Error(t, decode(p, dst, c.Stored[:len(c.Stored)-1], c.Mask))
		})
	}
}

// A chunk that decodes to one byte more than the data set declares is refused by
// every decoder, and nothing is written behind the destination.
func TestChunksThatAreTooLongAreErrors(t *testing.T) {
	for _, c := range storedChunks(t) {
		t.Run(c.Name, func(t *testing.T) {
			n := len(c.Plain) - c.Element
			if n == 0 {
				t.Skip("a chunk of one element")
			}
			p, err := New(c.Steps, n, c.Element)
			require.NoError(t, err)
			dst := slices.Repeat([]byte{0xa5}, len(c.Plain))
			require.Error(t, decode(p, dst[:n], c.Stored, c.Mask))
			assert.Equal(t, slices.Repeat([]byte{0xa5}, c.Element), dst[n:])
		})
	}
}

// Every byte of a chunk with a checksum may be changed: it is never read as data.
func TestChecksumsFindEveryChangedByte(t *testing.T) {
	for _, c := range storedChunks(t) {
		last := c.Steps[len(c.Steps)-1].ID
		if last != idFletcher32 && last != idDeflate {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			p, err := New(c.Steps, len(c.Plain), c.Element)
			require.NoError(t, err)
			dst := make([]byte, len(c.Plain))
			for i := range c.Stored {
				damaged := slices.Clone(c.Stored)
				damaged[i] ^= 1 << (i % 8)
				err := p.Decode(dst, damaged, c.Mask)
				require.True(t, err != nil || bytes.Equal(c.Plain, dst), "byte %d", i)
			}
		})
	}
}
