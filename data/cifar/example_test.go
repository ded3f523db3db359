package cifar_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/augment"
	"github.com/cascade-hpc/cascade/data/cifar"
)

// The augmentation that residual networks were published with: random crops from
// images with four zeros around, and mirror images.
func Example() {
	dir, err := os.MkdirTemp("", "cifar")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	tenImages := make([]byte, 10*3073) // all of class 0
	if err := os.WriteFile(filepath.Join(dir, "data_batch_1.bin"), tenImages, 0o644); err != nil {
		log.Fatal(err)
	}

	src, err := cifar.Open10(filepath.Join(dir, "data_batch_*.bin"))
	if err != nil {
		log.Fatal(err)
	}
	defer src.Close()
	loader, err := data.From(src).
		Raw("image").Ints("label").
		Shuffle(1, 0).
		Map(augment.Crop{Field: "image", Size: []int{32, 32}, Pad: 4}, 0).
		Map(augment.Flip{Field: "image"}, 0).
		Map(augment.Normalize{Field: "image", Mean: []float64{125.3, 123, 113.9}, Std: []float64{63, 62.1, 66.7}}, 0).
		Batch(4, data.Drop).
		Loader()
	if err != nil {
		log.Fatal(err)
	}
	defer loader.Close()
	for batch, err := range loader.Epoch(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%d %.3f\n", batch.Int64("label"), batch.Float32("image")[:2])
	}
	// Output:
	// [0 0 0 0] [-1.989 -1.989]
	// [0 0 0 0] [-1.989 -1.989]
}
