package safetensors

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// maxHeader is the largest header, in bytes, that any implementation accepts.
const maxHeader = 100_000_000

// load reads and checks the header of a file of the given size.
func (f *File) load(size int64) error {
	if size < 8 {
		return fmt.Errorf("%w: %d bytes, where the length of the header alone takes 8", ErrFormat, size)
	}
	var prefix [8]byte
	if err := readAt(f.r, prefix[:], 0); err != nil {
		return err
	}
	length := binary.LittleEndian.Uint64(prefix[:])
	if length > maxHeader {
		return fmt.Errorf("%w: a header of %d bytes is announced: at most %d are allowed", ErrFormat, length, maxHeader)
	}
	f.start = 8 + int64(length)
	if f.start > size {
		return fmt.Errorf("%w: truncated: a header of %d bytes is announced and %d bytes follow", ErrFormat, length, size-8)
	}
	text := make([]byte, length)
	if err := readAt(f.r, text, 8); err != nil {
		return err
	}
	var err error
	if f.metadata, f.tensors, err = parse(text); err != nil {
		return err
	}
	if err := checkPlaces(f.tensors, size-f.start); err != nil {
		return err
	}
	slices.SortFunc(f.tensors, func(a, b Info) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}

func readAt(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: it ends inside the header", ErrFormat)
	}
	return err
}

// checkPlaces holds that the tensors tile the data: each as long as its shape
// says, none overlapping, no byte between, before or after.
func checkPlaces(tensors []Info, length int64) error {
	slices.SortFunc(tensors, func(a, b Info) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end), cmp.Compare(a.Name, b.Name))
	})
	var end int64
	for _, t := range tensors {
		want, ok := bytesOf(t.Shape, sizes[t.DType])
		switch {
		case !ok:
			return fmt.Errorf("tensor %q: %w: %s has more bytes than can be counted", t.Name, ErrFormat, t.kind())
		case t.end < t.begin || t.bytes() != want:
			return fmt.Errorf("tensor %q: %w: data_offsets [%d,%d] where %s takes %d bytes", t.Name, ErrFormat, t.begin, t.end, t.kind(), want)
		case t.begin > end:
			return fmt.Errorf("tensor %q: %w: it begins at byte %d of the data: a hole after byte %d", t.Name, ErrFormat, t.begin, end)
		case t.begin < end:
			return fmt.Errorf("tensor %q: %w: it begins at byte %d of the data: another tensor ends at %d", t.Name, ErrFormat, t.begin, end)
		case t.end > length:
			return fmt.Errorf("tensor %q: %w: truncated: it ends at byte %d of the data, of which there are %d", t.Name, ErrFormat, t.end, length)
		}
		end = t.end
	}
	if end != length {
		return fmt.Errorf("%w: %d bytes of data where the tensors take %d", ErrFormat, length, end)
	}
	return nil
}
