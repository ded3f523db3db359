package ops

import "slices"

// columns is a run of neighbouring positions along W with the taps that some of them
// takes from inside src. The others of the component are left out there.
type columns struct{ span, taps span }

// cutColumns divides the positions of a component into runs of least cost. inside are
// the taps of each that lie inside src; runs end where those change, at every such place
// if they are to be exact, and cost is that of a run of so many positions and taps.
func cutColumns(c *component, inside []span, exact bool, cost func(cols, taps int) float64) []columns {
	ends := []int{0} // of runs that take the same taps, from the first position
	for i := 1; i <= len(inside); i++ {
		if i == len(inside) || inside[i] != inside[i-1] {
			ends = append(ends, i)
		}
	}
	// Dynamic programming: the least cost of what comes before an end, and the run that
	// it ends with.
	least, last := make([]float64, len(ends)), make([]columns, len(ends))
	for to := 1; to < len(ends); to++ {
		taps := span{}
		for from := to - 1; from >= 0 && (!exact || from == to-1); from-- {
			taps = taps.hull(inside[ends[from]])
			run := columns{span{c.lo + ends[from], c.lo + ends[to]}, taps}
			if sum := least[from] + cost(run.span.size(), taps.size()); from == to-1 || sum < least[to] {
				least[to], last[to] = sum, run
			}
		}
	}
	var runs []columns
	for to := len(ends) - 1; to > 0; to = slices.Index(ends, last[to].span.lo-c.lo) {
		runs = append(runs, last[to])
	}
	slices.Reverse(runs)
	return runs
}
