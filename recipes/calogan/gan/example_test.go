package gan_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
)

func Example() {
	preset, err := gan.ByName("cern")
	if err != nil {
		fmt.Println(err)
		return
	}
	net, err := preset.Generator()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(preset.Name, net.Size(), preset.DefaultBatch)
	// Output: cern 872808 128
}
