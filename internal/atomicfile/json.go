package atomicfile

import (
	"encoding/json"
	"io"
)

// WriteJSON makes the file path from v, indented.
func WriteJSON(path string, v any) error {
	return Write(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(v)
	})
}
