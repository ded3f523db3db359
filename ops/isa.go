package ops

import (
	"fmt"
	"os"
	"sync/atomic"

	"github.com/klauspost/cpuid/v2"
)

// ISA is an instruction set that kernels are written for.
type ISA int32

const (
	// Generic is portable Go: the kernels that define what is right.
	Generic ISA = iota
	// AVX2 needs AVX2, FMA3 and BMI2.
	AVX2
	// AVX512 needs AVX-512 F, BW, DQ and VL, and BMI2.
	AVX512
)

// String returns the name that CASCADE_ISA takes.
func (i ISA) String() string {
	switch i {
	case Generic:
		return "generic"
	case AVX2:
		return "avx2"
	case AVX512:
		return "avx512"
	}
	return fmt.Sprintf("ISA(%d)", int32(i))
}

// current is the instruction set that primitives made from now on use.
var current atomic.Int32

func init() { current.Store(int32(startISA(os.Getenv("CASCADE_ISA")))) }

// CurrentISA is the instruction set that primitives created now will use: the
// best the processor has, or less where CASCADE_ISA or LowerISA said so.
func CurrentISA() ISA { return ISA(current.Load()) }

// LowerISA restricts primitives created from now on to the instruction set, if
// it is lower than the current one (it can be lowered, never raised), and
// returns a function that restores what was before. Tests use it to run every
// kernel a machine has.
func LowerISA(to ISA) (restore func()) {
	before := CurrentISA()
	current.Store(int32(min(before, to)))
	return func() { current.Store(int32(before)) }
}

// startISA is the instruction set to start with, given the text of CASCADE_ISA.
func startISA(env string) ISA {
	best := detectISA()
	for _, isa := range []ISA{Generic, AVX2, AVX512} {
		if isa.String() == env {
			return min(best, isa)
		}
	}
	return best
}

// detectISA is the best instruction set of this processor for which this build
// has kernels.
func detectISA() ISA {
	switch {
	case !haveAssembly:
		return Generic
	case cpuid.CPU.Supports(cpuid.AVX512F, cpuid.AVX512BW, cpuid.AVX512DQ, cpuid.AVX512VL, cpuid.FMA3, cpuid.BMI2):
		return AVX512
	case cpuid.CPU.Supports(cpuid.AVX2, cpuid.FMA3, cpuid.BMI2):
		return AVX2
	}
	return Generic
}
