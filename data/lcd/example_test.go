//go:build cgo && !nohdf5

package lcd_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/lcd"
	"github.com/cascade-hpc/cascade/data/source"
)

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "cascade")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	w, err := hdf5.Create(filepath.Join(dir, "EleEscan_1_1.h5"),
		source.Field{Name: "ECAL", Shape: []int{25, 25, 25}}, source.Field{Name: "target", Shape: []int{2}})
	if err != nil {
		log.Fatal(err)
	}
	w.Append("ECAL", make([]float32, 3*25*25*25))
	w.Append("target", []float32{11, 100, 11, 250, 11, 500})
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}

	src, err := lcd.Open(lcd.Fixed, filepath.Join(dir, "EleEscan_*.h5"))
	if err != nil {
		log.Fatal(err)
	}
	defer src.Close()
	var rows source.Columns
	if err := src.Read(&rows, source.Range{From: 0, To: src.Rows()}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(src.Fields())
	fmt.Println(source.Float32View(rows.All(1)))
	// Output:
	// [shower float32 (1, 25, 25, 25) energy float32 sum float32]
	// [1 2.5 5]
}
