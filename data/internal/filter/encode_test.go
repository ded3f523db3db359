package filter

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/stretchr/testify/require"
)

// The encoders of these tests: each as its format is defined, without a thought
// for speed.

func shuffled(b []byte, size int) []byte {
	n := len(b) / size
	out := bytes.Clone(b)
	for i := range n {
		for j := range size {
			out[j*n+i] = b[i*size+j]
		}
	}
	return out
}

// summed appends the checksum: two sums of big-endian words.
func summed(b []byte) []byte {
	var s1, s2 uint64
	for i := 0; i < len(b); i += 2 {
		word := uint64(b[i]) << 8
		if i+1 < len(b) {
			word |= uint64(b[i+1])
		}
		s1, s2 = ones(s1+word), ones(s2+ones(s1+word))
	}
	return binary.LittleEndian.AppendUint32(bytes.Clone(b), uint32(s2<<16|s1))
}

// ones adds the carry of a sum of 16 bits back: ones' complement addition.
func ones(x uint64) uint64 { return x&0xffff + x>>16 }

func deflated(t testing.TB, b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, err := w.Write(b)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func zstandard(t testing.TB, b []byte) []byte {
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	defer w.Close()
	return w.EncodeAll(b, nil)
}

// lz4ed stores blocks of so many bytes.
func lz4ed(t testing.TB, b []byte, block int) []byte {
	out := binary.BigEndian.AppendUint64(nil, uint64(len(b)))
	out = binary.BigEndian.AppendUint32(out, uint32(block))
	for ; len(b) > 0; b = b[min(block, len(b)):] {
		part := b[:min(block, len(b))]
		out = appendSized(out, lz4Compressed(t, part, true))
	}
	return out
}

// lz4Compressed makes one block; raw allows one that does not become smaller to
// be left as it is.
func lz4Compressed(t testing.TB, b []byte, raw bool) []byte {
	to := make([]byte, lz4.CompressBlockBound(len(b)))
	n, err := lz4.CompressBlock(b, to, nil)
	require.NoError(t, err)
	if raw && (n == 0 || n >= len(b)) {
		return b
	}
	return to[:n]
}

func appendSized(out, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	return append(out, data...)
}

// lzfed looks for the longest match in the 1000 bytes that came before.
func lzfed(b []byte) []byte {
	var out, plain []byte
	flush := func() {
		for len(plain) > 0 {
			k := min(32, len(plain))
			out = append(append(out, byte(k-1)), plain[:k]...)
			plain = plain[k:]
		}
	}
	for i := 0; i < len(b); {
		from, length := longestMatch(b, i)
		if length < 3 {
			plain = append(plain, b[i])
			i++
			continue
		}
		flush()
		back, rest := i-from-1, length-2
		if rest < 7 {
			out = append(out, byte(rest<<5|back>>8))
		} else {
			out = append(out, byte(7<<5|back>>8), byte(rest-7))
		}
		out = append(out, byte(back))
		i += length
	}
	flush()
	return out
}

func longestMatch(b []byte, i int) (from, length int) {
	for j := max(0, i-1000); j < i; j++ {
		k := 0
		for i+k < len(b) && k < 264 && b[j+k] == b[i+k] {
			k++
		}
		if k > length {
			from, length = j, k
		}
	}
	return from, length
}

// bitshuffled transposes the bits of blocks.
func bitshuffled(b []byte, size, block int) []byte {
	out := bytes.Clone(b)
	for at, left := 0, len(b)/size; left >= 8; {
		n := min(block, left/8*8)
		part := out[at*size : (at+n)*size]
		clear(part)
		for e := range n {
			for bit := range 8 * size {
				row := part[bit*n/8:]
				row[e/8] |= b[(at+e)*size+bit/8] >> (bit % 8) & 1 << (e % 8)
			}
		}
		at, left = at+n, left-n
	}
	return out
}

// bitshuffledLZ4 compresses each block.
func bitshuffledLZ4(t testing.TB, b []byte, size, block int) []byte {
	out := binary.BigEndian.AppendUint64(nil, uint64(len(b)))
	out = binary.BigEndian.AppendUint32(out, uint32(block*size))
	whole := len(b) / size / 8 * 8 * size
	bits := bitshuffled(b, size, block)
	for at := 0; at < whole; at += block * size {
		out = appendSized(out, lz4Compressed(t, bits[at:min(at+block*size, whole)], false))
	}
	return append(out, b[whole:]...)
}

// showers are n bytes of float32 of which most are zero.
func showers(n int, seed uint64) []byte {
	rng := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, n)
	for i := 0; i+4 <= n; i += 4 {
		if rng.IntN(10) < 3 {
			binary.LittleEndian.PutUint32(b[i:], 0x40000000|rng.Uint32()>>4)
		}
	}
	for i := n &^ 3; i < n; i++ {
		b[i] = byte(rng.Uint32())
	}
	return b
}
