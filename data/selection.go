package data

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/data/source"
)

// selection is the rows that a split leaves of a source, by the extents that
// hold them: the blocks that are read, shuffled and kept as wholes.
type selection struct {
	blocks []source.Range // in stored order; at least one row of each is chosen
	first  []int          // chosen rows before each block, and at the end all
	chosen func(row int) bool
}

// newSelection goes through the extents. Errors: those of the split,
// source.ErrRange when nothing is left, and source.ErrFormat when the extents do
// not cover the rows.
func newSelection(src source.Source, split Split) (*selection, error) {
	within, chosen, err := split.choose(src)
	if err != nil {
		return nil, fmt.Errorf("data: Split: %v of %d rows: %w", split, src.Rows(), err)
	}
	s := &selection{chosen: chosen, first: []int{0}}
	at := 0
	for _, extent := range src.Extents() {
		if extent.From != at || extent.To <= at || extent.Len() > math.MaxInt32 {
			return nil, fmt.Errorf("data: %w: the extents of %T go on with rows [%d, %d) at row %d", source.ErrFormat, src, extent.From, extent.To, at)
		}
		at = extent.To
		s.add(source.Range{From: max(extent.From, within.From), To: min(extent.To, within.To)})
	}
	if at != src.Rows() {
		return nil, fmt.Errorf("data: %w: the extents of %T hold %d of %d rows", source.ErrFormat, src, at, src.Rows())
	}
	if len(s.blocks) > math.MaxInt32 {
		return nil, fmt.Errorf("data: %w: %d extents", source.ErrRange, len(s.blocks))
	}
	if s.rows() == 0 {
		return nil, fmt.Errorf("data: Split: %w: %v leaves none of %d rows", source.ErrRange, split, src.Rows())
	}
	return s, nil
}

func (s *selection) add(block source.Range) {
	n := max(0, block.Len())
	if s.chosen != nil {
		n = 0
		for row := block.From; row < block.To; row++ {
			if s.chosen(row) {
				n++
			}
		}
	}
	if n > 0 {
		s.blocks = append(s.blocks, block)
		s.first = append(s.first, s.rows()+n)
	}
}

// rows is the number of chosen rows.
func (s *selection) rows() int { return s.first[len(s.first)-1] }

// count is the number of chosen rows of a block.
func (s *selection) count(block int) int { return s.first[block+1] - s.first[block] }

// largest is the memory of the largest block with the order of its rows.
func (s *selection) largest(rowBytes int64) int64 {
	var most int64
	for i, b := range s.blocks {
		most = max(most, int64(b.Len())*rowBytes+int64(s.count(i))*placeBytes)
	}
	return most
}
