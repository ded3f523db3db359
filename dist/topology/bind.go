package topology

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/cascade-hpc/cascade/internal/cpu"
)

// bound is the variable that tells a process that it was started again, and on which cores.
const bound = "CASCADE_BOUND"

// Bind gives the process its share of the cores that the launcher lets it use, as
// CASCADE_BIND says: numa is whole NUMA domains, or a part of one where there are more
// ranks on the machine, cores an equal range of cores; none, the default, leaves all as it
// is. The launcher must not bind by itself then, see [Node.Advice].
//
// Call it first of all in main, ahead of MPI: it sets the mask of one thread and starts the
// program again in its place, under the same process number. Only so is the mask there
// before Go's first thread, and the same for all of them; Go then takes GOMAXPROCS from it.
// Errors: another word, fewer cores than ranks, and a system other than Linux.
func Bind() error {
	how := os.Getenv("CASCADE_BIND")
	if how == "" || how == "none" {
		return nil
	}
	allowed, err := cpu.Allowed()
	if err != nil {
		return fmt.Errorf("topology: CASCADE_BIND=%s: %w", how, err)
	}
	if done := os.Getenv(bound); done != "" {
		if done != cpu.Format(allowed) {
			return fmt.Errorf("topology: CASCADE_BIND=%s: the process was bound to cores %s and has %s", how, done, cpu.Format(allowed))
		}
		return nil
	}
	l, launched, err := own()
	if err != nil {
		return err
	}
	if !launched {
		l.count = 1
	}
	share, err := assign(how, cpu.Read(cpu.System, allowed), l.number, l.count)
	if errors.Is(err, errFew) && launched {
		err = fmt.Errorf("%w, or, if %s has bound them, with %s", err, l.name, l.off)
	}
	if err != nil {
		return fmt.Errorf("topology: CASCADE_BIND=%s: %w", how, err)
	}
	if slices.Equal(share, allowed) {
		return nil
	}
	if err := again(share); err != nil {
		return fmt.Errorf("topology: CASCADE_BIND=%s: cores %s: %w", how, cpu.Format(share), err)
	}
	return nil
}
