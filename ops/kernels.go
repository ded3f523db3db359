package ops

// kernels are the two inner loops of convolution and inner product for one
// instruction set.
type kernels struct {
	isa ISA

	// rows is the largest number of rows of a brgemm.
	rows   int
	brgemm func(brgemm)

	// dotOffsets is the number of offsets that dot wants for each number of rows,
	// from 1; its length is one more than the largest number of rows.
	dotOffsets []int
	dot        func(dot)
}

var portableKernels = kernels{
	isa:        Generic,
	rows:       8,
	brgemm:     brgemmPortable,
	dotOffsets: []int{0, 4, 4, 4, 4},
	dot:        dotPortable,
}

// currentKernels are those for the current instruction set.
func currentKernels() kernels {
	if k, ok := assemblyKernels(CurrentISA()); ok {
		return k
	}
	return portableKernels
}

// dotSums is the number of sums of the largest dot.
func (k *kernels) dotSums() int {
	most := 0
	for rows, offsets := range k.dotOffsets {
		most = max(most, rows*offsets)
	}
	return most
}

// evenBlocks cuts n channels into blocks of at most size, as equal as can be:
// 9 in blocks of 8 are 5 and 4, since a block of one wastes most of a tile.
type evenBlocks struct{ n, count int }

func newEvenBlocks(n, size int) evenBlocks { return evenBlocks{n, (n + size - 1) / size} }

func (b evenBlocks) bounds(i int) (lo, hi int) { return i * b.n / b.count, (i + 1) * b.n / b.count }

// largest is the length of the longest block.
func (b evenBlocks) largest() int { return (b.n + b.count - 1) / max(b.count, 1) }

// name is how Info.Impl calls the kernels.
func (k *kernels) name() string {
	if k.isa == Generic {
		return "go"
	}
	return k.isa.String()
}
