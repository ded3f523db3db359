package physics

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// WriteJSON writes the whole report, indented. The file appears complete or not
// at all.
func (r *Report) WriteJSON(path string) error {
	return writeFile(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	})
}

// writeFile publishes what write produces under path.
func writeFile(path string, write func(io.Writer) error) (err error) {
	temp := atomicfile.Temp(path)
	f, err := os.Create(temp)
	if err != nil {
		return fmt.Errorf("physics: %w", err)
	}
	w := bufio.NewWriter(f)
	if err := errors.Join(write(w), w.Flush(), f.Close()); err != nil {
		return fmt.Errorf("physics: %s: %w", path, errors.Join(err, os.Remove(temp)))
	}
	if err := atomicfile.Publish(temp, path); err != nil {
		return fmt.Errorf("physics: %w", err)
	}
	return nil
}
