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

// unlaid are types without what the compiler decided about their memory.
func unlaid(types ...ir.Type) []ir.Type {
	list := make([]ir.Type, len(types))
	for i, t := range types {
		list[i] = t.In(ops.NCX)
	}
	return list
}

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
func (dropoutTraining) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (Conv) Layouts(in, out []ir.Type) []ir.Arrangement { return inPairs(in, out) }

// Layouts implements ir.Laid.
func (Deconv) Layouts(in, out []ir.Type) []ir.Arrangement { return inPairs(in, out) }

// Layouts implements ir.Laid.
func (backwardData) Layouts(in, out []ir.Type) []ir.Arrangement { return inPairs(in, out) }

// Layouts implements ir.Laid.
func (backwardWeights) Layouts(in, out []ir.Type) []ir.Arrangement { return inPairs(in, out) }

// Layouts implements ir.Laid.
func (BatchNormInference) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (BatchNormTraining) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (batchNormBackward) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (Pool) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (poolBackward) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (LRN) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (lrnBackward) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (Upsample) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (upsampleBackward) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (Pad) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (crop) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (Concat) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (slice) Layouts(in, out []ir.Type) []ir.Arrangement { return inOne(in, out) }

// Layouts implements ir.Laid.
func (m Mean) Layouts(in, out []ir.Type) []ir.Arrangement { return ofChannels(m.Spatial, in, out) }

// Layouts implements ir.Laid.
func (broadcast) Layouts(in, out []ir.Type) []ir.Arrangement {
	return ofChannels(perChannel(in[0], out[0]), in, out)
}

// Layouts implements ir.Laid.
func (Expand) Layouts(in, out []ir.Type) []ir.Arrangement {
	return ofChannels(perChannel(in[0], out[0]), in, out)
}

// Layouts implements ir.Laid.
func (expandBackward) Layouts(in, out []ir.Type) []ir.Arrangement {
	return ofChannels(perChannel(out[0], in[0]), in, out)
}

// ofChannels are the arrangements of what works on every channel by itself, or on the
// elements of a whole sample, which are in order in the plain layout alone.
func ofChannels(each bool, in, out []ir.Type) []ir.Arrangement {
	if !each {
		return inOne(in, out)[:1]
	}
	return inOne(in, out)
}
