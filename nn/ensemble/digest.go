package ensemble

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// measure notes size and hash of the member's file, which lies at path.
func (m *Member) measure(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return err
	}
	m.SHA256, m.Bytes = hex.EncodeToString(h.Sum(nil)), n
	return nil
}

// verify compares the member's file with what was noted.
func (m Member) verify(dir string) error {
	found := m
	path := filepath.Join(dir, m.File)
	err := found.measure(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: member %q: %w", ErrDamaged, m.Name, err)
	case err != nil:
		return fmt.Errorf("member %q: %w", m.Name, err)
	case found.Bytes != m.Bytes:
		return fmt.Errorf("%w: member %q: %s has %d bytes: %d are expected", ErrDamaged, m.Name, path, found.Bytes, m.Bytes)
	case found.SHA256 != m.SHA256:
		return fmt.Errorf("%w: member %q: %s has the sha256 %s: %s is expected", ErrDamaged, m.Name, path, found.SHA256, m.SHA256)
	}
	return nil
}
