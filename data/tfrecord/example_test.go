package tfrecord_test

import (
	"context"
	"fmt"
	"log"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/data/tfrecord"
)

// What TensorFlow would parse with FixedLenFeature and decode_raw.
func Example() {
	src, err := tfrecord.Open([]string{"testdata/packed.tfrecord"},
		source.Field{Name: "image", Shape: []int{1, 2, 3}, Kind: source.Uint8},
		source.Field{Name: "label", Kind: source.Int64})
	if err != nil {
		log.Fatal(err)
	}
	defer src.Close()
	loader, err := data.From(src).Fields("image").Ints("label").Batch(2, data.Pad).Loader()
	if err != nil {
		log.Fatal(err)
	}
	defer loader.Close()
	for batch, err := range loader.Epoch(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(batch.Int64("label"), batch.Float32("image")[:6], batch.Mask)
	}
	// Output:
	// [-2 -1] [0 1 2 3 4 5] [1 1]
	// [0 1] [2 3 4 5 6 7] [1 1]
	// [2 0] [4 5 6 7 8 9] [1 0]
}
