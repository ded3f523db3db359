package nih

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// The files with the official split.
const (
	TrainValList = "train_val_list.txt"
	TestList     = "test_list.txt"
)

// readList reads the names of images, one a line.
func readList(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var names []string
	lines, number := map[string]int{}, 0
	for line := range strings.Lines(string(text)) {
		number++
		name := strings.TrimSpace(line)
		if name == "" {
			continue
		}
		if before := lines[name]; before > 0 {
			return nil, fmt.Errorf("nih: %s: %w: %s stands in lines %d and %d", path, source.ErrFormat, name, before, number)
		}
		lines[name] = number
		names = append(names, name)
	}
	if names == nil {
		return nil, fmt.Errorf("nih: %s: %w: there are no names in it", path, source.ErrFormat)
	}
	return names, nil
}

// WriteList writes one of the two lists into dir.
func WriteList(dir, list string, names []string) error {
	return atomicfile.Write(filepath.Join(dir, list), func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Join(names, "\n")+"\n")
		return err
	})
}
