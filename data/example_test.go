package data_test

import (
	"fmt"
	"log"

	"github.com/cascade-hpc/cascade/data"
)

func Example() {
	energy := data.Column{Field: data.Field{Name: "energy"}, Data: []float32{10, 20, 30, 40, 50, 60, 70, 80, 90, 100}}
	src, err := data.Memory(energy)
	if err != nil {
		log.Fatal(err)
	}
	train, test, err := data.HoldOut(src.Rows(), 0.2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("held out:", test.Len())
	batches, err := data.NewBatches(src, data.Plan{Batch: 3, Rows: train, Shuffle: true, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	dst := map[string][]float32{"energy": make([]float32, 3)}
	for step := range batches.Steps() {
		n, err := batches.Read(0, step, dst)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(dst["energy"][:n])
	}
	// Output:
	// held out: 2
	// [40 20 30]
	// [10 50 60]
	// [70 80]
}

func ExampleShuffle() {
	fmt.Println(data.Shuffle(1, 0, 8, 1))
	fmt.Println(data.Shuffle(1, 1, 8, 1), "another epoch")
	fmt.Println(data.Shuffle(1, 1, 8, 2), "in blocks of 2")
	// Output:
	// [3 1 2 0 4 5 6 7]
	// [0 1 7 2 6 3 4 5] another epoch
	// [0 1 2 3 6 7 4 5] in blocks of 2
}
