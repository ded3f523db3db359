package compile

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
)

// Group are the programs of other ranks that run together with this one, each with a part
// of the batch.
type Group struct {
	Size int
	// Sum replaces numbers by their sums over all programs, the same bits everywhere.
	Sum func(x []float64) error
}

// exchange is a program's part in its group. Primitives return no errors: the first of a
// run is kept, and nothing more is exchanged in that run.
type exchange struct {
	sum func(x []float64) error
	err error
}

func (e *exchange) do(x []float64) {
	if e.err == nil {
		e.err = e.sum(x)
	}
}

// failed is the error of the run that is over, and forgets it. Without a group there is
// none.
func (e *exchange) failed(program string) error {
	if e == nil || e.err == nil {
		return nil
	}
	err := e.err
	e.err = nil
	return fmt.Errorf("nn: program %q: batch statistics over the ranks: %w", program, err)
}

// join makes the module's program one of the group, if there is one.
func (m *Module) join() {
	if m.Group.Size < 2 {
		return
	}
	m.exchange = &exchange{sum: m.Group.Sum}
	m.group = &ir.Group{Size: m.Group.Size, Sum: m.exchange.do}
}
