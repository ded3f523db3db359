package replay_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/dist/bench/internal/replay"
)

// A ring of three ranks: two rounds add up, two pass the sums on.
func ExampleRing() {
	for r := range replay.Ring(0, 3, 6) {
		fmt.Println("to", r.To, r.Send, "from", r.From, r.Receive, "add", r.Add)
	}
	// Output:
	// to 1 {0 2} from 2 {4 6} add true
	// to 1 {4 6} from 2 {2 4} add true
	// to 1 {2 4} from 2 {0 2} add false
	// to 1 {0 2} from 2 {4 6} add false
}
