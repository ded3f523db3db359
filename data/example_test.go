package data_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/shard"
	"github.com/cascade-hpc/cascade/data/source"
)

// write makes a file of rows whose x is (row, 2·row) and whose label is row modulo 3.
func write(path string, rows int) error {
	fields := []source.Field{{Name: "x", Shape: []int{2}}, {Name: "label", Kind: source.Uint8}}
	var c source.Columns
	c.Reset(fields, rows)
	x := source.Float32View(c.All(0))
	for row := range rows {
		x[2*row], x[2*row+1] = float32(row), float32(2*row)
		c.All(1)[row] = byte(row % 3)
	}
	w, err := shard.Create(path, fields...)
	if err != nil {
		return err
	}
	defer w.Abort()
	if err := w.AppendColumns(&c); err != nil {
		return err
	}
	return w.Close()
}

// A training that is interrupted, and goes on in batches of another size.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := write(filepath.Join(dir, "a.shard"), 100); err != nil {
		log.Fatal(err)
	}
	all := data.Open(filepath.Join(dir, "*.shard")).Fields("x").Ints("label")
	train := all.Split(data.Part(0, 0.9)).Shuffle(42, 0)

	first, err := train.Batch(16, data.Drop).Loader()
	if err != nil {
		log.Fatal(err)
	}
	defer first.Close()
	fmt.Println(first.Rows(), "rows,", first.Steps(), "steps in an epoch")
	seen := map[int]bool{}
	for range 3 {
		batch, err := first.Next(ctx)
		if err != nil {
			log.Fatal(err)
		}
		x, labels := batch.Float32("x"), batch.Int64("label")
		for slot, row := range batch.Rows {
			if x[2*slot+1] != float32(2*row) || labels[slot] != int64(row%3) {
				log.Fatal("not the row that it says")
			}
			seen[row] = true
		}
	}
	saved := first.Position()
	fmt.Printf("saved: epoch %d, row %d\n", saved.Epoch, saved.Row)

	second, err := train.Batch(10, data.Pad).Loader()
	if err != nil {
		log.Fatal(err)
	}
	defer second.Close()
	if err := second.Seek(saved); err != nil {
		log.Fatal(err)
	}
	for batch, err := range second.Epoch(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		for slot, row := range batch.Rows {
			if batch.Mask[slot] == 1 && seen[row] {
				log.Fatal("twice")
			} else if batch.Mask[slot] == 1 {
				seen[row] = true
			}
		}
	}
	fmt.Println(len(seen), "rows were seen, each once")
	// Output:
	// 90 rows, 5 steps in an epoch
	// saved: epoch 0, row 48
	// 90 rows were seen, each once
}

// The moments of each column, for a normalisation.
func ExampleStatistics() {
	src, err := source.Memory(source.Column{Name: "x", Shape: []int{2}, Data: []float32{1, 10, 2, 20, 3, 30}})
	if err != nil {
		log.Fatal(err)
	}
	m, err := data.Statistics(context.Background(), data.From(src).Fields("x"), "x", 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("mean %.2f, deviation %.2f, from %g to %g, of %d rows\n", m.Mean, m.Std, m.Min, m.Max, m.Count)
	// Output:
	// mean [2.00 20.00], deviation [0.82 8.16], from [1 10] to [3 30], of 3 rows
}
