package main

import (
	"encoding/binary"
	"fmt"

	"github.com/cascade-hpc/cascade/data/source"
)

// notFinite counts what is no number to train on.
type notFinite struct{ nan, infinite int }

func (n notFinite) String() string {
	return fmt.Sprintf("%d NaN, %d infinite", n.nan, n.infinite)
}

// count looks at elements in the byte order of the machine. NaN and infinities are
// those whose exponent is all ones (IEEE 754, 3.4).
func (n *notFinite) count(b []byte, kind source.Kind) {
	native := binary.NativeEndian
	switch kind {
	case source.Float64:
		for ; len(b) >= 8; b = b[8:] {
			n.add(native.Uint64(b)<<1, 0x7ff<<53)
		}
	case source.Float32:
		for ; len(b) >= 4; b = b[4:] {
			n.add(uint64(native.Uint32(b)<<1), 0xff<<24)
		}
	case source.Float16:
		for ; len(b) >= 2; b = b[2:] {
			n.add(uint64(native.Uint16(b)<<1), 0x1f<<11)
		}
	case source.BFloat16:
		for ; len(b) >= 2; b = b[2:] {
			n.add(uint64(native.Uint16(b)<<1), 0xff<<8)
		}
	}
}

// add looks at the bits of a number without its sign: all ones in the exponent
// alone are an infinity, more than that is NaN.
func (n *notFinite) add(bits, exponent uint64) {
	switch {
	case bits == exponent:
		n.infinite++
	case bits > exponent:
		n.nan++
	}
}
