package ops

// kernels are the two inner loops of convolution and inner product for one
// instruction set.
type kernels struct {
	isa   ISA
	loops *loops // what streams beside them

	// rows is the largest number of rows of a brgemm, and bestRows that of the fastest.
	rows, bestRows int

	brgemm func(brgemm)
	// brgemmCycles estimates the cycles of one step of its reduction, where every row of
	// b starts a vector or where they do not.
	brgemmCycles func(rows, cols int, aligned bool) float64

	// dotRows is the largest number of rows of a dot.
	dotRows int
	dot     func(dot)
	// dotOffsets is the number of offsets of a tile for each number of rows.
	dotOffsets []int
	// dotCycles estimates the cycles that a run takes for one row and offset, and
	// sumCycles is what its sum takes besides.
	dotCycles func(length int) float64
	sumCycles float64

	// blocked is the sum with channels in lanes, for as many blocks as blockedRows has
	// entries beside the first. blockedCycles estimates the cycles of one of its steps.
	blocked       func(blocked)
	blockedRows   []int
	blockedCycles func(rows, blocks int) float64
	// A row of a blockedRow is at least leastRow long, and is cut into tiles of at most
	// mostRow, which is 0 where there is none. rowCycles estimates a step of the row.
	leastRow, mostRow int
	rowCycles         func(rows int) float64

	// lanes puts rows of samples side by side, lane l of element i being
	// staged[i·lanes + l], or takes them apart. There are at most Block lanes; what is
	// staged of those without a sample becomes zero.
	lanes func(staged []float32, plain samples, lanes int, apart bool)
	// transpose puts n elements of rows side by side in at most Block lanes: lane l of
	// element i is blocks[i·pitch + l], and zero where there is no row l; or takes them
	// apart.
	transpose func(blocks []float32, pitch, lanes int, rows samples, n int, apart bool)
	// squares does the former for up to Block elements in each of several squares, which lie
	// Block elements apart in both.
	squares func(blocks []float32, pitch int, rows samples, n, squares int)
	// cells copies n cells, which lie dstStep and srcStep apart.
	cells func(dst, src []float32, dstStep, srcStep, n int)
}

var portableKernels = kernels{
	isa:  Generic,
	rows: 8, bestRows: 8,
	brgemm:  brgemmPortable,
	dotRows: 4,
	dot:     dotPortable,

	dotOffsets: []int{0, 4, 4, 4, 4},

	brgemmCycles: func(rows, cols int, _ bool) float64 { return 2 * float64(rows*cols) },
	dotCycles:    func(length int) float64 { return float64(length) },
	sumCycles:    10,

	blocked:       blockedPortable,
	blockedRows:   []int{0, 1},
	blockedCycles: func(rows, blocks int) float64 { return 2.5 * float64(rows*blocks*Block) },

	lanes:     lanesPortable,
	transpose: transposePortable,
	squares:   transposeSquaresPortable,
	cells:     copyCellsPortable,
}

// currentKernels are those for the current instruction set.
func currentKernels() kernels {
	k, ok := assemblyKernels(CurrentISA())
	if !ok {
		k = portableKernels
	}
	k.loops = currentLoops()
	return k
}

// rowsFor is the largest number of rows to cut n of them into blocks of: the best
// where that leaves none over.
func (k *kernels) rowsFor(n int) int {
	if n%k.bestRows == 0 {
		return k.bestRows
	}
	return k.rows
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
