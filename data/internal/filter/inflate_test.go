package filter

import (
	"bytes"
	"compress/zlib"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Data that make every kind of block, and codes of every length: of one symbol,
// of few, of all; runs at every small distance; and long references.
func inflateData() map[string][]byte {
	rng := rand.New(rand.NewPCG(8, 8))
	noise := make([]byte, 70_000)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	steep := make([]byte, 100_000) // each byte half as frequent as the one before: long codes
	for i := range steep {
		for steep[i] < 250 && rng.IntN(2) == 0 {
			steep[i]++
		}
	}
	data := map[string][]byte{
		"nothing": nil, "one byte": {7}, "noise": noise, "steep": steep,
		"zeros": make([]byte, 100_000), "showers": showers(1<<18, 5),
		"far": bytes.Join([][]byte{noise[:32_768], noise[:32_768]}, nil),
	}
	for distance := range 12 {
		data["period "+string(rune('a'+distance))] = bytes.Repeat(noise[:distance+1], 3000)
	}
	return data
}

func TestInflateAsTheStandardLibraryDeflates(t *testing.T) {
	var s scratch
	for name, want := range inflateData() {
		for _, level := range []int{zlib.HuffmanOnly, zlib.NoCompression, 1, 6, 9} {
			var stored bytes.Buffer
			w, err := zlib.NewWriterLevel(&stored, level)
			require.NoError(t, err)
			_, err = w.Write(want)
			require.NoError(t, err)
			require.NoError(t, w.Close())
			dst := bytes.Repeat([]byte{0xa5}, len(want)+300)
			for _, room := range []int{len(want), len(want) + 10, len(want) + 300} { // near the end and far from it
				got, err := deflate{}.decode(dst[:room:room], stored.Bytes(), &s)
				require.NoError(t, err, "%s, level %d", name, level)
				require.True(t, bytes.Equal(want, got), "%s, level %d", name, level)
			}
			if len(want) > 0 {
				_, err = deflate{}.decode(dst[:len(want)-1], stored.Bytes(), &s)
				require.ErrorContains(t, err, "it decodes to more than", "%s, level %d", name, level)
			}
		}
	}
}

// Every entry of the tables of RFC 1951, section 3.2.5.
func TestMeaningsOfSymbols(t *testing.T) {
	length := 3
	for s := 257; s < 285; s++ {
		require.Equal(t, length, symbolMeaning[s].value(), "symbol %d", s)
		length += 1 << symbolMeaning[s].extra()
	}
	require.Equal(t, 259, length) // 284 could say 258, for which 285 is there
	require.Equal(t, 258, symbolMeaning[285].value())
	distance := 1
	for s := range 30 {
		require.Equal(t, distance, offsetMeaning[s].value(), "symbol %d", s)
		distance += 1 << offsetMeaning[s].extra()
	}
	require.Equal(t, 32769, distance)
	for _, e := range []entry{symbolMeaning[286], symbolMeaning[287], offsetMeaning[30], offsetMeaning[31]} {
		require.True(t, e.is(isSpecial) && !e.is(isEnd))
	}
}
