package desc_test

import (
	"fmt"
	"log"

	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

// The first convolution of ResNet-50: dst is given and padding before it is 3, so
// that it is 2 after. h stands for w.
func ExampleConv() {
	d, name, err := desc.Conv(`mb16ic3ih224oc64oh112kh7sh2ph3n"conv1"`, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(name, d.In, d.Out, d.PadLo, d.PadHi)

	_, _, err = desc.Conv("ic3ih224oc64", 0)
	fmt.Println(err)
	// Output:
	// conv1 [1 224 224] [1 112 112] [0 3 3] [0 2 2]
	// "ic3ih224oc64": axis h: ih is 224 and kh is 0, where both are needed
}
