package filter

import (
	"errors"
	"fmt"
	"math"
	"sync"
)

// ErrUnsupported says that a filter has no decoder in this package.
var ErrUnsupported = errors.New("no decoder in Go")

// Step is one filter of a data set, in the order of writing.
type Step struct {
	ID     int
	Params []uint32 // cd_values, as stored in the file
}

// Pipeline decodes the chunks of one data set. Its methods may be called by
// several goroutines.
type Pipeline struct {
	chunk    int
	decoders []decoder
	// before[i] is the most bytes that a chunk may have before step i is
	// applied; a decoder that makes more of them has met damaged data.
	before []int
	pool   sync.Pool // of *scratch
}

// decoder undoes one filter.
type decoder interface {
	// decode returns what src was made from: in dst, or as a part of src. It is
	// an error to need more than len(dst) bytes. src may be overwritten.
	decode(dst, src []byte, s *scratch) ([]byte, error)
	// name is what messages call the filter.
	name() string
	// grown is the most bytes that the filter may make of n when it is applied.
	grown(n int) int
}

// scratch is the memory of one Decode at a time.
type scratch struct {
	buffers [2][]byte // between steps
	bits    []byte    // of bitshuffle: a block, decompressed
	planes  []byte    // of bitshuffle: the same, as bytes
	inflate inflater
}

// The registered numbers of the filters.
const (
	idDeflate    = 1
	idShuffle    = 2
	idFletcher32 = 3
	idLZF        = 32000
	idLZ4        = 32004
	idBitshuffle = 32008
	idZstd       = 32015
)

// maxSteps is the limit of HDF5: a filter mask has a bit for each step.
const maxSteps = 32

// New makes the pipeline of a data set whose chunks are chunkBytes when decoded,
// of elements of elementBytes. Its error is ErrUnsupported when a filter is
// unknown here; any other error means that the file is damaged: its parameters
// contradict each other.
func New(steps []Step, chunkBytes, elementBytes int) (*Pipeline, error) {
	if chunkBytes < 1 || elementBytes < 1 || chunkBytes%elementBytes != 0 {
		return nil, fmt.Errorf("filter: chunks of %d bytes with elements of %d", chunkBytes, elementBytes)
	}
	if len(steps) > maxSteps || chunkBytes > math.MaxInt32 {
		return nil, fmt.Errorf("%w: %d filters, chunks of %d bytes", ErrUnsupported, len(steps), chunkBytes)
	}
	p := &Pipeline{chunk: chunkBytes}
	n := chunkBytes
	for i, s := range steps {
		d, err := newDecoder(s, elementBytes)
		if err != nil {
			return nil, fmt.Errorf("filter %d of %d: %w", i+1, len(steps), err)
		}
		p.decoders = append(p.decoders, d)
		p.before = append(p.before, n)
		n = d.grown(n)
	}
	p.pool.New = func() any { return new(scratch) }
	return p, nil
}

func newDecoder(s Step, elementBytes int) (decoder, error) {
	switch s.ID {
	case idDeflate:
		return deflate{}, nil
	case idShuffle:
		return newShuffle(s.Params, elementBytes)
	case idFletcher32:
		return fletcher32{}, nil
	case idLZF:
		return lzf{}, nil
	case idLZ4:
		return lz4Blocks{}, nil
	case idBitshuffle:
		return newBitshuffle(s.Params, elementBytes)
	case idZstd:
		return zstdFrames{}, nil
	}
	return nil, fmt.Errorf("%w: filter %d", ErrUnsupported, s.ID)
}

// Decode decodes a chunk. dst must have the size of a decoded chunk, and is
// undefined after an error. src is the chunk as stored, and may be overwritten.
// skip is HDF5's filter mask: a set bit i says that step i was not applied to
// this chunk. It does not allocate once its scratch memory has been. An error
// means that the stored bytes are damaged, or do not belong to this data set.
func (p *Pipeline) Decode(dst, src []byte, skip uint32) error {
	if len(dst) != p.chunk {
		return fmt.Errorf("filter: a destination of %d bytes for a chunk of %d", len(dst), p.chunk)
	}
	if skip>>len(p.decoders) != 0 {
		return fmt.Errorf("the filter mask %b is of more than the %d filters that there are", skip, len(p.decoders))
	}
	s := p.pool.Get().(*scratch)
	defer p.pool.Put(s)
	out, err := p.undo(dst, src, skip, s)
	if err != nil {
		return err
	}
	if len(out) != p.chunk {
		return fmt.Errorf("the chunk decodes to %d bytes, not %d", len(out), p.chunk)
	}
	if &out[0] != &dst[0] {
		copy(dst, out)
	}
	return nil
}

// undo applies the decoders from last to first. Data move from src to dst by way
// of the two buffers in turn.
func (p *Pipeline) undo(dst, src []byte, skip uint32, s *scratch) ([]byte, error) {
	applied := func(i int) bool { return skip>>i&1 == 0 }
	first := 0
	for first < len(p.decoders) && !applied(first) {
		first++
	}
	turn, data := 0, src
	for i := len(p.decoders) - 1; i >= first; i-- {
		if !applied(i) {
			continue
		}
		to := dst
		if i > first {
			to = room(&s.buffers[turn], p.before[i])
		}
		out, err := p.decoders[i].decode(to, data, s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.decoders[i].name(), err)
		}
		// The buffer is taken only if the decoder did not find its result in src.
		if len(out) > 0 && &out[0] == &to[0] {
			turn = 1 - turn
		}
		data = out
	}
	return data, nil
}

// room returns n bytes of b, which grows if need be.
func room(b *[]byte, n int) []byte {
	if cap(*b) < n {
		*b = make([]byte, n)
	}
	return (*b)[:n]
}

// compressed is what grown says of a compressor: none makes data that it cannot
// compress longer by more than a small share and a header.
func compressed(n int) int { return n + n/8 + 4096 }

// tooLong is the error of a decoder that has more to write than there is room.
func tooLong(room int) error {
	return fmt.Errorf("it decodes to more than %d bytes", room)
}
