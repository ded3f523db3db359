package idx_test

import (
	"context"
	"fmt"
	"log"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/augment"
	"github.com/cascade-hpc/cascade/data/idx"
)

// Four images of 2 x 3, gzip'ed, in batches of two.
func Example() {
	src, err := idx.Open(
		idx.Column{Name: "image", Path: "testdata/float32.idx.gz", Channel: true},
		idx.Column{Name: "again", Path: "testdata/uint8.idx"},
	)
	if err != nil {
		log.Fatal(err)
	}
	defer src.Close()
	loader, err := data.From(src).
		Fields("image").
		Raw("again").
		Map(augment.Flip{Field: "image", P: 1}, 1).
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
		fmt.Println(batch.Rows, batch.Float32("image")[:3], batch.Uint8("again")[:3])
	}
	// Output:
	// [0 1] [1.5 -2 -5.5] [0 7 14]
	// [2 3] [-2.5 5.5 2] [15 22 6]
}
