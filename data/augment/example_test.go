package augment_test

import (
	"fmt"
	"log"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/augment"
	"github.com/cascade-hpc/cascade/data/source"
)

// An image as it is stored becomes what a network takes. In a pipeline each
// transform is an argument of Map.
func Example() {
	row := data.NewRow([]source.Field{{Name: "image", Shape: []int{2, 2, 3}, Kind: source.Uint8}}, 1)
	copy(row.Uint8("image"), []uint8{
		10, 20, 30 /**/, 11, 21, 31,
		12, 22, 32 /**/, 13, 23, 33,
	})
	for _, t := range []data.Transform{
		augment.Transpose{Field: "image", Axes: []int{2, 0, 1}},       // colours first
		augment.Flip{Field: "image", P: 1},                            // always, for once
		augment.Crop{Field: "image", Size: []int{1, 2}, Centre: true}, // the upper row
		augment.Normalize{Field: "image", Mean: []float64{10, 20, 30}, Std: []float64{2, 2, 2}},
	} {
		var err error
		if row, err = row.Apply(t); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(row.Fields()[0], row.Float32("image"))

	_, err := augment.Crop{Field: "image", Size: []int{4, 4}}.Fields(row.Fields())
	fmt.Println(err)
	// Output:
	// image float32 (3, 1, 2) [0.5 0 0.5 0 0.5 0]
	// augment: Crop: image float32 (3, 1, 2): out of range: a window (4, 4) does not fit, with a padding of 0
}
