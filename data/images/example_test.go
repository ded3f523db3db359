//go:build cgo && !nohdf5

package images_test

import (
	"context"
	"fmt"
	"log"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/augment"
	"github.com/cascade-hpc/cascade/data/images"
)

// One file holds images in two forms: JPEG files as strings of bytes, and arrays
// with the channels last.
func Example() {
	for _, field := range []string{"train_jpg", "train_img"} {
		loader, err := data.Open("testdata/*.h5").
			Raw(field).Ints("train_labels").
			Map(images.View{Field: field, Height: 8, Width: 8, Short: 10}, 0).
			Map(augment.Scale{Field: field, Factor: 1. / 255}, 0).
			Batch(2, data.Drop).
			Loader()
		if err != nil {
			log.Fatal(err)
		}
		defer loader.Close()
		for batch, err := range loader.Epoch(context.Background()) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(field, batch.Int64("train_labels"), len(batch.Float32(field)))
		}
	}
	// Output:
	// train_jpg [3 1] 384
	// train_jpg [4 1] 384
	// train_img [3 1] 384
	// train_img [4 1] 384
}
