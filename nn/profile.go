package nn

import "github.com/cascade-hpc/cascade/nn/internal/compile"

// Profile is where the time of runs goes, by layer and direction: time, rates, and share
// of what the machine can do. Its String is a table.
type Profile = compile.Profile

// ProfileRow is what a layer costs in one direction.
type ProfileRow = compile.ProfileRow

// StartProfile begins to time the primitives of the runs that follow, from zero if it did
// before: after a first run, which also fetches memory from the system, one starts again.
// It costs two looks at the clock a primitive.
func (p *Program) StartProfile() { p.p.StartProfile() }

// Profile is what was timed since StartProfile. The first call measures what the workers can
// do at most, in some 0.3 s.
func (p *Program) Profile() (*Profile, error) { return p.p.Profile() }
