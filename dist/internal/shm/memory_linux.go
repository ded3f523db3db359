package shm

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// folder is where Linux keeps files in memory.
const folder = "/dev/shm"

// Create makes zeroed memory of so many bytes, for Open under a name that nobody has used.
// All of it is reserved: where the folder is full that is an error here, and not the end of
// a process that writes to it later.
func Create(bytes int) (m *Memory, name string, err error) {
	f, err := os.CreateTemp(folder, "cascade-")
	if err != nil {
		return nil, "", fmt.Errorf("shm: %w", err)
	}
	defer func() {
		f.Close()
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err := reserve(f, bytes); err != nil {
		return nil, "", fmt.Errorf("shm: %d bytes in %s: %w", bytes, folder, err)
	}
	m, err = attach(f, bytes)
	return m, filepath.Base(f.Name()), err
}

// reserve begins again when a signal, such as those of Go to its own threads, interrupts it.
// Many versions of Linux let any signal do that in /dev/shm, and undo what was done.
func reserve(f *os.File, bytes int) error {
	for {
		if err := unix.Fallocate(int(f.Fd()), 0, 0, int64(bytes)); err != unix.EINTR {
			return err
		}
	}
}

// Open is the memory that another process has made with so many bytes.
func Open(name string, bytes int) (*Memory, error) {
	f, err := os.OpenFile(filepath.Join(folder, name), os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("shm: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("shm: %w", err)
	}
	if info.Size() != int64(bytes) {
		return nil, fmt.Errorf("shm: %s has %d bytes, expected %d", f.Name(), info.Size(), bytes)
	}
	return attach(f, bytes)
}

func attach(f *os.File, bytes int) (*Memory, error) {
	b, err := unix.Mmap(int(f.Fd()), 0, bytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("shm: %d bytes of %s: %w", bytes, f.Name(), err)
	}
	return &Memory{b}, nil
}

// Remove takes the name away. The memory stays until the last process has closed it or has
// ended, in whatever way.
func Remove(name string) error {
	if err := os.Remove(filepath.Join(folder, name)); err != nil {
		return fmt.Errorf("shm: %w", err)
	}
	return nil
}

// Close gives the memory back, which must not be used any more.
func (m *Memory) Close() error {
	b := m.bytes
	m.bytes = nil
	if err := unix.Munmap(b); err != nil {
		return fmt.Errorf("shm: %w", err)
	}
	return nil
}
