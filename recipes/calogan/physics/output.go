package physics

import (
	"fmt"
	"io"

	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// WriteJSON writes the whole report, indented. The file appears complete or not
// at all.
func (r *Report) WriteJSON(path string) error {
	return wrapped(atomicfile.WriteJSON(path, r))
}

func writeFile(path string, write func(io.Writer) error) error {
	return wrapped(atomicfile.Write(path, write))
}

func wrapped(err error) error {
	if err != nil {
		return fmt.Errorf("physics: %w", err)
	}
	return nil
}
