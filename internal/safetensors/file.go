package safetensors

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// File is a file open for reading. Its methods and [Read] may be used from
// several goroutines at once.
type File struct {
	name     string
	r        io.ReaderAt
	closer   io.Closer
	start    int64 // of the data, from the start of the file
	metadata map[string]string
	tensors  []Info // by name
}

// Open opens a file and checks all of its header: nothing in it can ask for
// memory beyond the file's own size, or for bytes of another tensor. Errors:
// ErrFormat and those of the file system.
func Open(path string) (*File, error) {
	r, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	f, err := open(path, r)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	f.closer = r
	return f, nil
}

func open(path string, r *os.File) (*File, error) {
	info, err := r.Stat()
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("safetensors: %s: %w: it is a %v", path, ErrFormat, info.Mode().Type())
	}
	return NewFile(path, r, info.Size())
}

// NewFile is Open for size bytes that r gives; messages call them name.
func NewFile(name string, r io.ReaderAt, size int64) (*File, error) {
	f := &File{name: name, r: r}
	if err := f.load(size); err != nil {
		return nil, fmt.Errorf("safetensors: %s: %w", name, err)
	}
	return f, nil
}

// Close closes the file.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	if err := f.closer.Close(); err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	return nil
}

// Metadata is a copy of the file's strings; it is empty where there are none.
func (f *File) Metadata() map[string]string { return maps.Clone(f.metadata) }

// Tensors lists what the file holds, by name.
func (f *File) Tensors() []Info { return slices.Clone(f.tensors) }

// Info describes one tensor. Errors: ErrMissing.
func (f *File) Info(name string) (Info, error) {
	i, ok := slices.BinarySearchFunc(f.tensors, name, func(t Info, name string) int { return cmp.Compare(t.Name, name) })
	if !ok {
		return Info{}, fmt.Errorf("safetensors: %s: tensor %q: %w: there are %d others", f.name, name, ErrMissing, len(f.tensors))
	}
	return f.tensors[i], nil
}

// Read fills dst with the elements of a tensor, in row-major order. The types
// must agree, and len(dst) must be the tensor's; after an error dst may be partly
// overwritten only if the file could not be read to the end. Errors: ErrMissing,
// ErrType, ErrShape, ErrFormat if the file has been cut short meanwhile.
func Read[T Element](f *File, name string, dst []T) error {
	t, err := f.Info(name)
	if err != nil {
		return err
	}
	if want := dtypeOf[T](); t.DType != want {
		return fmt.Errorf("safetensors: %s: tensor %q: %w: it is %s, not %s", f.name, name, ErrType, t.kind(), want)
	}
	if len(dst) != t.Len() {
		return fmt.Errorf("safetensors: %s: tensor %q: %w: it is %s, of %d elements, not %d", f.name, name, ErrShape, t.kind(), t.Len(), len(dst))
	}
	err = decode(io.NewSectionReader(f.r, f.start+t.begin, t.bytes()), dst)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("%w: it ends inside the data", ErrFormat)
	}
	if err != nil {
		return fmt.Errorf("safetensors: %s: tensor %q: %w", f.name, name, err)
	}
	return nil
}

// Load is Read into a new slice.
func Load[T Element](f *File, name string) ([]T, error) {
	t, err := f.Info(name)
	if err != nil {
		return nil, err
	}
	if t.DType != dtypeOf[T]() {
		return nil, Read(f, name, []T(nil))
	}
	data := make([]T, t.Len())
	return data, Read(f, name, data)
}
