package source

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Glob lists the files that names and patterns (path.Match) stand for, in
// alphabetical order and each once, whatever the order they are given in: the
// order of rows must not depend on a file system. A pattern without a match is
// an error. The name of a file that exists is no pattern, whatever characters it
// has. Errors: ErrMissing.
func Glob(patterns ...string) ([]string, error) {
	if len(patterns) == 0 {
		return nil, fmt.Errorf("source: %w: no files were named", ErrMissing)
	}
	var paths []string
	for _, p := range patterns {
		if _, err := os.Stat(p); err == nil {
			paths = append(paths, p)
			continue
		}
		found, err := filepath.Glob(p)
		if err != nil {
			return nil, fmt.Errorf("source: the pattern %q: %w", p, err)
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("source: %w: no file matches %q", ErrMissing, p)
		}
		paths = append(paths, found...)
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}
