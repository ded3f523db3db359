package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// layouts are all that there are, the plain one first.
var layouts = []ops.Layout{ops.NCX, ops.NCX16c, ops.NCX16n}

// inOne lists the arrangements in which all tensors that can be blocked lie in the
// same layout.
func inOne(in, out []ir.Type) []ir.Arrangement {
	var list []ir.Arrangement
	for _, l := range layouts {
		of := func() ops.Layout { return l }
		list = append(list, ir.Arrangement{In: arrange(in, of), Out: arrange(out, of)})
	}
	return list
}

// inPairs lists the arrangements in which the first tensor that can be blocked and the
// second one each lie in a layout of their own.
func inPairs(in, out []ir.Type) []ir.Arrangement {
	var list []ir.Arrangement
	for _, first := range layouts {
		for _, second := range layouts {
			seen := 0
			of := func() ops.Layout {
				seen++
				return []ops.Layout{first, second}[seen-1]
			}
			list = append(list, ir.Arrangement{In: arrange(in, of), Out: arrange(out, of)})
		}
	}
	return list
}

// arrange asks for the layout of every tensor that can be blocked.
func arrange(types []ir.Type, of func() ops.Layout) []ops.Layout {
	list := make([]ops.Layout, len(types))
	for i, t := range types {
		if t.Blockable() {
			list[i] = of()
		}
	}
	return list
}

// unlaid is a type without what the compiler decided about its memory.
func unlaid(t ir.Type) ir.Type { return t.In(ops.NCX) }

// Layouts implements ir.Laid.
func (Activation) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (activationBackward) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (Add) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (Mul) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (Scale) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (Conv) Layouts(in, out []ir.Type) []ir.Arrangement { return inPairs(in, out) }

// Layouts implements ir.Laid.
func (Deconv) Layouts(in, out []ir.Type) []ir.Arrangement { return inPairs(in, out) }

// Layouts implements ir.Laid.
func (backwardData) Layouts(in, out []ir.Type) []ir.Arrangement { return inPairs(in, out) }

// Layouts implements ir.Laid.
func (backwardWeights) Layouts(in, out []ir.Type) []ir.Arrangement { return inPairs(in, out) }
