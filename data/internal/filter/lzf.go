package filter

import "errors"

// lzf is filter 32000, which h5py brings: a block of LibLZF. A control byte
// below 32 is followed by that many bytes and one more to copy. Any other is a
// reference: its high three bits are a length (7: add the next byte), its low
// five and the next byte a distance; length+2 bytes are copied from distance+1
// bytes back, and may overlap what they make.
type lzf struct{}

var errLZF = errors.New("it ends within an instruction")

func (lzf) name() string    { return "lzf" }
func (lzf) grown(n int) int { return compressed(n) }

func (lzf) decode(dst, src []byte, _ *scratch) ([]byte, error) {
	n := 0
	for i := 0; i < len(src); {
		control := int(src[i])
		i++
		if control < 32 {
			k := control + 1
			if k > len(src)-i {
				return nil, errLZF
			}
			if k > len(dst)-n {
				return nil, tooLong(len(dst))
			}
			n += copy(dst[n:], src[i:i+k])
			i += k
			continue
		}
		length := control >> 5
		if length == 7 && i < len(src) {
			length += int(src[i])
			i++
		}
		if i == len(src) {
			return nil, errLZF
		}
		from := n - (control&31<<8 | int(src[i])) - 1
		i++
		if from < 0 {
			return nil, errors.New("a reference to before its beginning")
		}
		if length += 2; length > len(dst)-n {
			return nil, tooLong(len(dst))
		}
		n = repeat(dst, from, n, length)
	}
	return dst[:n], nil
}

// repeat copies length bytes within b from one place to a later one, so that
// what is copied first is copied again where they overlap. It returns the end.
func repeat(b []byte, from, to, length int) int {
	end := to + length
	for to < end {
		to += copy(b[to:end], b[from:to])
	}
	return end
}
