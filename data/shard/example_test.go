package shard_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/data/shard"
	"github.com/cascade-hpc/cascade/data/source"
)

func Example() {
	dir, err := os.MkdirTemp("", "cascade")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "digits.shard")

	fields := []source.Field{{Name: "image", Kind: source.Uint8, Shape: []int{2, 2}}, {Name: "name", Kind: source.Bytes}}
	w, err := shard.Create(path, fields...)
	if err != nil {
		log.Fatal(err)
	}
	defer w.Abort() // does nothing after Close
	var rows source.Columns
	rows.Reset(fields, 2)
	copy(rows.All(0), []byte{1, 2, 3, 4, 5, 6, 7, 8})
	rows.Append(1, []byte("seven"))
	rows.Append(1, []byte("three"))
	w.AppendColumns(&rows)
	w.SetAttr("made by", "hand")
	if err := w.Close(); err != nil { // also reports what failed before
		log.Fatal(err)
	}

	src, err := shard.Open([]string{path}, "name", "image")
	if err != nil {
		log.Fatal(err)
	}
	defer src.Close()
	if err := src.Read(&rows, source.Range{From: 1, To: 2}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(src.Fields(), src.Rows())
	fmt.Println(string(rows.Row(0, 0)), rows.Row(1, 0))
	// Output:
	// [name bytes image uint8 (2, 2)] 2
	// three [5 6 7 8]
}
