package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// metadataKey is the header's one entry that is not a tensor.
const metadataKey = "__metadata__"

// Save writes a file whole or not at all: after an error, path keeps what it
// had. See [Write].
func Save(path string, metadata map[string]string, tensors ...Tensor) error {
	ordered, header, err := plan(metadata, tensors)
	if err != nil {
		return fmt.Errorf("safetensors: %s: %w", path, err)
	}
	err = atomicfile.Write(path, func(w io.Writer) error { return emit(w, header, ordered) })
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	return nil
}

// Write writes tensors with their metadata, which may be nil. The same tensors
// give the same bytes in whatever order they come. Errors: ErrName, ErrShape and
// those of w.
func Write(w io.Writer, metadata map[string]string, tensors ...Tensor) error {
	ordered, header, err := plan(metadata, tensors)
	if err == nil {
		err = emit(w, header, ordered)
	}
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	return nil
}

// plan checks everything that is to be written, gives each tensor its place, and
// makes the header.
func plan(metadata map[string]string, tensors []Tensor) ([]Tensor, []byte, error) {
	for key, value := range metadata {
		if !utf8.ValidString(key) || !utf8.ValidString(value) {
			return nil, nil, fmt.Errorf("metadata %q: %w: its text is not UTF-8", key, ErrName)
		}
	}
	ordered := slices.Clone(tensors)
	slices.SortFunc(ordered, func(a, b Tensor) int {
		return cmp.Or(cmp.Compare(sizes[b.DType], sizes[a.DType]), cmp.Compare(a.Name, b.Name))
	})
	names := make(map[string]bool, len(ordered))
	var end int64
	for i := range ordered {
		t := &ordered[i]
		if err := t.check(names); err != nil {
			return nil, nil, err
		}
		names[t.Name] = true
		t.begin = end
		t.end = t.begin + int64(t.length)*sizes[t.DType]
		end = t.end
	}
	header, err := header(metadata, ordered, maxHeader)
	return ordered, header, err
}

func (t *Tensor) check(names map[string]bool) error {
	switch {
	case t.encode == nil:
		return fmt.Errorf("tensor %q: %w: it was not made with Of", t.Name, ErrType)
	case t.Name == metadataKey, !utf8.ValidString(t.Name):
		return fmt.Errorf("tensor %q: %w: it must be UTF-8 and not %q", t.Name, ErrName, metadataKey)
	case names[t.Name]:
		return fmt.Errorf("tensor %q: %w: two tensors have it", t.Name, ErrName)
	}
	if n, ok := bytesOf(t.Shape, 1); !ok || n != int64(t.length) {
		return fmt.Errorf("tensor %q: %w: %v for %d elements", t.Name, ErrShape, t.Shape, t.length)
	}
	return nil
}

// entry is the header's description of a tensor.
type entry struct {
	DType       DType    `json:"dtype"`
	Shape       []int    `json:"shape"`
	DataOffsets [2]int64 `json:"data_offsets"`
}

// header is the JSON text in the order of the data, which a map would lose,
// preceded by its length and padded so that the data are aligned. The text has
// at most limit bytes.
func header(metadata map[string]string, tensors []Tensor, limit int) ([]byte, error) {
	var b bytes.Buffer
	b.Write(make([]byte, 8))
	separator := "{"
	member := func(key string, value any) error {
		b.WriteString(separator)
		separator = ","
		k, err := json.Marshal(key)
		if err != nil {
			return err
		}
		v, err := json.Marshal(value)
		b.Write(k)
		b.WriteByte(':')
		b.Write(v)
		return err
	}
	if len(metadata) > 0 {
		if err := member(metadataKey, metadata); err != nil {
			return nil, err
		}
	}
	for _, t := range tensors {
		shape := append([]int{}, t.Shape...) // nil would be written as null
		if err := member(t.Name, entry{t.DType, shape, [2]int64{t.begin, t.end}}); err != nil {
			return nil, err
		}
	}
	if separator == "{" {
		b.WriteByte('{')
	}
	b.WriteByte('}')
	for b.Len()%8 != 0 {
		b.WriteByte(' ')
	}
	length := b.Len() - 8
	if length > limit {
		return nil, fmt.Errorf("a header of %d bytes: no reader takes more than %d", length, limit)
	}
	binary.LittleEndian.PutUint64(b.Bytes(), uint64(length))
	return b.Bytes(), nil
}

func emit(w io.Writer, header []byte, tensors []Tensor) error {
	if _, err := w.Write(header); err != nil {
		return err
	}
	buffer := make([]byte, 0, chunk)
	for _, t := range tensors {
		if err := t.encode(w, buffer); err != nil {
			return fmt.Errorf("tensor %q: %w", t.Name, err)
		}
	}
	return nil
}
