package hdf5

import (
	"errors"
	"fmt"
	"os"
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
// by several goroutines. Elements that are stored as the machine has them, and
// chunks whose filters package data knows, are read at the same time; what only
// libhdf5 can decode, in turn.
//
// libhdf5 trusts the metadata of a file: one that was made to attack it can
// still crash the process. Do not open files from people you do not trust.
type File struct {
	handle *handle
	sets   []described

	mu   sync.Mutex // guards open
	open map[string]*Dataset
}

// described is a data set as the file describes it and what was made of that.
type described struct {
	Info
	h5.Description
}

// Open opens the file at path and reads its schema. Errors: those of
// os.Open, source.ErrFormat, source.ErrCorrupt, source.ErrRefused, ErrUnavailable.
func Open(path string) (*File, error) {
	return openWith(path, new(meter), newChunkCache(cacheBytes))
}

func openWith(path string, m *meter, c *chunkCache) (*File, error) {
	if err := checkSignature(path); err != nil {
		return nil, err
	}
	f := &File{handle: &handle{path: path, meter: m, chunks: c}, open: map[string]*Dataset{}}
	_, err := f.handle.file()
	if err == nil {
		_, err = f.handle.library()
	}
	if err != nil {
		err = fmt.Errorf("hdf5: %s: %w", path, err)
	} else {
		err = f.readSchema()
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func openError(err error) error {
	switch {
	case errors.Is(err, ErrUnavailable):
		return err
	case strings.Contains(err.Error(), "unable to lock file"):
		return fmt.Errorf("another program has the file open for writing (if none has, set HDF5_USE_FILE_LOCKING=FALSE): %w", err)
	case strings.Contains(err.Error(), "already open for write"):
		return fmt.Errorf("%w: its writer is still running, or was killed (h5clear -s may save it): %w", source.ErrCorrupt, err)
	}
	return fmt.Errorf("%w, or truncated: %w", source.ErrCorrupt, err)
}

func (f *File) readSchema() error {
	lib, err := f.handle.library()
	if err != nil {
		return fmt.Errorf("hdf5: %s: %w", f.Path(), err)
	}
	objects, err := lib.Objects()
	if errors.Is(err, h5.ErrTooManyObjects) {
		return fmt.Errorf("hdf5: %s: %w: %w", f.Path(), source.ErrRefused, err)
	}
	if err != nil {
		return fmt.Errorf("hdf5: %s: %w: %w", f.Path(), source.ErrCorrupt, err)
	}
	for _, o := range objects {
		switch {
		case o.Link == h5.HardLink && !o.Dataset:
			continue
		case o.Link == h5.HardLink:
			f.sets = append(f.sets, describe(lib, o.Path))
		default:
			f.sets = append(f.sets, described{Info: Info{Name: o.Path, Type: "link", Err: linkError(o.Link)}})
		}
	}
	done, err := f.Attr(completeAttr)
	if errors.Is(err, source.ErrMissing) {
		return nil // only Cascade's writer marks its files
	}
	if err == nil && done == int64(0) {
		err = fmt.Errorf("hdf5: %s: %w: its writer never finished it", f.Path(), source.ErrCorrupt)
	}
	return err
}

func describe(lib *h5.File, name string) described {
	d, err := lib.Describe(name)
	if err != nil {
		return described{Info: Info{Name: name, Type: "unreadable", Err: fmt.Errorf("%w: %w", source.ErrCorrupt, err)}}
	}
	return described{newInfo(name, d), d}
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
func (f *File) Path() string { return f.handle.path }

// Datasets lists the data sets and links of the file, by name, group after
// group. One whose Err is set cannot be opened.
func (f *File) Datasets() []Info {
	var infos []Info
	for _, s := range f.sets {
		infos = append(infos, s.Info)
	}
	return infos
}

// Dataset opens a data set by its path in the file. Errors: source.ErrMissing, and
// those of Info.Err: source.ErrType, source.ErrShape, source.ErrRefused, source.ErrCorrupt.
func (f *File) Dataset(name string) (*Dataset, error) {
	name = strings.Trim(name, "/")
	i := slices.IndexFunc(f.sets, func(s described) bool { return s.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("hdf5: %s: %w: no data set %q; the file has %s", f.Path(), source.ErrMissing, name, f.contents())
	}
	if err := f.sets[i].Err; err != nil {
		return nil, fmt.Errorf("hdf5: %s: data set %q: %w", f.Path(), name, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if ds := f.open[name]; ds != nil {
		return ds, nil
	}
	if f.handle.closed.Load() {
		return nil, fmt.Errorf("hdf5: %s: %w", f.Path(), os.ErrClosed)
	}
	ds, err := openDataset(f, f.sets[i].Info, f.sets[i].Description)
	if err != nil {
		return nil, err
	}
	f.open[name] = ds
	return ds, nil
}

func (f *File) contents() string {
	if len(f.sets) == 0 {
		return "none"
	}
	const most = 20
	var names []string
	for _, s := range f.sets {
		if len(names) == most {
			names = append(names, fmt.Sprintf("and %d more", len(f.sets)-most))
			break
		}
		names = append(names, s.Info.String())
	}
	return strings.Join(names, ", ")
}

// Attr returns an attribute of the file's root group as a string, float64 or
// int64, whatever the width and byte order in the file. Errors: source.ErrMissing, and
// source.ErrType for arrays and other types.
func (f *File) Attr(name string) (any, error) { return f.attr("", name) }

// AttrNames lists the attributes of the root group in alphabetical order.
func (f *File) AttrNames() ([]string, error) { return f.attrNames("") }

func (f *File) attrNames(object string) ([]string, error) {
	lib, err := f.handle.library()
	var names []string
	if err == nil {
		names, err = lib.AttrNames(object)
	}
	if err != nil {
		return nil, fmt.Errorf("hdf5: %s: attributes of %q: %w", f.Path(), "/"+object, corrupt(err))
	}
	return names, nil
}

func (f *File) attr(object, name string) (any, error) {
	lib, err := f.handle.library()
	var v any
	if err == nil {
		v, err = lib.Attr(object, name)
	}
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
		return nil, fmt.Errorf("hdf5: %s: data set %q: attribute %q: %w", f.Path(), object, name, err)
	}
	return nil, fmt.Errorf("hdf5: %s: attribute %q: %w", f.Path(), name, err)
}

// Close closes the file and its data sets. A second call does nothing.
func (f *File) Close() error {
	if err := f.handle.close(); err != nil {
		return fmt.Errorf("hdf5: %s: %w", f.Path(), err)
	}
	return nil
}
