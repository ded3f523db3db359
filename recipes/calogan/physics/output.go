package physics

import (
	"encoding/json"
	"fmt"
	"io"

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

func writeFile(path string, write func(io.Writer) error) error {
	if err := atomicfile.Write(path, write); err != nil {
		return fmt.Errorf("physics: %w", err)
	}
	return nil
}
