package main

import "fmt"

// blockedRole is what the kernels with channels in lanes differ in: how they find the
// elements of A, and whether they are scalars or vectors of as many channels.
type blockedRole struct {
	name      string
	rowsApart bool // rows of A lie AStride apart, or else side by side
	stepsBy   string
	vectors   bool
	ahead     bool // asks for what lies AheadA and AheadB further on

	// Three taps at once, for positions or for a weight gradient: see blocked_row.go and
	// blocked_row_weights.go.
	row, rowWeights bool
}

// blockedRoles are those that there are registers for.
func (a isa) blockedRoles() []blockedRole {
	roles := []blockedRole{
		{name: "blocked", rowsApart: true},
		{name: "blockedWeights", stepsBy: "AStride", ahead: true},
		{name: "blockedDepthwise", rowsApart: true, stepsBy: "AStep", vectors: true},
	}
	if a.lanes() == blockLength {
		roles = append(roles,
			blockedRole{name: "blockedRow", row: true},
			blockedRole{name: "blockedRowWeights", rowWeights: true, ahead: true})
	}
	return roles
}

// tileSize is the number of rows and blocks of a tile.
type tileSize struct{ rows, blocks int }

// tiles are the sizes of tiles that there is a body for.
func (r blockedRole) tiles(a isa) (all []tileSize) {
	switch {
	case r.row:
		return tileSizes(leastRow, mostRow, 1)
	case r.rowWeights:
		return tileSizes(1, a.blockedRows[rowTaps], rowTaps)
	case r.vectors:
		return tileSizes(1, a.blockedRows[1], 1)
	}
	for blocks := 1; blocks < len(a.blockedRows); blocks++ {
		all = append(all, tileSizes(1, a.blockedRows[blocks], blocks)...)
	}
	return all
}

func tileSizes(least, most, blocks int) (all []tileSize) {
	for rows := least; rows <= most; rows++ {
		all = append(all, tileSize{rows, blocks})
	}
	return all
}

func (r blockedRole) body(rows, blocks int) string {
	return fmt.Sprintf("%s%dx%d", r.name, rows, blocks)
}

// exported is the name of the function that chooses among the bodies.
func (r blockedRole) exported() string { return "B" + r.name[1:] }
