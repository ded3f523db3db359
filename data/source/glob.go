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
			paths = append(paths, filepath.Clean(p))
			continue
		}
		found, err := filepath.Glob(p)
		if err != nil {
			return nil, fmt.Errorf("source: the pattern %q: %w", p, err)
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("source: %w: no file matches %q", ErrMissing, p)
		}
		for _, f := range found {
			paths = append(paths, filepath.Clean(f))
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

// CheckRegular says whether a path leads to a regular file. To open anything else,
// a named pipe for one, may wait for ever. Errors: those of os.Stat, ErrFormat.
func CheckRegular(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: %w: it is no file to read, not a regular file but %s", path, ErrFormat, info.Mode().Type())
	}
	return nil
}
