package main

import (
	"log"
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// isa is what the kernels of the two packages differ in. Kernels that take it as
// receiver are written once for both.
type isa struct {
	name   string // of the package
	vector int    // bytes of a vector

	register func(c *build.Context) reg.VecVirtual
	xor      func(ops ...operand.Op) (*ir.Instruction, error)

	// maskBits is the number of bits of a lane in a mask of the argument struct.
	maskBits int
	// opmasks says that there are registers for masks, and that to load, store or
	// multiply under a mask, or with a scalar that is broadcast, costs nothing.
	opmasks bool

	brgemmVectors []int // see brgemm.go
	dotOffsets    []int // see dot.go
	blockedRows   []int // see blocked.go
	peakChains    int   // see peak.go
}

var avx512 = isa{
	name:          "avx512",
	vector:        64,
	register:      (*build.Context).ZMM,
	xor:           x86.VPXORD,
	maskBits:      1,
	opmasks:       true,
	brgemmVectors: brgemmVectorsAVX512,
	dotOffsets:    dotOffsetsAVX512,
	blockedRows:   blockedRowsAVX512,
	peakChains:    peakChainsAVX512,
}

var avx2 = isa{
	name:          "avx2",
	vector:        32,
	register:      (*build.Context).YMM,
	xor:           x86.VXORPS,
	maskBits:      8,
	brgemmVectors: brgemmVectorsAVX2,
	dotOffsets:    dotOffsetsAVX2,
	blockedRows:   blockedRowsAVX2,
	peakChains:    peakChainsAVX2,
}

func isaNamed(name string) isa {
	for _, a := range []isa{avx512, avx2} {
		if a.name == name {
			return a
		}
	}
	log.Fatalf("%q is none of the packages avx512 and avx2", name)
	return isa{}
}

// lanes is the number of float32 in a vector.
func (a isa) lanes() int { return a.vector / scalar }

// half is the lower half of a vector.
func (a isa) half(v reg.VecVirtual) reg.Register {
	if a.vector == avx2.vector {
		return v.AsX()
	}
	return v.AsY()
}

// fullMask has n lanes, as few bytes as hold it.
func (a isa) fullMask(n int) operand.Constant {
	bits := uint64(1)<<(a.maskBits*n) - 1
	if bits <= math.MaxInt32 {
		return operand.I32(bits)
	}
	return operand.U64(bits)
}
