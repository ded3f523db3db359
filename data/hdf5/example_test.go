//go:build cgo && !nohdf5

package hdf5_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
)

func ExampleCreate() {
	dir, err := os.MkdirTemp("", "cascade")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "showers.h5")

	w, err := hdf5.Create(path, source.Field{Name: "ECAL", Shape: []int{2, 2}}, source.Field{Name: "energy"})
	if err != nil {
		log.Fatal(err)
	}
	defer w.Abort() // does nothing after Close
	w.Append("ECAL", []float32{1, 2, 3, 4, 5, 6, 7, 8})
	w.Append("energy", []float32{10, 26})
	w.SetAttr("particle", "electron")
	if err := w.Close(); err != nil { // also reports what failed before
		log.Fatal(err)
	}

	f, err := hdf5.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	for _, info := range f.Datasets() {
		fmt.Println(info)
	}
	ecal, err := f.Dataset("ECAL")
	if err != nil {
		log.Fatal(err)
	}
	row := make([]float32, ecal.RowSize())
	if err := ecal.ReadRows(row, 1, 1); err != nil {
		log.Fatal(err)
	}
	fmt.Println(row)
	_, err = f.Dataset("HCAL")
	fmt.Println(err != nil)
	// Output:
	// "ECAL" float32 (2, 2, 2)
	// "energy" float32 (2,)
	// [5 6 7 8]
	// true
}

// Files from elsewhere are read whole in a child process first: one that would
// crash the program is an error.
func ExampleStrict() {
	found, err := hdf5.Strict{}.Verify(context.Background(), "testdata/latest.h5")
	if err != nil {
		log.Fatal(err)
	}
	for _, v := range found {
		fmt.Println(v.Path, v.Datasets, "data sets,", len(v.Unchecked), "without a checksum")
	}
	src, err := hdf5.Strict{}.OpenSource([]string{"testdata/shower_0.h5", "testdata/shower_1.h5"}, "ECAL")
	if err != nil {
		log.Fatal(err)
	}
	defer src.Close()
	fmt.Println(src.Rows(), "rows")
	// Output:
	// testdata/latest.h5 12 data sets, 8 without a checksum
	// 19 rows
}
