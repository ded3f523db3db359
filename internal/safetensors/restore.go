package safetensors

import (
	"errors"
	"fmt"
	"slices"
)

// Target is memory that [Restore] fills with a tensor of a file.
type Target struct {
	Name  string
	Shape []int
	Data  []float32
}

// Restore fills every target from a file that holds exactly them. It is all or
// nothing: the file is checked, and read to its end, before the first target is
// changed. The error lists every tensor that is missing, that is not expected, and
// that is of another type or shape. Errors: ErrMissing, ErrShape, ErrType, and those
// of Open.
func Restore(path string, targets []Target) (metadata map[string]string, err error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.match(targets); err != nil {
		return nil, err
	}
	data := make([][]float32, len(targets))
	for i, t := range targets {
		if data[i], err = Load[float32](f, t.Name); err != nil {
			return nil, err
		}
	}
	for i, t := range targets {
		copy(t.Data, data[i])
	}
	return f.Metadata(), nil
}

// match compares what the file holds with what is wanted.
func (f *File) match(targets []Target) error {
	var errs []error
	wanted := map[string]bool{}
	for _, t := range targets {
		wanted[t.Name] = true
		info, err := f.Info(t.Name)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("tensor %q: %w", t.Name, ErrMissing))
		case info.DType != F32:
			errs = append(errs, fmt.Errorf("tensor %q: %w: it is %s, not %s %v", t.Name, ErrType, info.kind(), F32, t.Shape))
		case !slices.Equal(info.Shape, t.Shape) || info.Len() != len(t.Data):
			errs = append(errs, fmt.Errorf("tensor %q: %w: it is %v, not %v", t.Name, ErrShape, info.Shape, t.Shape))
		}
	}
	for _, info := range f.tensors {
		if !wanted[info.Name] {
			errs = append(errs, fmt.Errorf("tensor %q of %v is not expected: %w", info.Name, info.Shape, ErrShape))
		}
	}
	if errs == nil {
		return nil
	}
	const shown = 10
	more := ""
	if len(errs) > shown {
		more = fmt.Sprintf("\nand %d more", len(errs)-shown)
		errs = errs[:shown]
	}
	return fmt.Errorf("safetensors: %s does not fit:\n%w%s", f.name, errors.Join(errs...), more)
}
