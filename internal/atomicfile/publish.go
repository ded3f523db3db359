package atomicfile

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
)

// Temp is a fresh name for a temporary file in path's directory. It makes no
// file.
func Temp(path string) string {
	dir, base := filepath.Split(path)
	return filepath.Join(dir, fmt.Sprintf(".%s.tmp-%016x", base, rand.Uint64()))
}

// Publish brings the closed file temp to disk and renames it to path, in the
// same directory. After an error temp is gone and path holds what it held
// before, with the exception that [File.Commit] states.
func Publish(temp, path string) error {
	if err := syncPath(temp); err != nil {
		os.Remove(temp)
		return failed(path, "sync", err)
	}
	return rename(temp, path)
}

// rename gives the synced file temp its name, and makes the name last.
func rename(temp, path string) error {
	if err := os.Rename(temp, path); err != nil {
		os.Remove(temp)
		return failed(path, "rename", err)
	}
	err := syncPath(filepath.Dir(path))
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil // some network file systems have no sync of directories
	}
	if err != nil {
		return failed(path, "sync directory", err)
	}
	return nil
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func failed(path, step string, err error) error {
	return fmt.Errorf("atomicfile: %s: %s: %w", path, step, err)
}
