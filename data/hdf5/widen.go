package hdf5

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/cascade-hpc/cascade/data/source"
)

// precision is what a kind holds exactly: integers of some bits, and of floats
// the bits of exponent.
type precision struct {
	bits, exponent int // exponent 0: an integer
	signed         bool
}

var precisions = map[source.Kind]precision{
	source.Float16: {11, 5, true}, source.BFloat16: {8, 8, true}, source.Float32: {24, 8, true}, source.Float64: {53, 11, true},
	source.Int8: {7, 0, true}, source.Int16: {15, 0, true}, source.Int32: {31, 0, true}, source.Int64: {63, 0, true},
	source.Uint8: {8, 0, false}, source.Uint16: {16, 0, false}, source.Uint32: {32, 0, false}, source.Uint64: {64, 0, false},
}

// holds says whether every number of kind k is one of kind wide, and converted to
// it: nothing is to floats of 16 bits.
func holds(wide, k source.Kind) bool {
	w, p := precisions[wide], precisions[k]
	if wide == source.Float16 || wide == source.BFloat16 || p.exponent > w.exponent || p.signed && !w.signed {
		return false
	}
	return p.bits <= w.bits
}

// common is the smallest kind that holds all numbers of several exactly, or
// Float32 where there is none. All or none are Bytes.
func common(kinds []source.Kind) source.Kind {
	best, found := source.Float32, false
	for _, k := range append(slices.Clone(kinds), source.Int16, source.Int32, source.Int64, source.Float32, source.Float64) {
		all := !slices.ContainsFunc(kinds, func(one source.Kind) bool { return k != one && !holds(k, one) })
		if all && (!found || k.Size() < best.Size()) {
			best, found = k, true
		}
	}
	return best
}

// widen converts numbers to a kind that common chose for them.
func widen(dst []byte, to source.Kind, src []byte, from source.Kind) error {
	n := len(src) / from.Size()
	switch to {
	case source.Float32:
		source.Float32s(floats(dst, n), src, from)
		return nil
	case source.Float64:
		return widenFloat64(dst, src, from, n)
	}
	wide := make([]int64, n)
	if err := source.Int64s(wide, src, from); err != nil {
		return err
	}
	for i, v := range wide {
		putInt(dst[i*to.Size():], v, to.Size())
	}
	return nil
}

func widenFloat64(dst, src []byte, from source.Kind, n int) error {
	put := func(i int, v float64) { binary.NativeEndian.PutUint64(dst[8*i:], math.Float64bits(v)) }
	if precisions[from].exponent > 0 {
		narrow := make([]float32, n)
		source.Float32s(narrow, src, from)
		for i, v := range narrow {
			put(i, float64(v))
		}
		return nil
	}
	whole := make([]int64, n)
	if err := source.Int64s(whole, src, from); err != nil {
		return err
	}
	for i, v := range whole {
		put(i, float64(v))
	}
	return nil
}

func floats(b []byte, n int) []float32 { return source.Float32View(b)[:n] }

func putInt(dst []byte, v int64, size int) {
	switch size {
	case 1:
		dst[0] = byte(v)
	case 2:
		binary.NativeEndian.PutUint16(dst, uint16(v))
	case 4:
		binary.NativeEndian.PutUint32(dst, uint32(v))
	default:
		binary.NativeEndian.PutUint64(dst, uint64(v))
	}
}
