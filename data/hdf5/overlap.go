package hdf5

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// extent is a piece of a file.
type extent struct{ at, size uint64 }

// overlap finds two extents that share bytes. No writer makes them: an address
// is damaged, and leads to good numbers in another place, checksum and all.
func overlap(extents []extent) (i, j int, found bool) {
	order := make([]int, len(extents))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(extents[i].at, extents[j].at) })
	for k := 1; k < len(order); k++ {
		i, j := order[k-1], order[k]
		if extents[j].at-extents[i].at < extents[i].size {
			return min(i, j), max(i, j), true
		}
	}
	return 0, 0, false
}

// extentsOf is where chunks lie that were written, and which they are.
func extentsOf(list []h5.Chunk) (extents []extent, index []int) {
	for i, c := range list {
		if c.Address < h5.Lost {
			extents = append(extents, extent{c.Address, uint64(c.Size)})
			index = append(index, i)
		}
	}
	return extents, index
}

// checkOverlap compares the chunks of a data set with each other.
func checkOverlap(list []h5.Chunk) error {
	if inOrder(list) {
		return nil
	}
	extents, index := extentsOf(list)
	if i, j, found := overlap(extents); found {
		return fmt.Errorf("%w: chunks %d and %d share bytes of the file", source.ErrCorrupt, index[i], index[j])
	}
	return nil
}

// inOrder says that each chunk lies behind the one before it, as in most files:
// there may be millions.
func inOrder(list []h5.Chunk) bool {
	end := uint64(0)
	for _, c := range list {
		if c.Address == h5.NoAddress {
			continue
		}
		if c.Address < end {
			return false
		}
		end = c.Address + uint64(c.Size)
	}
	return true
}

// places is where all the data sets of a file lie.
type places struct {
	extents []extent
	names   []string
	ends    []int // of the extents of each
}

func (p *places) add(name string, extents []extent) {
	p.extents = append(p.extents, extents...)
	p.names = append(p.names, name)
	p.ends = append(p.ends, len(p.extents))
}

// check compares data sets with each other.
func (p *places) check() error {
	i, j, found := overlap(p.extents)
	if !found {
		return nil
	}
	owner := func(i int) string {
		k, _ := slices.BinarySearch(p.ends, i+1)
		return p.names[k]
	}
	return fmt.Errorf("%w: the data sets %q and %q share bytes of the file", source.ErrCorrupt, owner(i), owner(j))
}
