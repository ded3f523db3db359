package filter

import (
	"encoding/binary"
	"errors"
	"io"
)

// inflater decodes DEFLATE (RFC 1951) from memory to memory, where the window of
// earlier bytes is the destination itself. Its tables are used again.
type inflater struct {
	symbols [symbolEntries]entry // literals and lengths
	offsets [offsetEntries]entry // distances

	dst, src []byte
	n, pos   int    // bytes written, bytes taken into bits
	bits     uint64 // the next bits of src, the first lowest
	have     uint   // how many of them
}

var (
	errDistance = errors.New("a distance to before its beginning")
	errBlock    = errors.New("a block of an unknown kind")
)

// inflate fills dst and returns how many bytes it has written, and how many it
// has read: a stream may end before src does.
func (z *inflater) inflate(dst, src []byte) (written, read int, err error) {
	z.dst, z.src, z.n, z.pos, z.bits, z.have = dst, src, 0, 0, 0, 0
	for last := uint64(0); last == 0 && err == nil; {
		var kind uint64
		if last, err = z.take(1); err == nil {
			kind, err = z.take(2)
		}
		if err == nil {
			err = z.block(kind)
		}
	}
	z.alignBack()
	written, read = z.n, z.pos
	z.dst, z.src = nil, nil // a pooled inflater must not keep the chunk
	return written, read, err
}

func (z *inflater) block(kind uint64) error {
	switch kind {
	case 0:
		return z.stored()
	case 1:
		f := fixedTables()
		z.symbols, z.offsets = f.symbols, f.offsets
	case 2:
		if err := z.readTables(); err != nil {
			return err
		}
	default:
		return errBlock
	}
	end, err := z.fast()
	if err == nil && !end {
		err = z.careful()
	}
	return err
}

// fill takes bytes of src into bits, as many as go.
func (z *inflater) fill() {
	z.bits &= 1<<z.have - 1 // fast leaves more
	for ; z.have <= 56 && z.pos < len(z.src); z.pos++ {
		z.bits |= uint64(z.src[z.pos]) << z.have
		z.have += 8
	}
}

// take returns the next k bits, at most 16.
func (z *inflater) take(k uint) (uint64, error) {
	if z.have < k {
		if z.fill(); z.have < k {
			return 0, io.ErrUnexpectedEOF
		}
	}
	v := z.bits & (1<<k - 1)
	z.bits >>= k
	z.have -= k
	return v, nil
}

// alignBack drops what is left of a byte and gives back those that follow.
func (z *inflater) alignBack() {
	z.pos -= int(z.have / 8)
	z.bits, z.have = 0, 0
}

// stored copies a block that is not compressed.
func (z *inflater) stored() error {
	z.alignBack()
	if len(z.src)-z.pos < 4 {
		return io.ErrUnexpectedEOF
	}
	k := int(binary.LittleEndian.Uint16(z.src[z.pos:]))
	if k^0xffff != int(binary.LittleEndian.Uint16(z.src[z.pos+2:])) {
		return errors.New("the length of a stored block is damaged")
	}
	z.pos += 4
	if k > len(z.src)-z.pos {
		return io.ErrUnexpectedEOF
	}
	if k > len(z.dst)-z.n {
		return tooLong(len(z.dst))
	}
	z.n += copy(z.dst[z.n:], z.src[z.pos:z.pos+k])
	z.pos += k
	return nil
}

// symbol takes a code and returns its entry.
func (z *inflater) symbol(table []entry, index uint) (entry, error) {
	z.fill()
	e := table[z.bits&(1<<index-1)]
	if e.is(isTable) {
		rest := z.bits >> e.bits()
		second := table[e.value()+int(rest&(1<<e.extra()-1))]
		_, err := z.take(e.bits())
		if err != nil {
			return 0, err
		}
		e = second
	}
	_, err := z.take(e.bits())
	return e, err
}
