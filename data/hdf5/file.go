package hdf5

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// completeAttr is 0 while Cascade writes a file and 1 when it is whole. The
// reader refuses a 0.
const completeAttr = "complete"

// File is an HDF5 file open for reading. What it holds was checked when it was
// opened: a data set that asks for another file, an unknown filter or an absurd
// size is listed with the reason and cannot be opened. Its methods may be called
// by several goroutines; reads take turns, because libhdf5 does one thing at a
// time.
//
// libhdf5 trusts the metadata of a file: one that was made to attack it can
// still crash the process. Do not open files from people you do not trust.
type File struct {
	path  string
	h5    *h5.File
	infos []Info

	mu   sync.Mutex // guards open
	open map[string]*Dataset
}

// Open opens the file at path and reads its schema. Errors: those of
// os.Open, source.ErrFormat, source.ErrCorrupt, source.ErrRefused, ErrUnavailable.
func Open(path string) (*File, error) {
	if err := checkSignature(path); err != nil {
		return nil, err
	}
	h, err := h5.Open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	f := &File{path: path, h5: h, open: map[string]*Dataset{}}
	if err := f.readSchema(); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return f, nil
}

func openError(path string, err error) error {
	switch {
	case errors.Is(err, ErrUnavailable):
		return fmt.Errorf("hdf5: %s: %w", path, err)
	case strings.Contains(err.Error(), "unable to lock file"):
		return fmt.Errorf("hdf5: %s: another program has the file open for writing (if none has, set HDF5_USE_FILE_LOCKING=FALSE): %w", path, err)
	case strings.Contains(err.Error(), "already open for write"):
		return fmt.Errorf("hdf5: %s: %w: its writer is still running, or was killed (h5clear -s may save it): %w", path, source.ErrCorrupt, err)
	}
	return fmt.Errorf("hdf5: %s: %w, or truncated: %w", path, source.ErrCorrupt, err)
}

func (f *File) readSchema() error {
	objects, err := f.h5.Objects()
	if errors.Is(err, h5.ErrTooManyObjects) {
		return fmt.Errorf("hdf5: %s: %w: %w", f.path, source.ErrRefused, err)
	}
	if err != nil {
		return fmt.Errorf("hdf5: %s: %w: %w", f.path, source.ErrCorrupt, err)
	}
	for _, o := range objects {
		switch {
		case o.Link == h5.HardLink && !o.Dataset:
			continue
		case o.Link == h5.HardLink:
			f.infos = append(f.infos, f.describe(o.Path))
		default:
			f.infos = append(f.infos, Info{Name: o.Path, Type: "link", Err: linkError(o.Link)})
		}
	}
	done, err := f.Attr(completeAttr)
	if errors.Is(err, source.ErrMissing) {
		return nil // only Cascade's writer marks its files
	}
	if err == nil && done == int64(0) {
		err = fmt.Errorf("hdf5: %s: %w: its writer never finished it", f.path, source.ErrCorrupt)
	}
	return err
}

func (f *File) describe(name string) Info {
	d, err := f.h5.Describe(name)
	if err != nil {
		return Info{Name: name, Type: "unreadable", Err: fmt.Errorf("%w: %w", source.ErrCorrupt, err)}
	}
	return newInfo(name, d)
}

func linkError(l h5.Link) error {
	switch l {
	case h5.SoftLink:
		return fmt.Errorf("%w: it is a soft link, which may lead anywhere; name the data set itself", source.ErrRefused)
	case h5.ExternalLink:
		return fmt.Errorf("%w: it is an external link, to another file; open that file instead", source.ErrRefused)
	}
	return fmt.Errorf("%w: it is a link of unknown kind %d", source.ErrRefused, l)
}

// Path is the name that the file was opened by.
func (f *File) Path() string { return f.path }

// Datasets lists the data sets and links of the file, by name, group after
// group. One whose Err is set cannot be opened.
func (f *File) Datasets() []Info { return slices.Clone(f.infos) }

// Dataset opens a data set by its path in the file. Errors: source.ErrMissing, and
// those of Info.Err: source.ErrType, source.ErrShape, source.ErrRefused, source.ErrCorrupt.
func (f *File) Dataset(name string) (*Dataset, error) {
	name = strings.Trim(name, "/")
	i := slices.IndexFunc(f.infos, func(info Info) bool { return info.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("hdf5: %s: %w: no data set %q; the file has %s", f.path, source.ErrMissing, name, f.contents())
	}
	if err := f.infos[i].Err; err != nil {
		return nil, fmt.Errorf("hdf5: %s: data set %q: %w", f.path, name, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if ds := f.open[name]; ds != nil {
		return ds, nil
	}
	ds, err := openDataset(f, f.infos[i])
	if err != nil {
		return nil, err
	}
	f.open[name] = ds
	return ds, nil
}

func (f *File) contents() string {
	if len(f.infos) == 0 {
		return "none"
	}
	const most = 20
	var names []string
	for _, info := range f.infos {
		if len(names) == most {
			names = append(names, fmt.Sprintf("and %d more", len(f.infos)-most))
			break
		}
		names = append(names, info.String())
	}
	return strings.Join(names, ", ")
}

// Attr returns an attribute of the file's root group as a string, float64 or
// int64, whatever the width and byte order in the file. Errors: source.ErrMissing, and
// source.ErrType for arrays and other types.
func (f *File) Attr(name string) (any, error) { return f.attr("", name) }

func (f *File) attr(object, name string) (any, error) {
	v, err := f.h5.Attr(object, name)
	var failed *h5.Error
	switch {
	case err == nil:
		return v, nil
	case errors.Is(err, h5.ErrNoAttr):
		err = source.ErrMissing
	case errors.As(err, &failed):
		err = fmt.Errorf("%w: %w", source.ErrType, err)
	}
	if object != "" {
		return nil, fmt.Errorf("hdf5: %s: data set %q: attribute %q: %w", f.path, object, name, err)
	}
	return nil, fmt.Errorf("hdf5: %s: attribute %q: %w", f.path, name, err)
}

// Close closes the file and its data sets. A second call does nothing.
func (f *File) Close() error {
	if err := f.h5.Close(); err != nil {
		return fmt.Errorf("hdf5: %s: %w", f.path, err)
	}
	return nil
}
