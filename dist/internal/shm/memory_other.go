//go:build !linux

package shm

// Create returns ErrUnsupported.
func Create(int) (*Memory, string, error) { return nil, "", ErrUnsupported }

// Open returns ErrUnsupported.
func Open(string, int) (*Memory, error) { return nil, ErrUnsupported }

// Remove returns ErrUnsupported.
func Remove(string) error { return ErrUnsupported }

// Close does nothing.
func (m *Memory) Close() error { return nil }
