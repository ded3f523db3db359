package dataset_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/nn/plan"
	"github.com/cascade-hpc/cascade/recipes/resnet/dataset"
)

// A folder of IDX files, as MNIST and Fashion-MNIST are published.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	write(dir, "train", 100)
	write(dir, "t10k", 20)

	set, err := dataset.Open(context.Background(), dir, dataset.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer set.Close()
	loader, err := set.Training(plan.Full).Shuffle(1, 0).Batch(32, data.Drop).Loader()
	if err != nil {
		log.Fatal(err)
	}
	defer loader.Close()
	batch, err := loader.Next(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	pixels, labels := set.Batch(batch)
	fmt.Println(set.Classes, "classes,", loader.Steps(), "steps an epoch")
	fmt.Println(len(pixels), "pixels,", len(labels), "labels in a batch")
	// Output:
	// 10 classes, 3 steps an epoch
	// 25088 pixels, 32 labels in a batch
}

func write(dir, part string, rows int) {
	images := []byte{0, 0, 8, 3}
	for _, n := range []int{rows, 28, 28} {
		images = binary.BigEndian.AppendUint32(images, uint32(n))
	}
	labels := binary.BigEndian.AppendUint32([]byte{0, 0, 8, 1}, uint32(rows))
	for row := range rows {
		for i := range 28 * 28 {
			images = append(images, byte(row*i))
		}
		labels = append(labels, byte(row%10))
	}
	for name, b := range map[string][]byte{"-images-idx3-ubyte": images, "-labels-idx1-ubyte": labels} {
		if err := os.WriteFile(filepath.Join(dir, part+name), b, 0o600); err != nil {
			log.Fatal(err)
		}
	}
}
