package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// BeforeDropout says that n is the gradient of a ReLU or LeakyReLU of which dropout
// followed, taken at its result, and gives that dropout's operation. The result of the
// dropout would do as well: its signs are those of the activation's result but where
// elements were dropped, and there the gradient that comes back is 0.
func BeforeDropout(n *ir.Node) (dropout ir.Op, ok bool) {
	b, ok := n.Op.(activationBackward)
	if !ok || b.of.Fn.Kind != ops.ReLU && b.of.Fn.Kind != ops.LeakyReLU {
		return nil, false
	}
	d, ok := n.In[0].Node.Op.(dropoutTraining)
	return d, ok
}
