package hdf5

import (
	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

var (
	signedKinds   = map[int]source.Kind{1: source.Int8, 2: source.Int16, 4: source.Int32, 8: source.Int64}
	unsignedKinds = map[int]source.Kind{1: source.Uint8, 2: source.Uint16, 4: source.Uint32, 8: source.Uint64}
)

// kindOf is the kind that elements of a type are read as: their own, and for
// numbers that no machine has, such as integers of three bytes or floats of
// ten, the next wider one. Floats beyond float64 are rounded to it.
func kindOf(t h5.Type) (source.Kind, bool) {
	switch {
	case isBytes(t):
		return source.Bytes, true
	case t.Class == h5.Float:
		// libhdf5 1.10.8 writes past its memory when it converts absurd ones.
		return floatKind(t), t.Size <= 16
	case t.Class != h5.Integer && t.Class != h5.Enum: // h5py stores bool as an enumeration
		return 0, false
	}
	kinds := unsignedKinds
	if t.Signed {
		kinds = signedKinds
	}
	for _, size := range []int{1, 2, 4, 8} {
		if t.Size <= size {
			// libhdf5 does not convert between enumerations of different sizes.
			return kinds[size], t.Class == h5.Integer || t.Size == size
		}
	}
	return 0, false
}

func floatKind(t h5.Type) source.Kind {
	switch {
	case t.Plain && t.Size == 2 && t.Exponent == 5:
		return source.Float16
	case t.Plain && t.Size == 2 && t.Exponent == 8:
		return source.BFloat16
	case t.Exponent <= 8 && t.Mantissa <= 23:
		return source.Float32
	}
	return source.Float64
}

// isBytes says whether elements are strings, or sequences of uint8 such as
// compressed images.
func isBytes(t h5.Type) bool {
	if t.Class == h5.VarLen && len(t.Parts) == 1 {
		base := t.Parts[0].Type
		return base.Class == h5.Integer && base.Size == 1
	}
	return t.Class == h5.String
}

// isStoredAs says whether the bytes of an element in the file are those of its
// kind in memory, but for their order.
func isStoredAs(t h5.Type, kind source.Kind) bool {
	return kind != source.Bytes && t.Plain && t.Size == kind.Size()
}
