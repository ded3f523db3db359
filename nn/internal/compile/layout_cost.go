package compile

import (
	"fmt"
	"os"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// cyclesPerByte is the time that memory takes where a primitive does not tell its own:
// a core of today's servers moves 4 bytes to 8 a cycle if all of its neighbours do so
// too.
const cyclesPerByte = 0.2

// stepCycles is what any primitive takes besides: two microseconds or so until the
// workers have their parts and are through with them.
const stepCycles = 8000

// layoutVariable is the environment variable that prefers a layout: operations work
// in it wherever they can, whatever it costs. It is for tests and for comparisons.
const layoutVariable = "CASCADE_LAYOUT"

// costModel estimates the cycles of operations, on one core.
type costModel struct {
	batch  int
	forced bool
	prefer ops.Layout // if forced
}

func newCostModel(batch int) (costModel, error) {
	c := costModel{batch: batch}
	name := os.Getenv(layoutVariable)
	if name == "" {
		return c, nil
	}
	for l := ops.NCX; l <= ops.NCX16n; l++ {
		if l.String() == name {
			c.forced, c.prefer = true, l
			return c, nil
		}
	}
	return c, fmt.Errorf("%s=%q: it must be %s, %s or %s", layoutVariable, name, ops.NCX, ops.NCX16c, ops.NCX16n)
}

// node is the cost of an operation on tensors of given layouts, or why it has no
// primitive for them.
func (c costModel) node(o ir.Op, in, out []ir.Type) (float64, error) {
	p, err := o.Lower(&ir.Lowering{Batch: c.batch, In: in, Out: out})
	if err != nil {
		return 0, err
	}
	if c.forced {
		return float64(outside(in, c.prefer) + outside(out, c.prefer)), nil
	}
	return cycles(p.Info()), nil
}

// reorder is the cost of a tensor in another layout.
func (c costModel) reorder(t ir.Type, from, to ops.Layout) (float64, error) {
	if c.forced {
		return 1e-3, nil
	}
	return c.node(op.Reorder{To: to}, []ir.Type{t.In(from)}, []ir.Type{t.In(to)})
}

// cycles is the estimate of a primitive, or what its traffic takes.
func cycles(i ops.Info) float64 {
	if i.Cycles > 0 {
		return stepCycles + i.Cycles
	}
	return stepCycles + cyclesPerByte*float64(i.Bytes)
}
