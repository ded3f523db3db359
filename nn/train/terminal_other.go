//go:build !linux && !darwin

package train

import (
	"io"
	"os"
)

// columns is the width of the terminal that w is, if it is one: the usual 80.
func columns(w io.Writer) (int, bool) {
	f, ok := w.(*os.File)
	if !ok {
		return 0, false
	}
	info, err := f.Stat()
	return 80, err == nil && info.Mode()&os.ModeCharDevice != 0
}
