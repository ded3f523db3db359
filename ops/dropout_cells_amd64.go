//go:build amd64 && !noasm

package ops

import (
	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/ops/avx2"
	"github.com/cascade-hpc/cascade/ops/avx512"
)

// cellsOfDraws is the number of elements that a block of draws serves in all lanes.
const cellsOfDraws = 4 * Block

// dropoutCells does whole blocks of draws where the elements lie, and the parts of blocks
// at the ends elsewhere.
func (s *streaming) dropoutCells(d dropping, blocks, first int, dst, src []float32) {
	args := avx512.DropoutCellsArgs{
		Keys:   philox.RoundKeys([2]uint32{uint32(d.seed), uint32(d.seed >> 32)}),
		Least:  d.least << 8, // of the whole draw
		Factor: d.factor,
	}
	for src = src[:len(dst)]; len(dst) > 0; first = 0 {
		n := min(elementsPerCall, len(dst)/cellsOfDraws*cellsOfDraws)
		for lane := range args.Blocks {
			args.Blocks[lane] = uint32(d.block) + uint32(lane*blocks)
		}
		args.Counter = [4]uint32{0, uint32(d.block >> 32), uint32(d.stream), uint32(d.stream >> 32)}
		if first > 0 || n == 0 {
			n = min(cellsOfDraws-first*Block, len(dst))
			var part [cellsOfDraws]float32
			copy(part[first*Block:], src[:n])
			s.dropCells(&args, part[:], part[:])
			copy(dst, part[first*Block:][:n])
		} else {
			s.dropCells(&args, dst[:n], src[:n])
		}
		d.block += uint64((n + first*Block + cellsOfDraws - 1) / cellsOfDraws)
		dst, src = dst[n:], src[n:]
	}
}

// dropCells does whole blocks of draws.
func (s *streaming) dropCells(args *avx512.DropoutCellsArgs, dst, src []float32) {
	args.Dst, args.Src, args.Cells = operand(dst, len(dst)), operand(src, len(dst)), len(dst)/Block
	if s.isa == AVX2 {
		avx2.DropoutCells((*avx2.DropoutCellsArgs)(args))
	} else {
		avx512.DropoutCells(args)
	}
}
