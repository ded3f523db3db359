package replay

import (
	"cmp"
	"slices"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
)

// bucket is what is reduced together, and since when in its run it may leave.
type bucket struct {
	n  int // float32s
	at float64
}

// buckets are those that a reduction of nn/train makes of a run, in the order in which they
// leave: gradients in their order up to the limit in bytes, none of them cut, and all
// statistics together.
func buckets(run record.Run, limit int) []bucket {
	var list []bucket
	var exact bucket
	for _, f := range run.Finals {
		n := f.Bytes / 4
		if f.Exact {
			exact.n, exact.at = exact.n+n, f.At
			continue
		}
		if last := len(list) - 1; last >= 0 && list[last].n+n <= max(limit/4, 1) {
			list[last].n, list[last].at = list[last].n+n, f.At
			continue
		}
		list = append(list, bucket{n, f.At})
	}
	if exact.n > 0 {
		list = append(list, exact)
	}
	slices.SortStableFunc(list, func(a, b bucket) int { return cmp.Compare(a.at, b.at) })
	return list
}
