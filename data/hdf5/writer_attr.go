package hdf5

import (
	"fmt"
	"os"
	"strings"

	"github.com/cascade-hpc/cascade/data/source"
)

// SetAttr sets an attribute of the file: a string, an int, int64 or float64.
// The name "complete" is the writer's own. Errors: source.ErrType.
func (w *Writer) SetAttr(name string, value any) error {
	if name == completeAttr && !w.closed {
		return w.fail(fmt.Errorf("attribute %q: %w: the name cannot be used", name, source.ErrType))
	}
	return w.setAttr("", name, value)
}

// SetFieldAttr sets an attribute of a data set, as SetAttr does. Errors also:
// source.ErrMissing.
func (w *Writer) SetFieldAttr(field, name string, value any) error {
	if w.find(field) == nil && !w.closed {
		return w.fail(fmt.Errorf("%w: no data set %q was created", source.ErrMissing, field))
	}
	return w.setAttr(field, name, value)
}

func (w *Writer) setAttr(object, name string, value any) error {
	if w.closed {
		return fmt.Errorf("hdf5: %s: %w", w.path, os.ErrClosed)
	}
	switch v := value.(type) {
	case int:
		value = int64(v)
	case string:
		if strings.ContainsRune(v, 0) {
			return w.fail(fmt.Errorf("attribute %q: %w: its text holds a zero byte", name, source.ErrType))
		}
	case int64, float64:
	default:
		return w.fail(fmt.Errorf("attribute %q: %w %T: a string, an int or a float64 can be stored", name, source.ErrType, value))
	}
	if name == "" {
		return w.fail(fmt.Errorf("attribute %q: %w: the name cannot be used", name, source.ErrType))
	}
	if err := w.h5.SetAttr(object, name, value); err != nil {
		return w.fail(fmt.Errorf("attribute %q: %w", name, err))
	}
	return nil
}
