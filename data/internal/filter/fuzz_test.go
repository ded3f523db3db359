package filter

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// fuzzDecoder hands any bytes to a filter of one step: an error or a whole chunk,
// never a panic, never a byte outside of the destination, and the same answer
// again. The seeds are what the encoders of the filter make.
func fuzzDecoder(f *testing.F, id int, params ...uint32) {
	for _, c := range storedChunks(f) {
		if len(c.Steps) == 1 && c.Steps[0].ID == id && len(c.Stored) < 2000 {
			f.Add(c.Stored, uint16(len(c.Plain)/4))
		}
	}
	f.Add([]byte{}, uint16(1))
	f.Fuzz(func(t *testing.T, src []byte, elements uint16) {
		n := 4 * (int(elements) + 1)
		p, err := New([]Step{{id, params}}, n, 4)
		require.NoError(t, err)
		const guard = 64
		first := bytes.Repeat([]byte{0xa5}, n+guard)
		second := bytes.Repeat([]byte{0x5a}, n)
		err = decode(p, first[:n:n], src, 0)
		require.Equal(t, bytes.Repeat([]byte{0xa5}, guard), first[n:])
		again := decode(p, second, src, 0)
		require.Equal(t, err == nil, again == nil)
		if err == nil {
			require.True(t, bytes.Equal(first[:n], second), "every byte is written")
		}
	})
}

func FuzzDeflate(f *testing.F)       { fuzzDecoder(f, idDeflate) }
func FuzzShuffle(f *testing.F)       { fuzzDecoder(f, idShuffle, 4) }
func FuzzFletcher32(f *testing.F)    { fuzzDecoder(f, idFletcher32) }
func FuzzLZF(f *testing.F)           { fuzzDecoder(f, idLZF) }
func FuzzLZ4(f *testing.F)           { fuzzDecoder(f, idLZ4) }
func FuzzZstd(f *testing.F)          { fuzzDecoder(f, idZstd) }
func FuzzBitshuffle(f *testing.F)    { fuzzDecoder(f, idBitshuffle, 0, 4, 4) }
func FuzzBitshuffleLZ4(f *testing.F) { fuzzDecoder(f, idBitshuffle, 0, 4, 4, 0, 2) }

// FuzzChecksum compares the checksum with its definition.
func FuzzChecksum(f *testing.F) {
	for _, n := range []int{0, 1, 2, 7, 8, 9, 2880, 2881, 9999} {
		f.Add(showers(n, 1))
		f.Add(slices.Repeat([]byte{0xff}, n))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := New([]Step{{ID: idFletcher32}}, max(1, len(b)), 1)
		require.NoError(t, err)
		if len(b) > 0 {
			require.NoError(t, p.Decode(make([]byte, len(b)), summed(b), 0))
		}
	})
}

// FuzzRoundTrip encodes and decodes with every filter.
func FuzzRoundTrip(f *testing.F) {
	f.Add(showers(400, 1), uint8(4))
	f.Add([]byte("abcabcabcabcabc"), uint8(1))
	f.Fuzz(func(t *testing.T, b []byte, size uint8) {
		elem := int(size)%16 + 1
		b = b[:min(len(b), 4000)/elem*elem]
		if len(b) == 0 {
			return
		}
		for _, e := range encodings() {
			p, err := New([]Step{e.step(elem)}, len(b), elem)
			require.NoError(t, err)
			dst := make([]byte, len(b))
			require.NoError(t, p.Decode(dst, e.encode(t, b, elem), 0), e.name)
			require.True(t, bytes.Equal(b, dst), e.name)
		}
	})
}
