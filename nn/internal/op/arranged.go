package op

import "github.com/cascade-hpc/cascade/ops"

// arranged is a primitive whose lists of arguments have places for tensors that the
// node does not have.
type arranged struct {
	ops.Primitive
	from, to []int // for each argument the number of the node's input or output, or none
	in, out  [][]float32
}

// none is the place of an argument that is nil.
const none = -1

func newArranged(p ops.Primitive, from, to []int) *arranged {
	return &arranged{p, from, to, make([][]float32, len(from)), make([][]float32, len(to))}
}

// Exec implements ops.Primitive.
func (a *arranged) Exec(x *ops.Exec, in, out [][]float32) {
	pick(a.in, a.from, in)
	pick(a.out, a.to, out)
	a.Primitive.Exec(x, a.in, a.out)
	clear(a.in)
	clear(a.out)
}

func pick(arguments [][]float32, places []int, of [][]float32) {
	for i, p := range places {
		if p != none {
			arguments[i] = of[p]
		}
	}
}
