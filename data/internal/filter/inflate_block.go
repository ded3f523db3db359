package filter

import (
	"encoding/binary"
)

// careful decodes a block, or the rest of one, a symbol at a time, with every
// bound checked.
func (z *inflater) careful() error {
	for {
		e, err := z.symbol(z.symbols[:], symbolIndex)
		switch {
		case err != nil:
			return err
		case e.is(isLiteral):
			if z.n == len(z.dst) {
				return tooLong(len(z.dst))
			}
			z.dst[z.n] = byte(e.value())
			z.n++
			continue
		case e.is(isEnd):
			return nil
		case e.is(isSpecial):
			return errCode
		}
		length, err := z.extended(e)
		if err != nil {
			return err
		}
		e, err = z.symbol(z.offsets[:], offsetIndex)
		if err != nil {
			return err
		}
		if e.is(isSpecial) {
			return errCode
		}
		distance, err := z.extended(e)
		switch {
		case err != nil:
			return err
		case distance > z.n:
			return errDistance
		case length > len(z.dst)-z.n:
			return tooLong(len(z.dst))
		}
		z.n = repeat(z.dst, z.n-distance, z.n, length)
	}
}

// extended is the value of an entry with its extra bits.
func (z *inflater) extended(e entry) (int, error) {
	more, err := z.take(e.extra())
	return e.value() + int(more), err
}

const (
	// A turn of fast writes at most three literals and a match, and a match may
	// write up to a word more than it has.
	fastRoom = 3 + 258 + 8
	fastLeft = 8 + 8 // two fills of a word each, of which the second is whole
)

// fast decodes as long as neither end is near, and says whether the block has
// ended. It keeps 56 bits or more, of which a code, or three literals of the first
// table, takes 33 at most, and a match 48: 15 and 5 bits of a length, 15 and 13 of
// a distance.
func (z *inflater) fast() (end bool, err error) {
	le := binary.LittleEndian
	dst, src, n, pos, bits, have := z.dst, z.src, z.n, z.pos, z.bits, z.have
	symbols, offsets := &z.symbols, &z.offsets
	bits &= 1<<have - 1
	for len(dst)-n >= fastRoom && len(src)-pos >= fastLeft {
		bits |= le.Uint64(src[pos:]) << (have & 63)
		pos += int((63 - have) >> 3)
		have |= 56
		e := symbols[bits&(1<<symbolIndex-1)]
		if e.is(isLiteral) {
			dst[n] = byte(e >> valueShift)
			n++
			bits >>= e.bits()
			have -= e.bits()
			if e = symbols[bits&(1<<symbolIndex-1)]; e.is(isLiteral) {
				dst[n] = byte(e >> valueShift)
				n++
				bits >>= e.bits()
				have -= e.bits()
				if e = symbols[bits&(1<<symbolIndex-1)]; e.is(isLiteral) {
					dst[n] = byte(e >> valueShift)
					n++
					bits >>= e.bits()
					have -= e.bits()
					continue
				}
			}
			bits |= le.Uint64(src[pos:]) << (have & 63)
			pos += int((63 - have) >> 3)
			have |= 56
		}
		if e.is(isSpecial) {
			if e.is(isTable) {
				bits >>= e.bits()
				have -= e.bits()
				e = symbols[e.value()+int(bits&(1<<e.extra()-1))]
			}
			bits >>= e.bits()
			have -= e.bits()
			if e.is(isLiteral) {
				dst[n] = byte(e >> valueShift)
				n++
				continue
			}
			if e.is(isSpecial) {
				if end = e.is(isEnd); !end {
					err = errCode
				}
				break
			}
		} else {
			bits >>= e.bits()
			have -= e.bits()
		}
		length := e.value() + int(bits&(1<<e.extra()-1))
		bits >>= e.extra()
		have -= e.extra()

		e = offsets[bits&(1<<offsetIndex-1)]
		if e.is(isTable) {
			bits >>= e.bits()
			have -= e.bits()
			e = offsets[e.value()+int(bits&(1<<e.extra()-1))]
		}
		if e.is(isSpecial) {
			err = errCode
			break
		}
		bits >>= e.bits()
		have -= e.bits()
		distance := e.value() + int(bits&(1<<e.extra()-1))
		bits >>= e.extra()
		have -= e.extra()
		if distance > n {
			err = errDistance
			break
		}
		copyMatch(dst[n-distance:n+length+8], distance, length)
		n += length
	}
	z.n, z.pos, z.bits, z.have = n, pos, bits, have
	return end, err
}

// copyMatch repeats the first distance bytes of b for length bytes after them.
// b has eight bytes more, which it may overwrite.
func copyMatch(b []byte, distance, length int) {
	le := binary.LittleEndian
	to := b[distance:]
	if distance >= 8 {
		for i := 0; i < length; i += 8 {
			le.PutUint64(to[i:], le.Uint64(b[i:]))
		}
		return
	}
	if distance == 1 {
		x := uint64(b[0]) * 0x0101010101010101
		for i := 0; i < length; i += 8 {
			le.PutUint64(to[i:], x)
		}
		return
	}
	// A word has the next distance bytes right at a time.
	for i := 0; i < length; i += distance {
		le.PutUint64(to[i:], le.Uint64(b[i:]))
	}
}
