package topology_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/dist/topology"
)

// Two ranks in one process, which compute with a thread each.
func ExampleLook() {
	err := dist.Run(2, func(c *dist.Comm) error {
		node, err := topology.Look(c, 1)
		if err == nil && c.Rank() == 0 {
			fmt.Println(len(node.Ranks), "ranks on this machine")
		}
		return err
	})
	fmt.Println(err)
	// Output:
	// 2 ranks on this machine
	// <nil>
}
