package golden_test

import (
	"testing"

	"github.com/cascade-hpc/cascade/internal/golden"
)

// The first step of plain SGD: param = p0 - lr * grad.
func ExampleLoad() {
	test := func(t *testing.T) { // TestSGD, say
		c := golden.Load(t, "opt_sgd")
		p, grad, lr := c.F32("p0"), c.F32("grad"), float32(c.Float("lr"))
		for i := range p {
			p[i] -= lr * grad[i]
		}
		golden.Close(t, c.F32("param")[:len(p)], p, 1e-6)
	}
	testing.RunTests(func(string, string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: "TestSGD", F: test}})
	// Output:
}
