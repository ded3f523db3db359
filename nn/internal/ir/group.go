package ir

// Group are programs that compute the same at the same time, each for a part of one batch.
type Group struct {
	// Size is the number of programs. Their batches are of one size.
	Size int
	// Sum replaces numbers by their sums over all programs.
	Sum func(x []float64)
}

// Programs is their number: without a group there is one.
func (g *Group) Programs() int {
	if g == nil {
		return 1
	}
	return g.Size
}
