package filter_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"log"

	"github.com/cascade-hpc/cascade/data/internal/filter"
)

// Two elements of four bytes, shuffled and deflated.
func Example() {
	var stored bytes.Buffer
	w := zlib.NewWriter(&stored)
	if _, err := w.Write([]byte("ADBECFDG")); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	steps := []filter.Step{{ID: 2, Params: []uint32{4}}, {ID: 1, Params: []uint32{6}}}
	p, err := filter.New(steps, 8, 4)
	if err != nil {
		log.Fatal(err)
	}
	chunk := make([]byte, 8)
	if err := p.Decode(chunk, stored.Bytes(), 0); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", chunk)
	// Output: ABCDDEFG
}
