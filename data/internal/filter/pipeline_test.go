package filter

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// encoding is a filter and its encoder.
type encoding struct {
	name   string
	step   func(size int) Step
	encode func(t testing.TB, b []byte, size int) []byte
}

func encodings() []encoding {
	plain := func(id int) func(int) Step { return func(int) Step { return Step{ID: id} } }
	return []encoding{
		{"gzip", plain(idDeflate), func(t testing.TB, b []byte, _ int) []byte { return deflated(t, b) }},
		{
			"shuffle", func(size int) Step { return Step{idShuffle, []uint32{uint32(size)}} },
			func(_ testing.TB, b []byte, size int) []byte { return shuffled(b, size) },
		},
		{"fletcher32", plain(idFletcher32), func(_ testing.TB, b []byte, _ int) []byte { return summed(b) }},
		{"lzf", plain(idLZF), func(_ testing.TB, b []byte, _ int) []byte { return lzfed(b) }},
		{"lz4", plain(idLZ4), func(t testing.TB, b []byte, _ int) []byte { return lz4ed(t, b, 300) }},
		{"zstd", plain(idZstd), func(t testing.TB, b []byte, _ int) []byte { return zstandard(t, b) }},
		{
			"bitshuffle", func(size int) Step { return Step{idBitshuffle, []uint32{0, 4, uint32(size), 16}} },
			func(_ testing.TB, b []byte, size int) []byte { return bitshuffled(b, size, 16) },
		},
		{
			"bitshuffle with lz4", func(size int) Step { return Step{idBitshuffle, []uint32{0, 4, uint32(size), 16, 2}} },
			func(t testing.TB, b []byte, size int) []byte { return bitshuffledLZ4(t, b, size, 16) },
		},
	}
}

func TestEachFilterUndoesItsEncoder(t *testing.T) {
	for _, e := range encodings() {
		t.Run(e.name, func(t *testing.T) {
			for _, size := range []int{1, 2, 3, 4, 8, 12, 16} {
				for _, n := range []int{1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 65, 361, 1009} {
					want := showers(n*size, uint64(n))
					p, err := New([]Step{e.step(size)}, len(want), size)
					require.NoError(t, err)
					dst := make([]byte, len(want))
					require.NoError(t, p.Decode(dst, e.encode(t, want, size), 0))
					require.True(t, bytes.Equal(want, dst), "%d elements of %d bytes", n, size)
				}
			}
		})
	}
}

// Any filters after each other, some of them not applied to the chunk.
func TestRandomPipelines(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	all := encodings()
	for range 300 {
		size := []int{1, 2, 4, 8}[rng.IntN(4)]
		want := showers(size*(1+rng.IntN(400)), rng.Uint64())
		var steps []Step
		var mask uint32
		data, names := want, ""
		for i := range rng.IntN(5) {
			e := all[rng.IntN(len(all))]
			steps = append(steps, e.step(size))
			names += e.name + " "
			// bitshuffle refuses to write what is not whole elements.
			if rng.IntN(4) == 0 || e.step(size).ID == idBitshuffle && len(data)%size != 0 {
				mask |= 1 << i
				continue
			}
			data = e.encode(t, data, size)
		}
		p, err := New(steps, len(want), size)
		require.NoError(t, err)
		dst := make([]byte, len(want))
		require.NoError(t, decode(p, dst, data, mask), "%s, mask %b", names, mask)
		require.True(t, bytes.Equal(want, dst), "%s, mask %b", names, mask)
	}
}

func TestPipelinesThatCannotBe(t *testing.T) {
	for _, tc := range []struct {
		name           string
		steps          []Step
		chunk, element int
		unsupported    bool
		says           string
	}{
		{"no bytes", nil, 0, 4, false, "chunks of 0 bytes"},
		{"no elements", nil, 4, 0, false, "elements of 0"},
		{"half an element", nil, 6, 4, false, "chunks of 6 bytes with elements of 4"},
		{"an unknown filter", []Step{{ID: idDeflate}, {ID: 32001}}, 4, 4, true, "filter 2 of 2: no decoder in Go: filter 32001"},
		{"szip", []Step{{ID: 4}}, 4, 4, true, "filter 4"},
		{"too many filters", make([]Step, 33), 4, 4, true, "33 filters"},
		{"a chunk of 4 GiB", nil, 1 << 32, 4, true, "chunks of 4294967296 bytes"},
		{"shuffle without a size", []Step{{ID: idShuffle}}, 4, 4, false, "shuffle: parameters [], elements of 4 bytes"},
		{"shuffle of another size", []Step{{idShuffle, []uint32{8}}}, 4, 4, false, "shuffle: parameters [8], elements of 4 bytes"},
		{"bitshuffle without a size", []Step{{idBitshuffle, []uint32{0, 4}}}, 4, 4, false, "bitshuffle: parameters [0 4]"},
		{"bitshuffle of another size", []Step{{idBitshuffle, []uint32{0, 4, 2}}}, 4, 4, false, "elements of 4 bytes"},
		{"bitshuffle in odd blocks", []Step{{idBitshuffle, []uint32{0, 4, 4, 12}}}, 4, 4, false, "parameters [0 4 4 12]"},
		{"bitshuffle, unknown compressor", []Step{{idBitshuffle, []uint32{0, 4, 4, 0, 9}}}, 4, 4, true, "compressor 9"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := New(tc.steps, tc.chunk, tc.element)
			require.ErrorContains(t, err, tc.says)
			assert.Equal(t, tc.unsupported, errors.Is(err, ErrUnsupported))
		})
	}
}

func TestDamagedChunks(t *testing.T) {
	const n = 64
	zeros := make([]byte, n)
	u64, u32 := binary.BigEndian.AppendUint64, binary.BigEndian.AppendUint32
	bit := []uint32{0, 4, 4, 0, 2}
	for _, tc := range []struct {
		name string
		step Step
		src  []byte
		says string
	}{
		{"gzip, nothing", Step{ID: idDeflate}, nil, "gzip: unexpected EOF"},
		{"gzip, not zlib", Step{ID: idDeflate}, zeros, "gzip: zlib: invalid header"},
		{"gzip, too short", Step{ID: idDeflate}, deflated(t, zeros[1:]), "the chunk decodes to 63 bytes, not 64"},
		{"gzip, too long", Step{ID: idDeflate}, deflated(t, make([]byte, n+1)), "gzip: it decodes to more than 64 bytes"},
		{"gzip, a bomb", Step{ID: idDeflate}, deflated(t, make([]byte, 1<<24)), "gzip: it decodes to more than 64 bytes"},
		{"gzip, wrong checksum", Step{ID: idDeflate}, flipLast(deflated(t, zeros)), "gzip: after 64 bytes: zlib: invalid checksum"},
		{"shuffle, too long", Step{idShuffle, []uint32{4}}, make([]byte, n+4), "shuffle: it decodes to more than 64 bytes"},
		{"fletcher32, nothing", Step{ID: idFletcher32}, []byte{1, 2, 3}, "fletcher32: 3 bytes do not hold a checksum"},
		{"fletcher32, wrong", Step{ID: idFletcher32}, flipLast(summed(zeros)), "fletcher32: the checksum of 64 bytes is 00000000, not 01000000 as stored"},
		{"lzf, ends in a run", Step{ID: idLZF}, []byte{3, 'a'}, "lzf: it ends within an instruction"},
		{"lzf, ends in a reference", Step{ID: idLZF}, []byte{0, 'a', 0x20}, "lzf: it ends within an instruction"},
		{"lzf, ends in a length", Step{ID: idLZF}, []byte{0, 'a', 0xe0}, "lzf: it ends within an instruction"},
		{"lzf, from before its beginning", Step{ID: idLZF}, []byte{0, 'a', 0x20, 1}, "lzf: a reference to before its beginning"},
		{"lzf, run too long", Step{ID: idLZF}, slices.Concat(bytes.Repeat([]byte{0, 'a'}, n), []byte{0, 'a'}), "lzf: it decodes to more than 64 bytes"},
		{"lzf, reference too long", Step{ID: idLZF}, []byte{0, 'a', 0xe0, 200, 0}, "lzf: it decodes to more than 64 bytes"},
		{"lz4, no header", Step{ID: idLZ4}, zeros[:11], "lz4: 11 bytes do not hold its header"},
		{"lz4, petabytes", Step{ID: idLZ4}, u32(u64(nil, 1<<60), 8), "lz4: it decodes to more than 64 bytes"},
		{"lz4, empty blocks", Step{ID: idLZ4}, u32(u64(nil, n), 0), "lz4: its blocks are empty"},
		{"lz4, no block", Step{ID: idLZ4}, u32(u64(nil, n), n), "lz4: it ends within a block"},
		{"lz4, half a block", Step{ID: idLZ4}, append(u32(u32(u64(nil, n), n), n), zeros[1:]...), "lz4: it ends within a block"},
		{"lz4, a short block", Step{ID: idLZ4}, appendSized(u32(u64(nil, n), n), lz4Compressed(t, zeros[:40], false)), "lz4: block at 0: it decodes to 40 bytes, not 64"},
		{"lz4, a long block", Step{ID: idLZ4}, appendSized(u32(u64(nil, n), n), lz4Compressed(t, make([]byte, 99), false)), "lz4: block at 0: "},
		{"zstd, not zstd", Step{ID: idZstd}, zeros, "zstd: "},
		{"zstd, a bomb", Step{ID: idZstd}, zstandard(t, make([]byte, 1<<24)), "zstd: it decodes to more than 64 bytes"},
		{"zstd, too short", Step{ID: idZstd}, zstandard(t, zeros[1:]), "the chunk decodes to 63 bytes, not 64"},
		{"zstd, wrong checksum", Step{ID: idZstd}, flipLast(zstandard(t, zeros)), "zstd: "},
		{"bitshuffle, too long", Step{idBitshuffle, bit[:3]}, make([]byte, n+4), "bitshuffle: it decodes to more than 64 bytes"},
		{"bitshuffle, half an element", Step{idBitshuffle, bit[:3]}, zeros[:62], "bitshuffle: 62 bytes, of elements of 4"},
		{"bitshuffle, no header", Step{idBitshuffle, bit}, zeros[:11], "bitshuffle: 11 bytes do not hold its header"},
		{"bitshuffle, petabytes", Step{idBitshuffle, bit}, u32(u64(nil, 1<<60), 32), "bitshuffle: it decodes to more than 64 bytes"},
		{"bitshuffle, odd blocks", Step{idBitshuffle, bit}, u32(u64(nil, n), 48), "bitshuffle: blocks of 48 bytes, of elements of 4"},
		{"bitshuffle, no block", Step{idBitshuffle, bit}, u32(u64(nil, n), 32), "bitshuffle: it ends within a block"},
		{"bitshuffle, no rest", Step{idBitshuffle, bit}, u32(u64(nil, 4), 32), "bitshuffle: it ends within a block"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, err := New([]Step{tc.step}, n, 4)
			require.NoError(t, err)
			assert.ErrorContains(t, p.Decode(make([]byte, n), tc.src, 0), tc.says)
		})
	}
	p, err := New(nil, n, 4)
	require.NoError(t, err)
	assert.ErrorContains(t, p.Decode(zeros[1:], zeros, 0), "a destination of 63 bytes for a chunk of 64")
	assert.ErrorContains(t, p.Decode(zeros, zeros[1:], 0), "the chunk decodes to 63 bytes, not 64")
	assert.NoError(t, p.Decode(make([]byte, n), zeros, 0))
	assert.ErrorContains(t, p.Decode(make([]byte, n), zeros, 4), "the filter mask 100 is of more than the 0 filters that there are")
}

func flipLast(b []byte) []byte {
	b[len(b)-1] ^= 1
	return b
}

// HDF5 1.6.2 and older wrote the checksum of little-endian words.
func TestOldChecksumIsAccepted(t *testing.T) {
	b := summed(showers(1001, 1))
	n := len(b) - 4
	b[n], b[n+1], b[n+2], b[n+3] = b[n+1], b[n], b[n+3], b[n+2]
	p, err := New([]Step{{ID: idFletcher32}}, n, 1)
	require.NoError(t, err)
	assert.NoError(t, p.Decode(make([]byte, n), b, 0))
}

// The checksum of words that are all ones is all ones, never zero.
func TestChecksumAtItsLimits(t *testing.T) {
	for _, n := range []int{1, 2, 8, 360 * 8, 360*8 + 1, 1 << 20} {
		b := bytes.Repeat([]byte{0xff}, n)
		assert.Equal(t, binary.LittleEndian.Uint32(summed(b)[n:]), checksum(b), "%d bytes", n)
	}
	assert.Zero(t, checksum(make([]byte, 4096)))
}

func TestDecodeDoesNotAllocate(t *testing.T) {
	want := showers(1<<14, 1)
	for _, e := range encodings() {
		t.Run(e.name, func(t *testing.T) {
			p, err := New([]Step{e.step(4), {idShuffle, []uint32{4}}}, len(want), 4)
			require.NoError(t, err)
			stored := shuffled(e.encode(t, want, 4), 4)
			dst := make([]byte, len(want))
			// The least of many: a pool may lose what it keeps, and under the race detector
			// it does so on purpose.
			least := 1.
			for range 30 {
				least = min(least, testing.AllocsPerRun(1, func() { err = p.Decode(dst, stored, 0) }))
			}
			require.NoError(t, err)
			assert.Zero(t, least)
			assert.True(t, bytes.Equal(want, dst))
		})
	}
}

func TestDecodeByManyGoroutines(t *testing.T) {
	want := showers(8_000, 1)
	for _, e := range encodings() {
		p, err := New([]Step{e.step(4), {ID: idFletcher32}}, len(want), 4)
		require.NoError(t, err)
		stored := summed(e.encode(t, want, 4))
		var wg sync.WaitGroup
		errs := make(chan error, 8)
		for range cap(errs) {
			wg.Go(func() {
				dst := make([]byte, len(want))
				err := decode(p, dst, stored, 0)
				if err == nil && !bytes.Equal(want, dst) {
					err = fmt.Errorf("%s: wrong bytes", e.name)
				}
				errs <- err
			})
		}
		wg.Wait()
		for range cap(errs) {
			require.NoError(t, <-errs)
		}
	}
}
